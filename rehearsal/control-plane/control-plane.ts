import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { KubeClient, writeKubeconfig } from '../kubernetes-client/index.ts';
import { createPki } from './pki.ts';
import {
  logTail,
  type RecordedProcess,
  type ServiceProcess,
  startService,
  stopProcesses,
  stopRecorded,
} from './processes.ts';
import { KWOK_STAGES } from './stages.ts';

export const CONTROL_PLANE_TOOLS = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kwok',
] as const;
export type ControlPlaneTool = (typeof CONTROL_PLANE_TOOLS)[number];

export interface ControlPlaneOptions {
  /** Everything is kept here (mode 0700); its former contents are removed, its recorded processes ended. */
  directory: string;
  /** Where the binaries are; what acquireTools returns. */
  tools: Record<ControlPlaneTool, { path: string }>;
  /** Aborting it ends the start and what was started. */
  signal?: AbortSignal;
  progress?: (message: string) => void;
  /** e.g. `1.36`: the start fails when the API server is of another minor version. @default any */
  kubernetesVersion?: string;
  /** Name of the kubeconfig's context. @default `rehearsal` */
  contextName?: string;
  /** Service addresses. @default `10.96.0.0/16` */
  serviceCidr?: string;
  /** Pod addresses. @default `10.244.0.0/16` */
  podCidr?: string;
  /** Seconds until the API server must be ready. @default 120 */
  timeoutSeconds?: number;
}

export interface ControlPlane {
  directory: string;
  contextName: string;
  /** `https://127.0.0.1:<port>` */
  server: string;
  /** `127.0.0.1:<port>` */
  endpoint: string;
  /** Bearer token of a cluster administrator. Secret: never into argv, logs or reports. */
  token: string;
  caFile: string;
  caPem: string;
  /** Path of a kubeconfig with one context. */
  kubeconfig: string;
  client: KubeClient;
  /** Version the API server reports, e.g. `v1.36.1`. */
  version: string;
  processes: RecordedProcess[];
  stop(): Promise<void>;
}

const ADMIN = 'plinth-admin';
/** Attempts when somebody else takes the port between our look and the API server's start. */
const PORT_ATTEMPTS = 3;

