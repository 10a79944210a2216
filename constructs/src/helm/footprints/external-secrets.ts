import type { Values } from '../../values/deep-merge.ts';
import { charts } from '../charts.ts';
import type { Footprint, FootprintWorkload } from '../footprint.ts';
import { crdNames, flagAt, footprintOf, numberAt, placementAt, resourcesAt } from './read.ts';

const key = 'external-secrets';

/** The webhook's own port, 10250, needs no firewall rule: GKE opens it for the kubelet. */
const webhookPort = 10250;

export function externalSecretsFootprint(values: Values = {}): Footprint {
  const image = `ghcr.io/external-secrets/external-secrets:${charts[key].appVersion}`;
  const ready = { name: 'ready', containerPort: 8081 };
  const metrics = { name: 'metrics', containerPort: 8080 };

  /** @param path where the component's settings lie; the controller's are at the root */
  const component = (suffix: string, container: string, ports: (typeof ready)[], path: string[]): FootprintWorkload => {
    const own = placementAt(values, path);
    const shared = placementAt(values, ['global']);
    return {
      kind: 'Deployment',
      name: `external-secrets${suffix}`,
      replicas: numberAt(values, 1, ...path, 'replicaCount'),
      labels: {
        'app.kubernetes.io/name': `external-secrets${suffix}`,
        'app.kubernetes.io/instance': 'external-secrets',
      },
      serviceAccount: `external-secrets${suffix}`,
      containers: [{ name: container, image, ...resourcesAt(values, {}, ...path, 'resources'), ports }],
      ...shared,
      ...own,
    };
  };

  const webhook = component(
    '-webhook',
    'webhook',
    [metrics, { name: 'webhook', containerPort: webhookPort }, ready],
    ['webhook'],
  );
  return footprintOf(key, {
    workloads: [
      component('-cert-controller', 'cert-controller', [metrics, ready], ['certController']),
      component('', 'external-secrets', [metrics], []),
      webhook,
    ],
    services: [
      {
        name: webhook.name,
        type: 'ClusterIP',
        selector: webhook.labels,
        ports: [{ name: 'webhook', port: 443, targetPort: 'webhook', protocol: 'TCP' }],
      },
    ],
    crds: flagAt(values, true, 'installCRDs')
      ? [
          ...crdNames(
            'external-secrets.io',
            'clusterexternalsecrets',
            'clusterpushsecrets',
            'clustersecretstores',
            'externalsecrets',
            'pushsecrets',
            'secretstores',
          ),
          ...crdNames(
            'generators.external-secrets.io',
            'acraccesstokens',
            'beyondtrustworkloadcredentialsdynamicsecrets',
            'cloudsmithaccesstokens',
            'clustergenerators',
            'ecrauthorizationtokens',
            'fakes',
            'gcraccesstokens',
            'generatorstates',
            'githubaccesstokens',
            'gitlabdeploytokens',
            'grafanas',
            'mfas',
            'passwords',
            'quayaccesstokens',
            'sshkeys',
            'stssessiontokens',
            'uuids',
            'vaultdynamicsecrets',
            'webhooks',
          ),
        ]
      : [],
  });
}
