import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { range } from '../validation.ts';
import { podPlacement } from '../values/placement.ts';
import { type ContainerResources, containerResources } from '../values/quantity.ts';
import { externalSecretsFootprint } from './footprints/external-secrets.ts';
import { type AddOnOptions, HelmInstall } from './helm-install.ts';

export interface ExternalSecretsOptions extends AddOnOptions {
  /** Pods of the controller and of the webhook each, 1-3. @default 1: Secrets that exist stay; only their refresh waits */
  readonly replicas?: number;
  /** Each component's resources. @default see each */
  readonly resources?: {
    /** @default requests 50m and 128Mi, limit 256Mi: it caches the Secrets it manages */
    readonly controller?: ContainerResources;
    /** @default requests 20m and 64Mi, limit 128Mi */
    readonly webhook?: ContainerResources;
    /** @default requests 20m and 64Mi, limit 128Mi */
    readonly certController?: ContainerResources;
  };
  /**
   * Email of the Google service account that the controller acts as by Workload Identity, where stores do not name one of
   * their own. @default none, which is safer: each store then reaches only what its own service account may
   */
  readonly googleServiceAccount?: string;
  /**
   * Whether the CRDs outlive the release. Without it an uninstall deletes every ExternalSecret in the cluster, and with
   * them the Secrets they own. @default true
   */
  readonly keepCrds?: boolean;
}

const small: ContainerResources = {
  requests: { cpu: '20m', memory: '64Mi' },
  limits: { memory: '128Mi' },
};

/** External Secrets with its CRDs: it copies Secrets between namespaces, and makes passwords that no state ever holds. */
export class ExternalSecrets extends Construct implements ITerraformDependable {
  readonly install: HelmInstall;

  constructor(scope: Construct, id: string, props: ExternalSecretsOptions) {
    super(scope, id);
    const replicas = range(this, 'replicas', props.replicas ?? 1, { min: 1, max: 3 });
    const resources = (component: 'controller' | 'webhook' | 'certController', fallback: ContainerResources) =>
      containerResources(this, `resources.${component}`, props.resources?.[component] ?? fallback);

    this.install = new HelmInstall(this, 'Chart', {
      ...props,
      chart: 'external-secrets',
      defaults: {
        installCRDs: true,
        ...(props.keepCrds === false ? {} : { crds: { annotations: { 'helm.sh/resource-policy': 'keep' } } }),
        replicaCount: replicas,
        leaderElect: replicas > 1,
        podDisruptionBudget: { enabled: replicas > 1 },
        resources: resources('controller', {
          requests: { cpu: '50m', memory: '128Mi' },
          limits: { memory: '256Mi' },
        }),
        webhook: {
          replicaCount: replicas,
          podDisruptionBudget: { enabled: replicas > 1 },
          resources: resources('webhook', small),
        },
        certController: { resources: resources('certController', small) },
        ...(props.googleServiceAccount === undefined
          ? {}
          : { serviceAccount: { annotations: { 'iam.gke.io/gcp-service-account': props.googleServiceAccount } } }),
        // one setting reaches all three components
        global: podPlacement(props.placement),
      },
      footprint: externalSecretsFootprint,
    });
  }

  get release() {
    return this.install.release;
  }

  get fqn(): string {
    return this.install.fqn;
  }
}
