import { Lazy } from 'cdktf';
import { Construct } from 'constructs';
import { CustomResource } from '../kubernetes/custom-resource.ts';
import { pattern, refuse } from '../validation.ts';
import type { Acl, IKafkaGrantee, IKafkaTopic } from './grants.ts';
import type { IKafkaCluster } from './kafka-cluster.ts';
import { knownTopics } from './known-topics.ts';
import { CLUSTER_LABEL, clusterPath, STRIMZI_API, sameCluster } from './strimzi.ts';

const userName = {
  // The common name of a certificate has 64 characters at most (RFC 5280).
  regex: /^[a-z0-9]([-a-z0-9.]{0,62}[a-z0-9])?$/,
  means: '1-64 lower-case letters, digits, hyphens or dots, starting and ending with a letter or digit',
};
const groupName = { regex: /^[a-zA-Z0-9._-]{1,255}$/, means: '1-255 letters, digits, dots, hyphens or underscores' };

export interface KafkaUserProps {
  readonly cluster: IKafkaCluster;
  /** Common name of its certificate, and name of the Secret that holds it: 1-64 characters. */
  readonly userName: string;
}

/**
 * An identity in Kafka: a certificate that Strimzi issues and renews, and the rights it was granted by topics. It lives in
 * Kafka's namespace, the only one that the User Operator watches.
 */
export class KafkaUser extends Construct implements IKafkaGrantee {
  readonly userName: string;
  readonly cluster: IKafkaCluster;
  /** Secret with `user.crt` and `user.key`, in Kafka's namespace. */
  readonly secretName: string;
  /** The KafkaUser resource, for `manifest.addOverride`. */
  readonly resource: CustomResource;
  private readonly acls = new Map<string, Acl>();
  private readonly topics = new Map<string, IKafkaTopic>();

  constructor(scope: Construct, id: string, props: KafkaUserProps) {
    super(scope, id);
    const { cluster } = props;
    this.cluster = cluster;
    this.userName = pattern(this, 'userName', props.userName, userName);
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
    this.node.addValidation({ validate: () => [...this.withoutRights(), ...this.missingTopics()] });
  }

  /** Topics call it: `topic.grantProduce(user)`. */
  addAcl(acl: Acl, topic: IKafkaTopic): void {
    if (topic.cluster && !sameCluster(topic.cluster, this.cluster)) {
      const theirs = `${topic.topicName} of ${clusterPath(topic.cluster)}`;
      refuse(this, 'topic', `must be of the user's Kafka cluster ${clusterPath(this.cluster)}`, theirs);
    }
    const { type, name } = acl.resource;
    if (type === 'group') pattern(this, 'group', name, groupName);
    else this.topics.set(name, topic);
    const key = `${type}/${name}`;
    const operations = [...new Set([...(this.acls.get(key)?.operations ?? []), ...acl.operations])].sort();
    this.acls.set(key, { ...acl, operations });
  }

  /** Every right that it was granted, in a stable order. */
  get grantedAcls(): Acl[] {
    return [...this.acls].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, acl]) => acl);
  }

  private withoutRights(): string[] {
    if (this.acls.size > 0) return [];
    return [
      `${this.node.path}: KafkaUser ${this.userName} has no rights: grant it a topic with grantProduce or grantConsume, or remove it`,
    ];
  }

  /** Kafka takes a right on a topic that is not there, and the program waits for it without a word. */
  private missingTopics(): string[] {
    const known = knownTopics(this, this.cluster);
    if (known === undefined) return [];
    return [...this.topics.keys()]
      .filter((name) => !known.includes(name))
      .sort()
      .map(
        (name) =>
          `${this.node.path}: KafkaUser ${this.userName} is granted topic ${JSON.stringify(name)}, which does not exist in ${clusterPath(this.cluster)} (topics: ${known.join(', ') || 'none'})`,
      );
  }
}
