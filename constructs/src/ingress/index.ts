export * from './ingress-route.ts';
export * from './middleware.ts';
export * from './traefik-dashboard.ts';
