import type { Look } from './look.ts';
import { loadBalancerProblems, topicGrantProblems } from './platform-rules.ts';

const service = (namespace: string, name: string, type: string) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { namespace, name },
  spec: { type },
});
const look = (services: Look['services']): Look => ({
  nodes: [],
  pods: [],
  secrets: [],
  configMaps: [],
  claims: [],
  storageClasses: [],
  services,
});

test('one load balancer is fine', () => {
  const services = [service('traefik', 'traefik', 'LoadBalancer'), service('apps', 'api', 'ClusterIP')];
  expect(loadBalancerProblems(look(services))).toEqual([]);
});

test('a second load balancer is refused, naming both', () => {
  const services = [service('traefik', 'traefik', 'LoadBalancer'), service('apps', 'api', 'LoadBalancer')];
  expect(loadBalancerProblems(look(services)).map((problem) => problem.message)).toEqual([
    'is one of 2 Services of type LoadBalancer (apps/api, traefik/traefik); an environment has one',
  ]);
});

const labels = { 'strimzi.io/cluster': 'events' };
const user = (topic: string, patternType = 'literal') => ({
  apiVersion: 'kafka.strimzi.io/v1',
  kind: 'KafkaUser',
  metadata: { namespace: 'kafka', name: 'producer', labels },
  spec: { authorization: { acls: [{ resource: { type: 'topic', name: topic, patternType } }] } },
});
const topic = {
  apiVersion: 'kafka.strimzi.io/v1',
  kind: 'KafkaTopic',
  metadata: { namespace: 'kafka', name: 'mail', labels },
};

test('a grant on a topic that does not exist names the topics that do', () => {
  expect(topicGrantProblems([user('mial')], [topic])).toMatchObject([
    {
      path: 'kafka/KafkaUser/producer',
      message: 'is granted topic mial, which does not exist (topics: mail)',
    },
  ]);
});

test.each([
  ['mail', 'literal'],
  ['ma', 'prefix'],
  ['*', 'literal'],
])('a grant on %s (%s) is fine', (name, pattern) => {
  expect(topicGrantProblems([user(name, pattern)], [topic])).toEqual([]);
});
