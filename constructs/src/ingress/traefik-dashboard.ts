import { Construct } from 'constructs';
import { ExternalSecret } from '../secrets/external-secret.ts';
import { PasswordGenerator } from '../secrets/password-generator.ts';
import { IngressRoute } from './ingress-route.ts';
import { Middleware } from './middleware.ts';

export interface TraefikDashboardProps {
  /** Traefik's own, since middlewares and Secrets are looked up beside the route. */
  readonly namespace: string;
  /** The environment's domain, e.g. `dev.example.com`; the dashboard is `traefik.` below it. */
  readonly domain: string;
  /** @default 'admin' */
  readonly username?: string;
  /** A TLS Secret of the namespace. @default Traefik's default certificate */
  readonly tlsSecret?: string;
}

/**
 * Traefik's dashboard behind a login whose password is made in the cluster. To read it:
 * `kubectl -n <namespace> get secret traefik-dashboard -o jsonpath='{.data.password}' | base64 -d`.
 * Belongs into a later stack than Traefik and External Secrets, whose CRDs it uses.
 */
export class TraefikDashboard extends Construct {
  /** e.g. `traefik.dev.example.com` */
  readonly host: string;
  /** Secret with the keys username and password. */
  readonly secretName: string;

  constructor(scope: Construct, id: string, props: TraefikDashboardProps) {
    super(scope, id);
    const { namespace } = props;
    const name = 'traefik-dashboard';
    this.host = `traefik.${props.domain}`;

    const generator = new PasswordGenerator(this, 'Password', { name, namespace });
    const login = new ExternalSecret(this, 'Login', {
      name,
      namespace,
      password: generator.name,
      // the one type of Secret that Traefik accepts with a readable password, so that there is one thing to look up
      type: 'kubernetes.io/basic-auth',
      template: { username: props.username ?? 'admin', password: '{{ .password }}' },
    });
    this.secretName = login.secretName;
    const middleware = new Middleware(this, 'Auth', {
      name,
      namespace,
      action: { basicAuth: { secret: login.secretName, realm: this.host } },
    });
    new IngressRoute(this, 'Route', {
      name,
      namespace,
      routes: [{ host: this.host, to: [{ internal: 'api@internal' }], middlewares: [middleware] }],
      tlsSecret: props.tlsSecret,
    });
  }
}
