import { GoogleProvider } from '@cdktf/provider-google/lib/provider/index.js';
import {
  ArtifactRegistry,
  GkeCluster,
  KmsKey,
  MachineType,
  Network,
  ProjectServices,
  webhookPortsOf,
} from '@plinth/constructs';
import type { Construct } from 'constructs';
import type { Environment } from '../environments/index.ts';
import { clusterLocation, clusterName } from './cluster-access.ts';
import { EnvironmentStack } from './environment-stack.ts';
import { CHARTS_IN_USE } from './platform.ts';

/** APIs that the layers use, beyond those that bootstrapping enables. */
const SERVICES = ['artifactregistry', 'compute', 'container', 'logging', 'monitoring', 'secretmanager'];

/** Network, cluster, pools, registry: everything that Google makes. */
export class Foundation extends EnvironmentStack {
  readonly cluster: GkeCluster;

  constructor(scope: Construct, environment: Environment) {
    super(scope, 'foundation', environment);
    const { google, name } = environment;
    if (!google) throw new Error(`${name} is of kind ${environment.kind} and has no foundation`);
    const { project, region } = google;
    new GoogleProvider(this, 'google', { project, region });
    const services = new ProjectServices(this, 'services', { project, services: SERVICES });
    const network = new Network(this, 'network', {
      name: clusterName(name),
      project,
      region,
      ...google.network,
      nat: { staticAddresses: 1 },
    });
    network.allowControlPlaneWebhooks(webhookPortsOf(CHARTS_IN_USE));
    this.cluster = new GkeCluster(this, 'cluster', {
      name: clusterName(name),
      project,
      location: clusterLocation(environment),
      zones: google.zones,
      network,
      secretsKey: KmsKey.fromName(this, 'secrets-key', {
        name: 'gke',
        keyRing: google.keyRing ?? `plinth-${name}`,
        location: region,
        project,
      }),
      releaseChannel: google.releaseChannel,
      deletionProtection: google.deletionProtection ?? environment.production,
      maintenance: google.maintenance,
      resourceLabels: { environment: name },
    });
    const images = new ArtifactRegistry(this, 'images', { repositoryId: 'apps', location: region, project });
    for (const [pool, options] of Object.entries(environment.nodePools)) {
      const { upgrade, maxSurge, maxUnavailable, machineType, ...rest } = options;
      this.cluster.addNodePool(pool, {
        ...rest,
        poolName: pool,
        machineType: MachineType.of(machineType),
        upgrade: upgrade === 'surge' ? { strategy: 'surge', maxSurge, maxUnavailable } : 'blue-green',
        registries: [images],
      });
    }
    services.addDependents(network, this.cluster, images);
  }
}
