import { Construct } from 'constructs';
import { CustomResource } from '../kubernetes/custom-resource.ts';
import { ensure, range } from '../validation.ts';

export interface PasswordGeneratorProps {
  readonly name: string;
  readonly namespace: string;
  /** Characters, 16-128. @default 32 */
  readonly length?: number;
  /** How many of them are digits. @default a quarter of the length */
  readonly digits?: number;
  /** How many of them are symbols. @default 0, since a symbol has to be escaped somewhere sooner or later */
  readonly symbols?: number;
}

/** Makes a password inside the cluster, for an ExternalSecret to keep: it is never in a file, a plan or a state. */
export class PasswordGenerator extends Construct {
  readonly name: string;
  readonly resource: CustomResource;

  constructor(scope: Construct, id: string, props: PasswordGeneratorProps) {
    super(scope, id);
    this.name = props.name;
    const length = range(this, 'length', props.length ?? 32, { min: 16, max: 128 });
    const digits = range(this, 'digits', props.digits ?? Math.floor(length / 4), { min: 0 });
    const symbols = range(this, 'symbols', props.symbols ?? 0, { min: 0 });
    ensure(this, digits + symbols <= length, 'length', `must hold ${digits} digits and ${symbols} symbols`, length);
    this.resource = new CustomResource(this, 'Resource', {
      apiVersion: 'generators.external-secrets.io/v1alpha1',
      kind: 'Password',
      metadata: { name: props.name, namespace: props.namespace },
      spec: { length, digits, symbols, noUpper: false, allowRepeat: true, encoding: 'raw' },
    });
  }
}
