import { Construct } from 'constructs';
import { CustomResource } from '../kubernetes/custom-resource.ts';
import { ensure, length, pattern, range } from '../validation.ts';
import type { Middleware } from './middleware.ts';

/** Where a route's requests go. */
export type RouteTarget =
  /** A Service of the same namespace. */
  | {
      readonly service: string;
      /** Number or name of the Service's port. */
      readonly port: number | string;
      /** Its share of the requests among several targets. @default equal shares */
      readonly weight?: number;
    }
  /** A service that Traefik itself offers. */
  | { readonly internal: 'api@internal' | 'ping@internal' };

export interface Route {
  /** Full host name, e.g. `api.dev.example.com`. */
  readonly host: string;
  /** Paths that begin so. @default every path */
  readonly pathPrefix?: string;
  readonly to: readonly RouteTarget[];
  /** In this order; of the same namespace. @default none */
  readonly middlewares?: readonly (Middleware | string)[];
  /** Higher wins among routes that match. @default the longer rule wins */
  readonly priority?: number;
}

export interface IngressRouteProps {
  readonly name: string;
  readonly namespace: string;
  /** At least one. */
  readonly routes: readonly Route[];
  /** @default ['websecure'], since port 80 only redirects */
  readonly entryPoints?: readonly ('web' | 'websecure')[];
  /** A TLS Secret of the same namespace. @default Traefik's default certificate */
  readonly tlsSecret?: string;
}

const hostName = {
  regex: /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)+$/,
  means: 'a full lower-case host name such as api.dev.example.com',
};
// a backtick would end the string in Traefik's rule
const path = { regex: /^\/[^`\s]*$/, means: 'a path that starts with / and holds neither spaces nor backticks' };

/** Routes from Traefik's entry points to services. */
export class IngressRoute extends Construct {
  readonly resource: CustomResource;

  constructor(scope: Construct, id: string, props: IngressRouteProps) {
    super(scope, id);
    length(this, 'routes', props.routes, { min: 1 });
    length(this, 'entryPoints', props.entryPoints, { min: 1 });
    this.resource = new CustomResource(this, 'Resource', {
      apiVersion: 'traefik.io/v1alpha1',
      kind: 'IngressRoute',
      metadata: { name: props.name, namespace: props.namespace },
      spec: {
        entryPoints: [...(props.entryPoints ?? ['websecure'])],
        routes: props.routes.map((route, index) => this.ruleOf(route, `routes[${index}]`, props.namespace)),
        ...(props.tlsSecret === undefined ? {} : { tls: { secretName: props.tlsSecret } }),
      },
    });
  }

  private ruleOf({ host, pathPrefix, to, middlewares = [], priority }: Route, prop: string, namespace: string) {
    pattern(this, `${prop}.host`, host, hostName);
    pattern(this, `${prop}.pathPrefix`, pathPrefix, path);
    length(this, `${prop}.to`, to, { min: 1 });
    range(this, `${prop}.priority`, priority, { min: 1 });
    return {
      kind: 'Rule',
      match: `Host(\`${host}\`)${pathPrefix === undefined ? '' : ` && PathPrefix(\`${pathPrefix}\`)`}`,
      ...(priority === undefined ? {} : { priority }),
      ...(middlewares.length === 0
        ? {}
        : { middlewares: middlewares.map((middleware) => ({ name: this.nameOf(middleware, prop, namespace) })) }),
      services: to.map(targetOf),
    };
  }

  private nameOf(middleware: Middleware | string, prop: string, namespace: string): string {
    if (typeof middleware === 'string') return middleware;
    ensure(
      this,
      middleware.namespace === namespace,
      `${prop}.middlewares`,
      `must lie in the namespace of the route, ${namespace}`,
      `${middleware.namespace}/${middleware.name}`,
    );
    return middleware.name;
  }
}

function targetOf(target: RouteTarget) {
  if ('internal' in target) return { kind: 'TraefikService', name: target.internal };
  const { service, port, weight } = target;
  return { kind: 'Service', name: service, port, ...(weight === undefined ? {} : { weight }) };
}
