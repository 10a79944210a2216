import { Construct } from 'constructs';
import { CustomResource } from '../kubernetes/custom-resource.ts';
import { ensure, length, range } from '../validation.ts';

export interface WeightedTarget {
  /** Name of a Service, short within the namespace or in full. */
  readonly host: string;
  /** A subset that a DestinationRule of the host names. @default all pods */
  readonly subset?: string;
  /** @default the Service's only port */
  readonly port?: number;
  /** Percent of the requests, 0-100. @default 100, for the only target */
  readonly weight?: number;
}

export interface VirtualServiceProps {
  readonly name: string;
  readonly namespace: string;
  /** Hosts whose requests it governs: Service names, or public names together with `gateways`. */
  readonly hosts: readonly string[];
  /** Gateways it applies at, as `namespace/name`. @default the sidecars of the mesh */
  readonly gateways?: readonly string[];
  /** Where requests go; the weights must add up to 100. */
  readonly to: readonly WeightedTarget[];
  /** After how long a request fails, 0.1-3600 seconds. @default never */
  readonly timeoutSeconds?: number;
  /** @default two attempts, Istio's own */
  readonly retries?: {
    /** 0-10, beyond the first try. */
    readonly attempts: number;
    /** How long each may take, 0.1-3600 seconds. @default the timeout */
    readonly perTrySeconds?: number;
  };
}

const seconds = { min: 0.1, max: 3600, integer: false };

/** Which pods answer for a host, and in which shares. */
export class VirtualService extends Construct {
  readonly resource: CustomResource;

  constructor(scope: Construct, id: string, props: VirtualServiceProps) {
    super(scope, id);
    const { to, timeoutSeconds, retries } = props;
    length(this, 'hosts', props.hosts, { min: 1 });
    length(this, 'to', to, { min: 1 });
    for (const [index, { weight }] of to.entries()) range(this, `to[${index}].weight`, weight, { min: 0, max: 100 });
    const weights = to.map(({ weight }) => weight ?? (to.length === 1 ? 100 : 0));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    ensure(this, total === 100, 'to', 'must have weights that add up to 100', total);
    range(this, 'timeoutSeconds', timeoutSeconds, seconds);
    range(this, 'retries.attempts', retries?.attempts, { min: 0, max: 10 });
    range(this, 'retries.perTrySeconds', retries?.perTrySeconds, seconds);
    this.resource = new CustomResource(this, 'Resource', {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: props.name, namespace: props.namespace },
      spec: {
        hosts: [...props.hosts],
        ...(props.gateways === undefined ? {} : { gateways: [...props.gateways] }),
        http: [
          {
            route: to.map(({ host, subset, port }, index) => ({
              destination: {
                host,
                ...(subset === undefined ? {} : { subset }),
                ...(port === undefined ? {} : { port: { number: port } }),
              },
              weight: weights[index]!,
            })),
            ...(timeoutSeconds === undefined ? {} : { timeout: duration(timeoutSeconds) }),
            ...(retries === undefined
              ? {}
              : {
                  retries: {
                    attempts: retries.attempts,
                    ...(retries.perTrySeconds === undefined ? {} : { perTryTimeout: duration(retries.perTrySeconds) }),
                  },
                }),
          },
        ],
      },
    });
  }
}

/** Istio takes fractions in milliseconds only. */
const duration = (value: number): string => (Number.isInteger(value) ? `${value}s` : `${Math.round(value * 1000)}ms`);
