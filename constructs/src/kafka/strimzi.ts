import { Token } from 'cdktf';

/** API of Strimzi 1.x; older versions were removed with 1.0. */
export const STRIMZI_API = 'kafka.strimzi.io/v1';

/** By this label topics, users and node pools belong to a Kafka. */
export const CLUSTER_LABEL = 'strimzi.io/cluster';

/** Kafka versions that Strimzi 1.2 runs. Source: STRIMZI_KAFKA_IMAGES in the operator's chart. */
export const KAFKA_VERSIONS = ['4.2.0', '4.2.1', '4.3.0', '4.3.1'] as const;
export type KafkaVersion = (typeof KAFKA_VERSIONS)[number];

/** The one listener: TLS, and every client shows a certificate. Strimzi keeps 9090-9091 for itself. */
export const LISTENER = { name: 'tls', port: 9093 } as const;

/** The Secret whose `ca.crt` signs the brokers' certificates. */
export const clusterCaSecret = (clusterName: string): string => `${clusterName}-cluster-ca-cert`;

export const bootstrapServers = (clusterName: string, namespace: string): string =>
  `${clusterName}-kafka-bootstrap.${namespace}.svc:${LISTENER.port}`;

interface Named {
  readonly clusterName: string;
  readonly namespace: string;
}

/** How messages name a cluster. */
export const clusterPath = ({ clusterName, namespace }: Named): string =>
  Token.isUnresolved(namespace) ? clusterName : `${namespace}/${clusterName}`;

/** Whether both mean one cluster, as far as that can be told: a namespace may be a reference to what makes it. */
export const sameCluster = (one: Named, other: Named): boolean =>
  one.clusterName === other.clusterName &&
  (one.namespace === other.namespace || Token.isUnresolved(one.namespace) || Token.isUnresolved(other.namespace));
