import { Construct } from 'constructs';
import { CustomResource } from '../kubernetes/custom-resource.ts';
import { ensure } from '../validation.ts';

/** Where Secrets are read from: exactly one. */
export type SecretSource =
  /** Secrets of another namespace of the same cluster. */
  | { readonly kubernetes: KubernetesSource }
  /** Google's Secret Manager. */
  | { readonly secretManager: SecretManagerSource };

export interface KubernetesSource {
  /** The namespace that is read. */
  readonly namespace: string;
  /**
   * A service account in the store's own namespace, as whom it reads. Its role should name the Secrets one by one: what it
   * may read, everyone may who can write an ExternalSecret here.
   */
  readonly serviceAccount: string;
}

export interface SecretManagerSource {
  readonly project: string;
  /** Reads secrets of one region. @default secrets that Google replicates itself */
  readonly location?: string;
  /** A service account in the store's own namespace, bound to a Google identity by Workload Identity. */
  readonly serviceAccount: string;
  /** The cluster whose identities are meant. @default read from the metadata server of the nodes */
  readonly cluster?: { readonly name: string; readonly location: string; readonly project?: string };
}

export interface SecretStoreProps {
  readonly name: string;
  /** ExternalSecrets of this namespace may use it, and no others. */
  readonly namespace: string;
  readonly source: SecretSource;
}

/** A place that ExternalSecrets of its namespace read from. */
export class SecretStore extends Construct {
  readonly name: string;
  readonly namespace: string;
  readonly resource: CustomResource;

  constructor(scope: Construct, id: string, props: SecretStoreProps) {
    super(scope, id);
    this.name = props.name;
    this.namespace = props.namespace;
    const { source } = props;
    if ('kubernetes' in source)
      ensure(
        this,
        source.kubernetes.namespace !== props.namespace,
        'source.kubernetes.namespace',
        "must be another than the store's own",
        source.kubernetes.namespace,
      );
    this.resource = new CustomResource(this, 'Resource', {
      apiVersion: 'external-secrets.io/v1',
      kind: 'SecretStore',
      metadata: { name: props.name, namespace: props.namespace },
      spec: { provider: 'kubernetes' in source ? kubernetes(source.kubernetes) : secretManager(source.secretManager) },
    });
  }
}

const kubernetes = ({ namespace, serviceAccount }: KubernetesSource) => ({
  kubernetes: {
    remoteNamespace: namespace,
    server: {
      url: 'kubernetes.default',
      // Kubernetes puts this ConfigMap into every namespace
      caProvider: { type: 'ConfigMap', name: 'kube-root-ca.crt', key: 'ca.crt' },
    },
    auth: { serviceAccount: { name: serviceAccount } },
  },
});

const secretManager = ({ project, location, serviceAccount, cluster }: SecretManagerSource) => ({
  gcpsm: {
    projectID: project,
    secretVersionSelectionPolicy: 'LatestOrFail',
    ...(location === undefined ? {} : { location }),
    auth: {
      workloadIdentity: {
        serviceAccountRef: { name: serviceAccount },
        ...(cluster === undefined
          ? {}
          : {
              clusterName: cluster.name,
              clusterLocation: cluster.location,
              clusterProjectID: cluster.project ?? project,
            }),
      },
    },
  },
});
