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
    const namespace = (name: string, sidecars = false) =>
      new Namespace(this, `namespace-${name}`, { name, sidecars }).name;
    const work = this.placement('work');

    // Watched by the operator, so it is there before the operator is.
    const kafka = namespace(NAMESPACES.kafka);
    namespace(NAMESPACES.apps, meshed);
    new StrimziOperator(this, 'strimzi', {
      namespace: namespace(NAMESPACES.strimzi),
      watchNamespaces: [kafka],
      placement: work,
      values: values('strimzi-kafka-operator'),
    });
    new ExternalSecrets(this, 'external-secrets', {
      namespace: namespace(NAMESPACES.externalSecrets),
      placement: work,
      values: values('external-secrets'),
    });
    const istio = meshed
      ? new Istio(this, 'istio', {
          namespace: namespace(NAMESPACES.istio),
          platform: kind === 'gke' ? 'gke' : undefined,
          replicas: production ? 2 : 1,
          placement: work,
          values: values('istio') as never,
        })
      : undefined;
    new Traefik(this, 'traefik', {
      namespace: namespace(NAMESPACES.traefik, meshed),
      placement: this.placement('edge'),
      mesh,
      values: values('traefik'),
      // The injector must answer before the first pod that it is asked about.
      ...(istio ? { dependsOn: [istio.istiod, istio.cni].filter((part) => part !== undefined) } : {}),
    });
  }
}
