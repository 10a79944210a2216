import type { Values } from '../../values/deep-merge.ts';
import { charts } from '../charts.ts';
import type { Footprint } from '../footprint.ts';
import { crdNames, footprintOf, numberAt, placementAt, resourcesAt, textAt } from './read.ts';

const key = 'strimzi-kafka-operator';

/** The operator alone: brokers and entity operators come from custom resources. */
export function strimziFootprint(values: Values = {}): Footprint {
  const name = 'strimzi-cluster-operator';
  return footprintOf(key, {
    workloads: [
      {
        kind: 'Deployment',
        name,
        replicas: numberAt(values, 1, 'replicas'),
        labels: { name, 'strimzi.io/kind': 'cluster-operator' },
        serviceAccount: textAt(values, name, 'serviceAccount'),
        containers: [
          {
            name,
            image: `quay.io/strimzi/operator:${charts[key].appVersion}`,
            ...resourcesAt(
              values,
              { requests: { cpu: '200m', memory: '384Mi' }, limits: { cpu: '1000m', memory: '384Mi' } },
              'resources',
            ),
            ports: [{ name: 'http', containerPort: 8080 }],
          },
        ],
        ...placementAt(values),
      },
    ],
    crds: [
      ...crdNames(
        'kafka.strimzi.io',
        'kafkabridges',
        'kafkaconnectors',
        'kafkaconnects',
        'kafkamirrormaker2s',
        'kafkanodepools',
        'kafkarebalances',
        'kafkas',
        'kafkatopics',
        'kafkausers',
      ),
      'strimzipodsets.core.strimzi.io',
    ],
  });
}
