import type { Values } from '../../values/deep-merge.ts';
import type { ChartKey } from '../charts.ts';
import type { Footprint } from '../footprint.ts';
import { externalSecretsFootprint } from './external-secrets.ts';
import { istioBaseFootprint, istioCniFootprint, istiodFootprint, istioGatewayFootprint } from './istio.ts';
import { strimziFootprint } from './strimzi.ts';
import { traefikFootprint } from './traefik.ts';

export * from './external-secrets.ts';
export * from './istio.ts';
export * from './strimzi.ts';
export * from './traefik.ts';

/** Every pinned chart's footprint as a function of its values. */
export const footprints: Record<ChartKey, (values?: Values) => Footprint> = {
  'strimzi-kafka-operator': strimziFootprint,
  traefik: (values) => traefikFootprint(values),
  'istio-base': istioBaseFootprint,
  'istio-cni': istioCniFootprint,
  istiod: istiodFootprint,
  'istio-gateway': (values) => istioGatewayFootprint(values),
  'external-secrets': externalSecretsFootprint,
};

/** Ports that every private GKE cluster's control plane may already use towards its nodes. */
const openAnyway = new Set([443, 10250]);

/**
 * Ports on which the control plane must reach the pods of these charts. A private cluster's firewall closes them, and
 * then every write that a webhook guards hangs until it times out.
 */
export function webhookPortsOf(keys: readonly ChartKey[]): number[] {
  const ports = keys.flatMap((key) => footprints[key]().webhookPorts);
  return [...new Set(ports)].filter((port) => !openAnyway.has(port)).sort((a, b) => a - b);
}
