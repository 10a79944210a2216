import { Construct } from 'constructs';
import { CustomResource } from '../kubernetes/custom-resource.ts';
import { distinct, ensure, oneOf, range } from '../validation.ts';

/** A part of a service's pods, by label. */
export interface Subset {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** When a pod that fails is left alone for a while. */
export interface CircuitBreaker {
  /** Answers 5xx in a row, 1-1000. @default 5 */
  readonly consecutiveErrors?: number;
  /** How often pods are judged, 1-3600 seconds. @default 10 */
  readonly intervalSeconds?: number;
  /** How long a pod is left alone the first time, 1-3600 seconds. @default 30 */
  readonly ejectionSeconds?: number;
  /** The most of the pods that may be left alone, 1-100 percent. @default 50, so that a bad release cannot take all of them */
  readonly maxEjectionPercent?: number;
}

export interface DestinationRuleProps {
  readonly name: string;
  readonly namespace: string;
  /** Name of a Service, short within the namespace or in full. */
  readonly host: string;
  /** Named parts for a VirtualService to split between. @default none */
  readonly subsets?: readonly Subset[];
  /** @default the mesh decides: mutual TLS wherever both ends have it */
  readonly tls?: 'ISTIO_MUTUAL' | 'DISABLE' | 'SIMPLE';
  /** Open connections to the service at most, at least 1. @default no bound */
  readonly maxConnections?: number;
  /** @default none */
  readonly circuitBreaker?: CircuitBreaker;
}

/** How callers talk to a service. */
export class DestinationRule extends Construct {
  readonly resource: CustomResource;

  constructor(scope: Construct, id: string, props: DestinationRuleProps) {
    super(scope, id);
    const { subsets = [], tls, maxConnections, circuitBreaker } = props;
    distinct(this, 'subsets', subsets, ({ name }) => name);
    oneOf(this, 'tls', tls, ['ISTIO_MUTUAL', 'DISABLE', 'SIMPLE']);
    range(this, 'maxConnections', maxConnections, { min: 1 });
    ensure(
      this,
      !(props.host.startsWith('*') && tls === 'ISTIO_MUTUAL'),
      'tls',
      `must not be ISTIO_MUTUAL for a host with a wildcard, since that reaches Kafka, which speaks its own TLS`,
      props.host,
    );
    const policy = {
      ...(tls === undefined ? {} : { tls: { mode: tls } }),
      ...(maxConnections === undefined ? {} : { connectionPool: { tcp: { maxConnections } } }),
      ...(circuitBreaker === undefined ? {} : { outlierDetection: this.outlierDetection(circuitBreaker) }),
    };
    this.resource = new CustomResource(this, 'Resource', {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name: props.name, namespace: props.namespace },
      spec: {
        host: props.host,
        ...(Object.keys(policy).length === 0 ? {} : { trafficPolicy: policy }),
        ...(subsets.length === 0
          ? {}
          : { subsets: subsets.map(({ name, labels }) => ({ name, labels: { ...labels } })) }),
      },
    });
  }

  private outlierDetection(breaker: CircuitBreaker) {
    const { consecutiveErrors = 5, intervalSeconds = 10, ejectionSeconds = 30, maxEjectionPercent = 50 } = breaker;
    range(this, 'circuitBreaker.consecutiveErrors', consecutiveErrors, { min: 1, max: 1000 });
    range(this, 'circuitBreaker.intervalSeconds', intervalSeconds, { min: 1, max: 3600 });
    range(this, 'circuitBreaker.ejectionSeconds', ejectionSeconds, { min: 1, max: 3600 });
    range(this, 'circuitBreaker.maxEjectionPercent', maxEjectionPercent, { min: 1, max: 100 });
    return {
      consecutive5xxErrors: consecutiveErrors,
      interval: `${intervalSeconds}s`,
      baseEjectionTime: `${ejectionSeconds}s`,
      maxEjectionPercent,
    };
  }
}
