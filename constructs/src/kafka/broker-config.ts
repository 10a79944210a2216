import type { IConstruct } from 'constructs';
import { ensure } from '../validation.ts';

/** Settings with a prop of their own, which also checks them. */
const PROPS: Readonly<Record<string, string>> = {
  'default.replication.factor': 'replicationFactor',
  'min.insync.replicas': 'minInsyncReplicas',
  'broker.rack': 'rackAwareness',
};

/** Prefixes that Strimzi keeps for itself. Source: the `config` of KafkaClusterSpec in its API reference. */
const RESERVED = [
  'advertised.',
  'authorizer.',
  'broker.',
  'controller',
  'cruise.control.metrics.reporter.bootstrap.',
  'cruise.control.metrics.topic',
  'host.name',
  'inter.broker.listener.name',
  'listener.',
  'listeners',
  'log.dir',
  'metadata.log.dir',
  'node.id',
  'password.',
  'port',
  'process.roles',
  'sasl.',
  'security.',
  'ssl.',
  'super.user',
  'zookeeper.',
];
/** What Strimzi lets through all the same. */
const EXCEPTIONS = [
  'broker.session.timeout.ms',
  'broker.heartbeat.interval.ms',
  'controller.quorum.election.backoff.max.ms',
  'controller.quorum.election.timeout.ms',
  'controller.quorum.fetch.timeout.ms',
  'sasl.server.max.receive.size',
  'ssl.cipher.suites',
  'ssl.protocol',
  'ssl.enabled.protocols',
];

/** The operator drops what it reserves with a line in its log only, so it is refused here. */
export function checkBrokerConfig(scope: IConstruct, config: Readonly<Record<string, unknown>>): void {
  for (const setting of Object.keys(config)) {
    const prop = PROPS[setting];
    ensure(scope, prop === undefined, `config.${setting}`, `is set by the prop ${prop}`);
    const reserved = !EXCEPTIONS.includes(setting) && RESERVED.some((prefix) => setting.startsWith(prefix));
    ensure(scope, !reserved, `config.${setting}`, 'is decided by Strimzi and would be ignored');
  }
}
