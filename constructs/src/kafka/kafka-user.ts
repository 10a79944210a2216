import { Lazy } from 'cdktf';
import { Construct } from 'constructs';
import { CustomResource, resourceName } from '../kubernetes/custom-resource.ts';
import { pattern } from '../validation.ts';
import { CLUSTER_LABEL, type IKafkaCluster, STRIMZI_API } from './kafka-cluster.ts';
import type { Acl, IKafkaGrantee } from './kafka-topic.ts';

export interface KafkaUserProps {
  readonly cluster: IKafkaCluster;
  /** Common name of its certificate, and name of the Secret that holds it. */
  readonly userName: string;
}

/**
 * An identity in Kafka: a certificate that Strimzi issues and renews, and the rights it was granted by topics. It lives in
 * Kafka's namespace, the only one that the User Operator watches.
 */
export class KafkaUser extends Construct implements IKafkaGrantee {
  readonly userName: string;
  /** Secret with `user.crt` and `user.key`, in Kafka's namespace. */
  readonly secretName: string;
  readonly resource: CustomResource;
  private readonly acls = new Map<string, Acl>();

  constructor(scope: Construct, id: string, props: KafkaUserProps) {
    super(scope, id);
    const { cluster } = props;
    this.userName = pattern(this, 'userName', props.userName, resourceName);
    this.secretName = this.userName;
    this.resource = new CustomResource(this, 'Resource', {
      apiVersion: STRIMZI_API,
      kind: 'KafkaUser',
      metadata: { name: this.userName, namespace: cluster.namespace, labels: { [CLUSTER_LABEL]: cluster.clusterName } },
      spec: {
        authentication: { type: 'tls' },
        // Grants may come after the user; what counts is what there is at synthesis.
        authorization: { type: 'simple', acls: Lazy.anyValue({ produce: () => this.grantedAcls }) },
      },
      waitFor: [{ type: 'Ready', status: 'True' }],
      dependsOn: cluster.dependable ? [cluster.dependable] : undefined,
    });
    this.node.addValidation({
      validate: () =>
        this.acls.size > 0
          ? []
          : [
              `${this.node.path}: grants must not be empty: grant a topic with grantProduce or grantConsume, or remove the user`,
            ],
    });
  }

  /** Adds one rule; the same rule twice is one. Topics call it: `topic.grantProduce(user)`. */
  addAcl(acl: Acl): void {
    const { type, name } = acl.resource;
    const key = `${type}/${name}`;
    const operations = [...new Set([...(this.acls.get(key)?.operations ?? []), ...acl.operations])];
    this.acls.set(key, { ...acl, operations });
  }

  /** Every right that it was granted, in a stable order. */
  get grantedAcls(): Acl[] {
    return [...this.acls].sort(([a], [b]) => a.localeCompare(b)).map(([, acl]) => acl);
  }
}
