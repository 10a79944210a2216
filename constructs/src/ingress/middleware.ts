import { Construct } from 'constructs';
import { CustomResource } from '../kubernetes/custom-resource.ts';
import { range } from '../validation.ts';

/** What a middleware does with a request or its response: exactly one. */
export type MiddlewareAction =
  /** Asks for a name and a password. */
  | {
      readonly basicAuth: {
        /** A Secret of type `kubernetes.io/basic-auth` in the same namespace, with the keys username and password. */
        readonly secret: string;
        /** Shown by the browser. @default 'traefik' */
        readonly realm?: string;
      };
    }
  /** Sets headers. */
  | { readonly headers: MiddlewareHeaders }
  /** Answers 429 to a caller that asks too often. */
  | {
      readonly rateLimit: {
        /** Requests per period and caller, at least 1. */
        readonly average: number;
        /** Requests beyond that at once, at least 1. @default the average */
        readonly burst?: number;
        /** 1-3600 seconds. @default 1 */
        readonly periodSeconds?: number;
      };
    }
  /** Sends the caller to the same address by another scheme. */
  | {
      readonly redirectScheme: {
        readonly scheme: 'https' | 'http';
        /** Whether callers may remember it (308 instead of 307). @default true */
        readonly permanent?: boolean;
      };
    }
  /** Takes a leading path away before the service sees it. */
  | { readonly stripPrefix: { readonly prefixes: readonly string[] } };

export interface MiddlewareHeaders {
  /** Added to the request. An empty string removes the header. @default none */
  readonly request?: Readonly<Record<string, string>>;
  /** Added to the response. An empty string removes the header. @default none */
  readonly response?: Readonly<Record<string, string>>;
  /** How long browsers insist on HTTPS, in seconds. @default not said */
  readonly strictTransportSeconds?: number;
  /** @default browsers' own choice */
  readonly contentSecurityPolicy?: string;
  /** Forbids frames, type sniffing and full referrers. @default true */
  readonly browserProtection?: boolean;
}

export interface MiddlewareProps {
  readonly name: string;
  readonly namespace: string;
  readonly action: MiddlewareAction;
}

/** One step between Traefik and a service. */
export class Middleware extends Construct {
  readonly name: string;
  readonly namespace: string;
  readonly resource: CustomResource;

  constructor(scope: Construct, id: string, props: MiddlewareProps) {
    super(scope, id);
    this.name = props.name;
    this.namespace = props.namespace;
    this.resource = new CustomResource(this, 'Resource', {
      apiVersion: 'traefik.io/v1alpha1',
      kind: 'Middleware',
      metadata: { name: props.name, namespace: props.namespace },
      spec: this.specOf(props.action),
    });
  }

  private specOf(action: MiddlewareAction) {
    if ('basicAuth' in action) {
      const { secret, realm } = action.basicAuth;
      // the service behind has no use for the password
      return { basicAuth: { secret, removeHeader: true, ...(realm === undefined ? {} : { realm }) } };
    }
    if ('rateLimit' in action) {
      const { average, burst = average, periodSeconds = 1 } = action.rateLimit;
      range(this, 'rateLimit.average', average, { min: 1 });
      range(this, 'rateLimit.burst', burst, { min: 1 });
      range(this, 'rateLimit.periodSeconds', periodSeconds, { min: 1, max: 3600 });
      return { rateLimit: { average, burst, period: `${periodSeconds}s` } };
    }
    if ('redirectScheme' in action) {
      const { scheme, permanent = true } = action.redirectScheme;
      return { redirectScheme: { scheme, permanent } };
    }
    if ('stripPrefix' in action) return { stripPrefix: { prefixes: [...action.stripPrefix.prefixes] } };
    return { headers: headersOf(action.headers) };
  }
}

function headersOf({ request, response, strictTransportSeconds, contentSecurityPolicy, ...rest }: MiddlewareHeaders) {
  const protection = { frameDeny: true, contentTypeNosniff: true, referrerPolicy: 'strict-origin-when-cross-origin' };
  return {
    ...(rest.browserProtection === false ? {} : protection),
    ...(request === undefined ? {} : { customRequestHeaders: { ...request } }),
    ...(response === undefined ? {} : { customResponseHeaders: { ...response } }),
    ...(strictTransportSeconds === undefined
      ? {}
      : { stsSeconds: strictTransportSeconds, stsIncludeSubdomains: true, forceSTSHeader: true }),
    ...(contentSecurityPolicy === undefined ? {} : { contentSecurityPolicy }),
  };
}
