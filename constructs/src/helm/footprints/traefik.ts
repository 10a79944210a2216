import type { Values } from '../../values/deep-merge.ts';
import { charts } from '../charts.ts';
import type { Footprint, FootprintService } from '../footprint.ts';
import { crdNames, flagAt, footprintOf, placementAt, replicasAt, resourcesAt, textAt } from './read.ts';

const key = 'traefik';

/**
 * @param namespace part of the label that tells releases apart
 */
export function traefikFootprint(values: Values = {}, namespace = 'traefik'): Footprint {
  const labels = { 'app.kubernetes.io/name': 'traefik', 'app.kubernetes.io/instance': `traefik-${namespace}` };
  const metrics: FootprintService = {
    name: 'traefik-metrics',
    type: 'ClusterIP',
    selector: labels,
    ports: [{ name: 'metrics', port: 9100, targetPort: 'metrics', protocol: 'TCP' }],
  };
  const entry: FootprintService = {
    name: 'traefik',
    type: textAt(values, 'LoadBalancer', 'service', 'spec', 'type') as FootprintService['type'],
    selector: labels,
    ports: [
      { name: 'web', port: 80, targetPort: 'web', protocol: 'TCP' },
      { name: 'websecure', port: 443, targetPort: 'websecure', protocol: 'TCP' },
    ],
  };
  return footprintOf(key, {
    workloads: [
      {
        kind: 'Deployment',
        name: 'traefik',
        replicas: replicasAt(
          values,
          {
            on: flagAt(values, false, 'autoscaling', 'enabled'),
            min: ['autoscaling', 'minReplicas'],
            defaultMin: 1,
          },
          'deployment',
          'replicas',
        ),
        labels,
        serviceAccount: 'traefik',
        containers: [
          {
            name: 'traefik',
            image: `docker.io/traefik:${charts[key].appVersion}`,
            ...resourcesAt(values, {}, 'resources'),
            ports: [
              { name: 'metrics', containerPort: 9100 },
              { name: 'traefik', containerPort: 8080 },
              { name: 'web', containerPort: 8000 },
              { name: 'websecure', containerPort: 8443 },
            ],
          },
        ],
        ...placementAt(values),
      },
    ],
    services: [
      ...(flagAt(values, false, 'metrics', 'prometheus', 'service', 'enabled') ? [metrics] : []),
      ...(flagAt(values, true, 'service', 'enabled') ? [entry] : []),
    ],
    // the folder also brings those of the paid edition, which nothing here uses
    crds: [
      ...crdNames(
        'hub.traefik.io',
        'accesscontrolpolicies',
        'aiservices',
        'apiauths',
        'apibundles',
        'apicatalogitems',
        'apiplans',
        'apiportalauths',
        'apiportals',
        'apiratelimits',
        'apis',
        'apiversions',
        'contentitems',
        'managedapplications',
        'managedsubscriptions',
        'uplinks',
      ),
      ...crdNames(
        'traefik.io',
        'ingressroutes',
        'ingressroutetcps',
        'ingressrouteudps',
        'middlewares',
        'middlewaretcps',
        'serverstransports',
        'serverstransporttcps',
        'tlsoptions',
        'tlsstores',
        'traefikservices',
      ),
    ],
  });
}
