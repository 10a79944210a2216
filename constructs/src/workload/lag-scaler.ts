import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { CustomResource } from '../kubernetes/custom-resource.ts';
import type { LagScaling } from './scaling.ts';

interface LagScalerProps {
  readonly name: string;
  readonly namespace: string;
  readonly scaling: LagScaling;
  readonly deployment: ITerraformDependable;
  readonly bootstrapServers: string;
  readonly group: string;
  readonly topics: readonly string[];
  /** Secret with `user.crt` and `user.key`. */
  readonly certificate: string;
  /** Secret with `ca.crt`. */
  readonly ca: string;
}

/**
 * KEDA's order to keep as many replicas as the unread records need. KEDA asks Kafka as the consumer itself, so Kafka must
 * let KEDA's namespace connect.
 */
export class LagScaler extends Construct {
  readonly authentication: CustomResource;
  readonly scaledObject: CustomResource;

  constructor(scope: Construct, id: string, props: LagScalerProps) {
    super(scope, id);
    const { name, namespace, scaling } = props;
    this.authentication = new CustomResource(this, 'Authentication', {
      apiVersion: 'keda.sh/v1alpha1',
      kind: 'TriggerAuthentication',
      metadata: { name: `${name}-kafka`, namespace },
      spec: {
        secretTargetRef: [
          { parameter: 'ca', name: props.ca, key: 'ca.crt' },
          { parameter: 'cert', name: props.certificate, key: 'user.crt' },
          { parameter: 'key', name: props.certificate, key: 'user.key' },
        ],
      },
    });
    this.scaledObject = new CustomResource(this, 'ScaledObject', {
      apiVersion: 'keda.sh/v1alpha1',
      kind: 'ScaledObject',
      metadata: { name, namespace },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
        minReplicaCount: scaling.min,
        maxReplicaCount: scaling.max,
        cooldownPeriod: scaling.cooldownSeconds ?? 300,
        triggers: props.topics.map((topic) => ({
          type: 'kafka',
          metadata: {
            bootstrapServers: props.bootstrapServers,
            consumerGroup: props.group,
            topic,
            lagThreshold: String(scaling.recordsPerReplica ?? 100),
            tls: 'enable',
          },
          authenticationRef: { name: `${name}-kafka` },
        })),
      },
      dependsOn: [props.deployment, this.authentication],
    });
  }
}
