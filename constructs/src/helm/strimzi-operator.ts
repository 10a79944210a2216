import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { distinct, length, range } from '../validation.ts';
import { deepMerge } from '../values/deep-merge.ts';
import { podPlacement } from '../values/placement.ts';
import { type ContainerResources, containerResources } from '../values/quantity.ts';
import { strimziFootprint } from './footprints/strimzi.ts';
import { type AddOnOptions, HelmInstall } from './helm-install.ts';

export interface StrimziOperatorOptions extends AddOnOptions {
  /**
   * Namespaces whose Kafka resources it looks after, at least one. Each must exist before the install, which writes role
   * bindings into it: name those that Terraform makes in `dependsOn`, unless their names here are references.
   */
  readonly watchNamespaces: readonly string[];
  /** Pods, 1-3. One leads, the others wait. @default 1: brokers go on without an operator, only changes wait */
  readonly replicas?: number;
  /** @default requests 200m and 384Mi, limits 1 CPU and 384Mi, the chart's own */
  readonly resources?: ContainerResources;
  /** Strimzi's feature gates on (`true`) or off (`false`). @default the release's own choice */
  readonly featureGates?: Readonly<Record<string, boolean>>;
}

/** Strimzi's cluster operator with its CRDs: what KafkaCluster, KafkaTopic and KafkaUser need to exist. */
export class StrimziOperator extends Construct implements ITerraformDependable {
  readonly install: HelmInstall;

  constructor(scope: Construct, id: string, props: StrimziOperatorOptions) {
    super(scope, id);
    const namespaces = length(this, 'watchNamespaces', props.watchNamespaces, { min: 1 });
    distinct(this, 'watchNamespaces', namespaces);
    const replicas = range(this, 'replicas', props.replicas ?? 1, { min: 1, max: 3 });
    const resources = containerResources(
      this,
      'resources',
      props.resources ?? {
        requests: { cpu: '200m', memory: '384Mi' },
        limits: { cpu: '1000m', memory: '384Mi' },
      },
    );
    const gates = Object.entries(props.featureGates ?? {}).map(([gate, on]) => `${on ? '+' : '-'}${gate}`);

    this.install = new HelmInstall(this, 'Chart', {
      ...props,
      chart: 'strimzi-kafka-operator',
      releaseName: 'strimzi',
      defaults: deepMerge(
        {
          watchNamespaces: [...namespaces],
          replicas,
          resources,
          featureGates: gates.join(','),
          // with one pod a budget would only block the drain of its node
          podDisruptionBudget: { enabled: replicas > 1 },
        },
        podPlacement(props.placement),
      ),
      footprint: strimziFootprint,
    });
  }

  get release() {
    return this.install.release;
  }

  get fqn(): string {
    return this.install.fqn;
  }
}
