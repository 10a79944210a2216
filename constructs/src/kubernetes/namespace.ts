import { NamespaceV1 } from '@cdktf/provider-kubernetes/lib/namespace-v1/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { oneOf, pattern } from '../validation.ts';

/** Levels of Kubernetes' Pod Security Standards. */
export type PodSecurity = 'privileged' | 'baseline' | 'restricted';

const LEVELS: readonly PodSecurity[] = ['privileged', 'baseline', 'restricted'];
const namespaceName = {
  regex: /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
  means: '1-63 lower-case letters, digits or hyphens, starting and ending with a letter or digit',
};

export interface NamespaceProps {
  readonly name: string;
  /** What admission enforces on every pod. @default 'restricted' */
  readonly podSecurity?: PodSecurity;
  /** Whether Istio adds its sidecar to the pods. @default false */
  readonly sidecars?: boolean;
  /** Further labels. @default none */
  readonly labels?: Readonly<Record<string, string>>;
}

/** A namespace whose labels decide what its pods may do and whether they are part of the mesh. */
export class Namespace extends Construct implements ITerraformDependable {
  readonly resource: NamespaceV1;
  /** A reference: what uses it waits for the namespace. */
  readonly name: string;

  constructor(scope: Construct, id: string, props: NamespaceProps) {
    super(scope, id);
    pattern(this, 'name', props.name, namespaceName);
    const level = oneOf(this, 'podSecurity', props.podSecurity ?? 'restricted', LEVELS);
    this.resource = new NamespaceV1(this, 'Resource', {
      metadata: {
        name: props.name,
        labels: {
          'pod-security.kubernetes.io/enforce': level,
          ...(props.sidecars ? { 'istio-injection': 'enabled' } : {}),
          ...props.labels,
        },
      },
    });
    this.name = this.resource.metadata.name;
  }

  get fqn(): string {
    return this.resource.fqn;
  }
}
