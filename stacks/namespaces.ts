/** Where things live; the same in every environment. */
export const NAMESPACES = {
  apps: 'apps',
  externalSecrets: 'external-secrets',
  istio: 'istio-system',
  kafka: 'kafka',
  strimzi: 'strimzi',
  traefik: 'traefik',
} as const;
