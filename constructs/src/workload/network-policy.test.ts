import { resource } from '../testing/synth.ts';
import { synthWorkload } from './fixture.ts';
import type { WorkloadProps } from './workload.ts';

const policy = (props: Partial<WorkloadProps> = {}) =>
  resource(synthWorkload(props), 'kubernetes_network_policy_v1').spec;
const namespace = (name: string) => ({ namespace_selector: { match_labels: { 'kubernetes.io/metadata.name': name } } });
const app = (name: string) => ({ pod_selector: { match_labels: { 'app.kubernetes.io/name': name } } });
const tcp = (port: number) => ({ port: String(port), protocol: 'TCP' });
const dns = {
  to: [namespace('kube-system'), { ip_block: { cidr: '169.254.20.10/32' } }],
  ports: [{ port: '53', protocol: 'UDP' }, tcp(53)],
};

test('nothing comes in, and only DNS goes out', () => {
  expect(policy()).toEqual({
    pod_selector: { match_labels: { 'app.kubernetes.io/name': 'api' } },
    policy_types: ['Ingress', 'Egress'],
    egress: [dns],
  });
});

test('callers reach its ports: whole namespaces, or one program', () => {
  const callers = ['traefik', { namespace: 'apps', app: 'web' }];
  expect(policy({ callers, ports: [{ name: 'grpc', port: 9000 }] }).ingress).toEqual([
    { from: [namespace('traefik'), { ...namespace('apps'), ...app('web') }], ports: [tcp(8080), tcp(9000)] },
  ]);
});

test('calls are let out to their port, to all pods of a namespace or to one program', () => {
  const calls = [
    { namespace: 'apps', port: 8080, app: 'nlp' },
    { namespace: 'db', port: 5432 },
  ];
  expect(policy({ calls }).egress).toEqual([
    dns,
    { to: [{ ...namespace('apps'), ...app('nlp') }], ports: [tcp(8080)] },
    { to: [namespace('db')], ports: [tcp(5432)] },
  ]);
});

test('a sidecar reaches its control plane', () => {
  expect(policy({ mesh: 'sidecar' }).egress).toEqual([dns, { to: [namespace('istio-system')], ports: [tcp(15012)] }]);
});

test('a Google identity reaches the metadata server', () => {
  expect(policy({ identityAnnotations: { 'iam.gke.io/gcp-service-account': 'a@example.com' } }).egress).toEqual([
    dns,
    { to: [{ ip_block: { cidr: '169.254.169.252/32' } }], ports: [tcp(988)] },
    { to: [{ ip_block: { cidr: '169.254.169.254/32' } }], ports: [tcp(80)] },
  ]);
});

test('who may call out of the cluster may not call into it by that', () => {
  expect(policy({ egressPorts: [443, 993] }).egress[1]).toEqual({
    to: [
      {
        ip_block: {
          cidr: '0.0.0.0/0',
          except: ['10.0.0.0/8', '100.64.0.0/10', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'],
        },
      },
    ],
    ports: [tcp(443), tcp(993)],
  });
});

test('metrics are read by whom is named, on the port that has them', () => {
  const metrics = { namespaces: ['gmp-system'] };
  const from = [namespace('gmp-system')];
  expect(policy({ metrics }).ingress).toEqual([{ from, ports: [tcp(8080)] }]);
  expect(policy({ metrics, mesh: 'sidecar' }).ingress).toEqual([{ from, ports: [tcp(15020)] }]);
  expect(policy({ metrics: { ...metrics, port: 9090 } }).ingress).toEqual([{ from, ports: [tcp(9090)] }]);
});

test.each([
  [{ calls: [{ namespace: 'a', port: 0 }] }, 'calls.port must be 1-65535, got 0'],
  [{ egressPorts: [70000] }, 'egressPorts must be 1-65535, got 70000'],
  [{ egressPorts: [443, 443] }, 'egressPorts must not repeat an entry, got 443'],
  [{ callers: ['a', 'a'] }, 'callers must not repeat an entry, got "\\"a\\""'],
  [{ metrics: { namespaces: [] } }, 'metrics.namespaces must have at least 1 entries, got 0'],
] satisfies [Partial<WorkloadProps>, string][])('%j is refused', (props, message) => {
  expect(() => synthWorkload(props)).toThrow(new Error(`prod/Api: ${message}`));
});
