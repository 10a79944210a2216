import type { Values } from '../../values/deep-merge.ts';
import { charts } from '../charts.ts';
import type { Footprint, FootprintService } from '../footprint.ts';
import { crdNames, flagAt, footprintOf, placementAt, replicasAt, resourcesAt, textAt } from './read.ts';

/** Where the injector, the validator and the injection of gateways are served, on istiod's pods. */
const istiodWebhookPort = 15017;

const image = (values: Values, name: string): string =>
  `${textAt(values, 'registry.istio.io/release', 'global', 'hub')}/${name}:${textAt(values, charts.istiod.version, 'global', 'tag')}`;

/** No pods: the APIs, and a validating webhook that istiod serves. */
export function istioBaseFootprint(): Footprint {
  return footprintOf('istio-base', {
    crds: [
      ...crdNames('extensions.istio.io', 'trafficextensions', 'wasmplugins'),
      ...crdNames(
        'networking.istio.io',
        'destinationrules',
        'envoyfilters',
        'gateways',
        'proxyconfigs',
        'serviceentries',
        'sidecars',
        'virtualservices',
        'workloadentries',
        'workloadgroups',
      ),
      ...crdNames('security.istio.io', 'authorizationpolicies', 'peerauthentications', 'requestauthentications'),
      'telemetries.telemetry.istio.io',
    ],
    webhookPorts: [istiodWebhookPort],
  });
}

/** One pod on every node, tainted ones included: it prepares a pod's network so that the pod needs no privilege. */
export function istioCniFootprint(values: Values = {}): Footprint {
  return footprintOf('istio-cni', {
    workloads: [
      {
        kind: 'DaemonSet',
        name: 'istio-cni-node',
        replicas: 1,
        labels: { 'k8s-app': 'istio-cni-node' },
        serviceAccount: 'istio-cni',
        containers: [
          {
            name: 'install-cni',
            image: image(values, 'install-cni'),
            ...resourcesAt(values, { requests: { cpu: '100m', memory: '100Mi' } }, 'resources'),
            ports: [{ name: 'metrics', containerPort: 15014 }],
          },
        ],
        nodeSelector: { 'kubernetes.io/os': 'linux' },
        tolerations: [
          { effect: 'NoSchedule', operator: 'Exists' },
          { key: 'CriticalAddonsOnly', operator: 'Exists' },
          { effect: 'NoExecute', operator: 'Exists' },
        ],
      },
    ],
  });
}

export function istiodFootprint(values: Values = {}): Footprint {
  return footprintOf('istiod', {
    workloads: [
      {
        kind: 'Deployment',
        name: 'istiod',
        replicas: replicasAt(
          values,
          { on: flagAt(values, true, 'autoscaleEnabled'), min: ['autoscaleMin'], defaultMin: 1 },
          'replicaCount',
        ),
        labels: { istio: 'pilot', app: 'istiod' },
        serviceAccount: 'istiod',
        containers: [
          {
            name: 'discovery',
            image: image(values, 'pilot'),
            ...resourcesAt(values, { requests: { cpu: '500m', memory: '2048Mi' } }, 'resources'),
            ports: [
              { name: 'http-debug', containerPort: 8080 },
              { name: 'grpc-xds', containerPort: 15010 },
              { name: 'tls-xds', containerPort: 15012 },
              { name: 'https-webhooks', containerPort: istiodWebhookPort },
              { name: 'http-monitoring', containerPort: 15014 },
            ],
          },
        ],
        ...placementAt(values, [], [{ key: 'cni.istio.io/not-ready', operator: 'Exists' }]),
      },
    ],
    services: [
      {
        name: 'istiod',
        type: 'ClusterIP',
        selector: { app: 'istiod', istio: 'pilot' },
        ports: [
          { name: 'grpc-xds', port: 15010, targetPort: 15010, protocol: 'TCP' },
          { name: 'https-dns', port: 15012, targetPort: 15012, protocol: 'TCP' },
          { name: 'https-webhook', port: 443, targetPort: istiodWebhookPort, protocol: 'TCP' },
          { name: 'http-monitoring', port: 15014, targetPort: 15014, protocol: 'TCP' },
        ],
      },
    ],
    webhookPorts: [istiodWebhookPort],
  });
}

/** @param release the chart names everything after its release, and cuts a leading `istio-` for the label `istio` */
export function istioGatewayFootprint(values: Values = {}, release = 'istio-gateway'): Footprint {
  const labels = { app: release, istio: release.replace(/^istio-/, '') };
  return footprintOf('istio-gateway', {
    workloads: [
      {
        kind: 'Deployment',
        name: release,
        replicas: replicasAt(
          values,
          {
            on: flagAt(values, true, 'autoscaling', 'enabled'),
            min: ['autoscaling', 'minReplicas'],
            defaultMin: 1,
          },
          'replicaCount',
        ),
        labels,
        serviceAccount: release,
        containers: [
          {
            name: 'istio-proxy',
            // the injector replaces this literal: the pod cannot start before istiod serves
            image: 'auto',
            ...resourcesAt(
              values,
              { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '2000m', memory: '1024Mi' } },
              'resources',
            ),
            ports: [{ name: 'http-envoy-prom', containerPort: 15090 }],
          },
        ],
        ...placementAt(values),
      },
    ],
    services: [
      {
        name: release,
        type: textAt(values, 'LoadBalancer', 'service', 'type') as FootprintService['type'],
        selector: labels,
        ports: [
          { name: 'status-port', port: 15021, targetPort: 15021, protocol: 'TCP' },
          { name: 'http2', port: 80, targetPort: 80, protocol: 'TCP' },
          { name: 'https', port: 443, targetPort: 443, protocol: 'TCP' },
        ],
      },
    ],
  });
}
