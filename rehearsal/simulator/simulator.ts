import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseQuantity } from '../checks/quantity.ts';
import {
  type ControlPlane,
  type ControlPlaneTool,
  installStorage,
  installSystemOverhead,
  startControlPlane,
  startLoadBalancers,
  startPvBinder,
  syncLocalNodes,
  syncNodes,
} from '../control-plane/index.ts';
import type { KubeClient } from '../kubernetes-client/index.ts';
import { startExternalSecrets } from '../operators/external-secrets.ts';
import { startStrimzi } from '../operators/strimzi.ts';
import type { ClusterBackend } from '../providers/google/cluster-backend.ts';
import { GoogleCloud, googleProvider, startRestDoor } from '../providers/google/index.ts';
import { helmProvider } from '../providers/helm/index.ts';
import { kubernetesProvider } from '../providers/kubernetes/index.ts';
import { GOOGLE } from '../terraform/behaviour/google.ts';
import { HELM } from '../terraform/behaviour/helm.ts';
import { KUBERNETES } from '../terraform/behaviour/kubernetes.ts';
import {
  type Obj,
  type ProviderDefinition,
  ProviderError,
  type ProviderSchema,
  type ResourceBehaviour,
} from '../terraform/provider.ts';
import { deriveSchema } from '../terraform/schema.ts';
import { serveProviders } from '../terraform/server.ts';
import type { RequestName, Requests, SimulatorConfiguration, ToSimulator } from './messages.ts';

const GIB = 2 ** 30;
const BEHAVIOUR: Record<string, Record<string, ResourceBehaviour>> = {
  google: GOOGLE,
  kubernetes: KUBERNETES,
  helm: HELM,
};

/** Everything simulated of one rehearsal: the cloud, the machines and the operators, around a real control plane. */
export class Simulator {
  private readonly progress: (what: string) => void;
  private readonly ended = new AbortController();
  private readonly closers: (() => Promise<void>)[] = [];
  private directory = '';
  private controlPlane: ControlPlane | undefined;
  private cloud: GoogleCloud | undefined;

  constructor(progress: (what: string) => void) {
    this.progress = progress;
  }

  async handle(message: ToSimulator): Promise<Requests[RequestName]['output']> {
    switch (message.request) {
      case 'start':
        return this.start(message.input);
      case 'configure':
        return this.configure(message.input);
      case 'nodes':
        return this.cloud?.nodes ?? [];
      case 'quotas':
        return this.cloud?.usage() ?? [];
      case 'keep':
        return { pid: process.pid };
      case 'stop':
        return null;
    }
  }

  async stop(): Promise<void> {
    this.ended.abort(new Error('the simulator was stopped'));
    await Promise.all(this.closers.map((close) => close()));
    await this.controlPlane?.stop();
  }

  private async start({
    directory,
    tools,
    contextName,
  }: Requests['start']['input']): Promise<Requests['start']['output']> {
    this.directory = directory;
    const controlPlane = await startControlPlane({
      directory: join(directory, 'control-plane'),
      tools: tools as Record<ControlPlaneTool, { path: string }>,
      contextName,
      signal: this.ended.signal,
      progress: this.progress,
    });
    this.controlPlane = controlPlane;
    const { kubeconfig, endpoint, caFile, version } = controlPlane;
    return { kubeconfig, endpoint, caFile, version };
  }

