import { Construct } from 'constructs';
import { CustomResource } from '../kubernetes/custom-resource.ts';
import { ensure, oneOf } from '../validation.ts';

/**
 * `STRICT`: only callers with a certificate of the mesh. `PERMISSIVE`: plain text too. `DISABLE`: plain text only.
 */
export type MutualTls = 'STRICT' | 'PERMISSIVE' | 'DISABLE';

const modes: readonly MutualTls[] = ['STRICT', 'PERMISSIVE', 'DISABLE'];

export interface PeerAuthenticationProps {
  /** @default 'default', the name Istio expects of a namespace's own policy */
  readonly name?: string;
  /** Whose pods it governs. In Istio's own namespace it governs the whole mesh. */
  readonly namespace: string;
  /** @default 'STRICT' */
  readonly mode?: MutualTls;
  /** Pods it is limited to, by label. @default all of the namespace */
  readonly pods?: Readonly<Record<string, string>>;
  /**
   * Exceptions by container port, only together with `pods`.
   * @default none
   */
  readonly ports?: Readonly<Record<number, MutualTls>>;
}

/** Who may call the pods of a namespace. */
export class PeerAuthentication extends Construct {
  readonly resource: CustomResource;

  constructor(scope: Construct, id: string, props: PeerAuthenticationProps) {
    super(scope, id);
    const mode = oneOf(this, 'mode', props.mode ?? 'STRICT', modes);
    const ports = Object.entries(props.ports ?? {});
    // Istio takes such a policy and ignores the ports
    ensure(this, ports.length === 0 || props.pods !== undefined, 'ports', 'is only possible together with pods');
    for (const [port, portMode] of ports) oneOf(this, `ports.${port}`, portMode, modes);
    this.resource = new CustomResource(this, 'Resource', {
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: { name: props.name ?? 'default', namespace: props.namespace },
      spec: {
        mtls: { mode },
        ...(props.pods === undefined ? {} : { selector: { matchLabels: { ...props.pods } } }),
        ...(ports.length === 0
          ? {}
          : { portLevelMtls: Object.fromEntries(ports.map(([port, portMode]) => [port, { mode: portMode }])) }),
      },
    });
  }
}