/** etcd, API server, controller manager, scheduler and KWOK as processes of this machine, reachable on loopback only. */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const { directory, tools, signal } = options;
  const progress = options.progress ?? (() => {});
  const contextName = options.contextName ?? 'rehearsal';
  const serviceCidr = options.serviceCidr ?? '10.96.0.0/16';
  signal?.throwIfAborted();
  await stopRecorded(directory);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  chmodSync(directory, 0o700);
  const write = (name: string, text: string) => {
    const path = join(directory, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };

  const services: ServiceProcess[] = [];
  const start = (name: ControlPlaneTool, args: string[]): ServiceProcess => {
    const service = startService({ name, path: tools[name].path, args, directory, env: childEnvironment() });
    services.push(service);
    return service;
  };
  const stop = async () => {
    await client?.close();
    await stopProcesses([...services].reverse());
    await stopRecorded(directory);
  };
  let client: KubeClient | undefined;

  try {
    // etcd needs nothing of the PKI, so it starts while the keys are made. Its sockets lie in our directory: no port
    // to collide on, and other users of the machine cannot reach it.
    start('etcd', [
      '--name=rehearsal',
      '--data-dir=etcd-data',
      '--listen-client-urls=unix://etcd.sock:0',
      '--advertise-client-urls=unix://etcd.sock:0',
      '--listen-peer-urls=unix://etcd-peer.sock:0',
      '--initial-advertise-peer-urls=unix://etcd-peer.sock:0',
      '--initial-cluster=rehearsal=unix://etcd-peer.sock:0',
      '--unsafe-no-fsync',
      '--log-level=warn',
    ]);
    const pki = await createPki([
      '127.0.0.1',
      'localhost',
      'kubernetes',
      'kubernetes.default',
      'kubernetes.default.svc',
      'kubernetes.default.svc.cluster.local',
    ]);
    const caFile = write('ca.crt', pki.caCertificate);
    write('serving.crt', pki.servingCertificate);
    write('serving.key', pki.servingKey);
    write('service-accounts.key', pki.serviceAccountKey);
    write('service-accounts.pub', pki.serviceAccountPublicKey);
    const tokens = {
      [ADMIN]: { token: randomToken(), group: 'system:masters' },
      'system:kube-controller-manager': { token: randomToken(), group: '' },
      'system:kube-scheduler': { token: randomToken(), group: '' },
      'plinth-kwok': { token: randomToken(), group: 'system:masters' },
    };
    const lines = Object.entries(tokens).map(([user, { token, group }]) =>
      [token, user, user, group].filter(Boolean).join(','),
    );
    write('tokens.csv', `${lines.join('\n')}\n`);
    const token = tokens[ADMIN].token;

    let server = '';
    for (let attempt = 1; ; attempt++) {
      const port = await freePort();
      server = `https://127.0.0.1:${port}`;
      client = KubeClient.fromConfig({ server, token, caPem: pki.caCertificate });
      progress('API server: starting');
      const apiServer = start('kube-apiserver', apiServerArguments(port, serviceCidr));
      const taken = await waitUntilReady(client, services, apiServer, options.timeoutSeconds ?? 120, signal);
      if (!taken) break;
      await client.close();
      services.splice(services.indexOf(apiServer), 1);
      if (attempt === PORT_ATTEMPTS) throw new Error(`kube-apiserver found no free port in ${attempt} attempts`);
    }
    progress('API server: ready');

    const kubeconfigFor = (name: string, user: keyof typeof tokens, context = 'rehearsal') =>
      write(name, writeKubeconfig({ name: context, server, caFile, token: tokens[user].token }));
    const kubeconfig = kubeconfigFor('kubeconfig', ADMIN, contextName);
    kubeconfigFor('controller-manager.kubeconfig', 'system:kube-controller-manager');
    kubeconfigFor('scheduler.kubeconfig', 'system:kube-scheduler');
    kubeconfigFor('kwok.kubeconfig', 'plinth-kwok');
    start('kube-controller-manager', controllerManagerArguments());
    start('kube-scheduler', [
      '--kubeconfig=scheduler.kubeconfig',
      '--secure-port=0',
      '--leader-elect=false',
      '--profiling=false',
      '--kube-api-qps=200',
      '--kube-api-burst=400',
    ]);
    write('kwok-stages.yaml', KWOK_STAGES);
    start('kwok', [
      '--config=kwok-stages.yaml',
      '--kubeconfig=kwok.kubeconfig',
      '--manage-all-nodes=false',
      '--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake',
      `--cidr=${options.podCidr ?? '10.244.0.0/16'}`,
      '--node-ip=127.0.0.1',
      '--node-lease-duration-seconds=40',
    ]);

    const version = await client.version();
    if (options.kubernetesVersion && !version.startsWith(`v${options.kubernetesVersion.replace(/^v/, '')}`)) {
      throw new Error(
        `${tools['kube-apiserver'].path} is ${version}, but Kubernetes ${options.kubernetesVersion} was asked for`,
      );
    }
    await waitForControllers(client, services, signal);
    progress('controllers: ready');
    return {
      directory,
      contextName,
      server,
      endpoint: server.replace('https://', ''),
      token,
      caFile,
      caPem: pki.caCertificate,
      kubeconfig,
      client,
      version,
      processes: services.map(({ name, pid, startTime }) => ({ name, pid, startTime })),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function apiServerArguments(port: number, serviceCidr: string): string[] {
  return [
    '--etcd-servers=unix://etcd.sock:0',
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    `--secure-port=${port}`,
    '--tls-cert-file=serving.crt',
    '--tls-private-key-file=serving.key',
    '--token-auth-file=tokens.csv',
    '--authorization-mode=Node,RBAC',
    '--anonymous-auth=false',
    '--service-account-issuer=https://kubernetes.default.svc',
    '--service-account-key-file=service-accounts.pub',
    '--service-account-signing-key-file=service-accounts.key',
    `--service-cluster-ip-range=${serviceCidr}`,
    // The service `kubernetes` would otherwise advertise loopback, which is refused for endpoints.
    '--endpoint-reconciler-type=none',
    // Node daemons are privileged, as on GKE; pods are held back by Pod Security admission, not by this.
    '--allow-privileged=true',
    '--enable-priority-and-fairness=false',
    '--profiling=false',
    '--shutdown-delay-duration=0s',
  ];
}

function controllerManagerArguments(): string[] {
  return [
    '--kubeconfig=controller-manager.kubeconfig',
    '--secure-port=0',
    '--leader-elect=false',
    '--profiling=false',
    '--service-account-private-key-file=service-accounts.key',
    '--root-ca-file=ca.crt',
    '--use-service-account-credentials=true',
    // Simulated nodes attach no disks; there is no metrics API for the autoscaler, which still keeps minReplicas.
    '--controllers=*,-persistentvolume-attach-detach-controller',
    '--kube-api-qps=200',
    '--kube-api-burst=400',
    '--concurrent-deployment-syncs=20',
    '--concurrent-statefulset-syncs=20',
  ];
}

/** True when the port was taken by somebody else meanwhile. */
async function waitUntilReady(
  client: KubeClient,
  services: ServiceProcess[],
  apiServer: ServiceProcess,
  seconds: number,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const end = Date.now() + seconds * 1_000;
  for (;;) {
    if (apiServer.exit() && /bind: address already in use/.test(logTail(apiServer.logFile, 50))) return true;
    failIfEnded(services);
    const ready = await client.transport.text('GET', '/readyz', { signal }).then(
      () => true,
      () => false,
    );
    if (ready) return false;
    if (Date.now() > end) {
      throw new Error(`kube-apiserver was not ready after ${seconds} s; its log ends:\n${logTail(apiServer.logFile)}`);
    }
    await delay(50, undefined, { signal });
  }
}

/** The controller manager works once it has made the first service account. */
async function waitForControllers(client: KubeClient, services: ServiceProcess[], signal?: AbortSignal): Promise<void> {
  const end = Date.now() + 60_000;
  while (!(await client.get('v1', 'ServiceAccount', 'default', 'default'))) {
    failIfEnded(services);
    if (Date.now() > end) throw new Error('kube-controller-manager made no service account in 60 s');
    await delay(50, undefined, { signal });
  }
}

function failIfEnded(services: ServiceProcess[]): void {
  for (const service of services) {
    const exit = service.exit();
    if (exit) throw new Error(`${service.name} ${exit}; ${service.logFile} ends:\n${logTail(service.logFile)}`);
  }
}

/** No proxy and no cluster of the user's may get between the parts. */
function childEnvironment(): NodeJS.ProcessEnv {
  const environment = { ...process.env, NO_PROXY: '127.0.0.1,localhost', no_proxy: '127.0.0.1,localhost' };
  for (const name of Object.keys(environment)) {
    if (/^(ETCD_|KUBECONFIG$|KUBERNETES_|KWOK_|SSL_CERT_FILE$)/.test(name))
      delete (environment as NodeJS.ProcessEnv)[name];
  }
  return environment;
}

const randomToken = (): string => randomBytes(24).toString('hex');

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