  private async configure(input: SimulatorConfiguration): Promise<Requests['configure']['output']> {
    const { controlPlane } = this;
    if (!controlPlane) throw new Error('the control plane has not been started');
    const { client } = controlPlane;
    const { signal } = this.ended;
    const log = (error: unknown) => !signal.aborted && console.error(error);
    await installStorage(client, input.kind === 'gke' ? 'gke' : 'local');

    const cloud = new GoogleCloud({
      project: input.project,
      region: input.region,
      quotas: input.quotas,
      keyRing: { location: input.region, name: `plinth-${input.environment}`, keys: ['gke'] },
      buckets: [`${input.project}-tfstate`],
      backend: this.backend(controlPlane),
    });
    this.cloud = cloud;
    if (input.kind === 'cluster') await this.localMachines(client, input.localNodes);

    startPvBinder(client, signal, {
      admit: ({ name, diskType, size }) => {
        if (!diskType) return undefined;
        try {
          cloud.useDisk(name, { type: diskType, sizeGib: parseQuantity(size) / GIB });
          return undefined;
        } catch (error) {
          return (error as Error).message;
        }
      },
      released: (name) => cloud.disks.delete(name),
      onError: log,
    });
    startLoadBalancers(client, signal, { onError: log });
    startStrimzi(client, input.strimzi, signal, log);
    startExternalSecrets(client, { readSecretManager: async () => undefined }, signal, log);

    const door = await startRestDoor(cloud, { log: (line) => console.log(line) });
    this.closers.push(() => door.close());
    return { reattach: await this.serve(input, cloud), googleEnvironment: door.environment };
  }

  private backend(controlPlane: ControlPlane): ClusterBackend {
    return {
      clusterCreated: async () => {
        await installSystemOverhead(controlPlane.client);
        return { endpoint: controlPlane.endpoint, caCertificate: readFileSync(controlPlane.caFile, 'utf8') };
      },
      clusterDeleted: async () => {},
      nodesChanged: async (nodes) => {
        this.progress(`${nodes.length} nodes`);
        await syncNodes(controlPlane.client, nodes);
      },
    };
  }

  private async localMachines(client: KubeClient, machines: SimulatorConfiguration['localNodes'] = []): Promise<void> {
    const wanted = machines.flatMap(({ count, cpu, memoryGib }, group) =>
      Array.from({ length: count }, (_, index) => ({ name: `local-${group + 1}-${index + 1}`, cpus: cpu, memoryGib })),
    );
    await syncLocalNodes(client, wanted);
  }

  /** The API server is only reached under the name that the configuration would use on GKE or on the machine. */
  private connect(configuration: Obj): KubeClient {
    const controlPlane = this.controlPlane!;
    const { host, config_context: context } = configuration;
    if (typeof host === 'string' && host.replace(/^https:\/\//, '').replace(/\/$/, '') !== controlPlane.endpoint) {
      throw new ProviderError(
        `there is no API server at ${host}`,
        `The rehearsal's is https://${controlPlane.endpoint}.`,
      );
    }
    if (typeof host !== 'string' && context !== controlPlane.contextName) {
      throw new ProviderError(`context "${context}" does not exist`, `The kubeconfig has ${controlPlane.contextName}.`);
    }
    return controlPlane.client;
  }

  private async serve(input: SimulatorConfiguration, cloud: GoogleCloud): Promise<string> {
    const controlPlane = this.controlPlane!;
    const schemas: Record<string, ProviderSchema> = {};
    for (const provider of Object.keys(BEHAVIOUR)) {
      const own = (types: string[]) => types.filter((type) => type.startsWith(`${provider}_`));
      // What is simulated, beside what is in use: a kept rehearsal may be planned against with more than it was made of.
      const resources = [...new Set([...own(input.types.resources), ...Object.keys(BEHAVIOUR[provider] ?? {})])];
      schemas[provider] = deriveSchema(provider, { resources, dataSources: own(input.types.dataSources) });
    }
    const charts = new Map(input.charts.map((chart) => [`${chart.name}@${chart.version}`, chart]));
    const connect = async (configuration: Obj) => this.connect(configuration);
    const definitions: ProviderDefinition[] = [
      googleProvider({ schema: schemas.google!, cloud }),
      kubernetesProvider({ schema: schemas.kubernetes!, connect }),
      helmProvider({
        helm: input.helm,
        kubeconfig: controlPlane.kubeconfig,
        directory: this.directory,
        connect,
        chart(name, version) {
          const found = charts.get(`${name}@${version}`);
          if (!found) throw new ProviderError(`chart ${name} ${version ?? ''} was not resolved`);
          return found;
        },
      }),
    ];
    const served = await serveProviders(definitions, {
      schemas,
      directory: this.directory,
      log: (text) => console.error(text),
    });
    this.closers.push(() => served.close());
    return served.reattach;
  }
}
