import {
  type ChartKey,
  ExternalSecrets,
  Istio,
  Namespace,
  StrimziOperator,
  Traefik,
  type Values,
} from '@plinth/constructs';
import type { Construct } from 'constructs';
import type { Environment } from '../environments/index.ts';
import { accessCluster } from './cluster-access.ts';
import { EnvironmentStack } from './environment-stack.ts';
import { NAMESPACES } from './namespaces.ts';

/** Charts of this layer, whose webhooks the network lets through. */
export const CHARTS_IN_USE: ChartKey[] = [
  'strimzi-kafka-operator',
  'traefik',
  'istio-base',
  'istiod',
  'external-secrets',
];

/** Operators and their definitions, through Helm. */
export class Platform extends EnvironmentStack {
  constructor(scope: Construct, environment: Environment) {
    super(scope, 'platform', environment);
    accessCluster(this);
    const { mesh, kind, production } = environment;
    const meshed = mesh === 'sidecar';
    const values = (chart: keyof Environment['platform']['values']) =>
      environment.platform.values[chart] as Values | undefined;
    const namespace = (name: string, sidecars = false) => new Namespace(this, `namespace-${name}`, { name, sidecars });
    const work = this.placement('work');

    const kafka = namespace(NAMESPACES.kafka);
    namespace(NAMESPACES.apps, meshed);
    // Names are written out, not referred to: charts make labels of them, which a footprint must know at synthesis.
    new StrimziOperator(this, 'strimzi', {
      namespace: NAMESPACES.strimzi,
      watchNamespaces: [NAMESPACES.kafka],
      placement: work,
      values: values('strimzi-kafka-operator'),
      dependsOn: [namespace(NAMESPACES.strimzi), kafka],
    });
    new ExternalSecrets(this, 'external-secrets', {
      namespace: NAMESPACES.externalSecrets,
      placement: work,
      values: values('external-secrets'),
      dependsOn: [namespace(NAMESPACES.externalSecrets)],
    });
    const istio = meshed
      ? new Istio(this, 'istio', {
          namespace: NAMESPACES.istio,
          platform: kind === 'gke' ? 'gke' : undefined,
          replicas: production ? 2 : 1,
          placement: work,
          values: values('istio') as never,
          dependsOn: [namespace(NAMESPACES.istio)],
        })
      : undefined;
    new Traefik(this, 'traefik', {
      namespace: NAMESPACES.traefik,
      placement: this.placement('edge'),
      mesh,
      values: values('traefik'),
      // The injector must answer before the first pod that it is asked about.
      dependsOn: [namespace(NAMESPACES.traefik, meshed), ...(istio ? [istio.istiod, istio.cni] : [])].filter(
        (part) => part !== undefined,
      ),
    });
  }
}
