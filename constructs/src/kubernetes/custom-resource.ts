import { Manifest } from '@cdktf/provider-kubernetes/lib/manifest/index.js';
import { type ITerraformDependable, TerraformStack } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';
import { ensure, pattern, range } from '../validation.ts';

export interface ResourceMetadata {
  readonly name: string;
  /** @default none: the kind has no namespace */
  readonly namespace?: string;
  /** @default none */
  readonly labels?: Readonly<Record<string, string>>;
  /** @default none */
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface CustomResourceProps {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ResourceMetadata;
  /** A key that is undefined is left out. */
  readonly spec: Readonly<Record<string, unknown>>;
  /** Paths that a controller writes, e.g. `spec.replicas`, beside labels and annotations. @default none */
  readonly computedFields?: readonly string[];
  /** Conditions that the resource's operator must report before Terraform goes on. @default none: it does not wait */
  readonly waitFor?: readonly { readonly type: string; readonly status: 'True' | 'False' }[];
  /** How long `waitFor` may take, seconds: 1-86400. @default 600 */
  readonly waitSeconds?: number;
  /** Refuses every plan that would delete it. @default false */
  readonly preventDestroy?: boolean;
  readonly dependsOn?: readonly ITerraformDependable[];
}

/** RFC 1123, as the API server has it for most kinds. */
export const resourceName = {
  regex: /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/,
  means: '1-253 lower-case letters, digits, hyphens or dots, starting and ending with a letter or digit',
};

/** Who declares what, by stack: two declarations of one object overwrite each other at every apply. */
const declared = new WeakMap<IConstruct, Map<string, string>>();

function declareOnce(scope: Construct, { apiVersion, kind, metadata }: CustomResourceProps): void {
  const stack = TerraformStack.of(scope);
  const known = declared.get(stack) ?? new Map<string, string>();
  declared.set(stack, known);
  const { namespace, name } = metadata;
  const key = [apiVersion, kind, namespace ?? '', name].join('/');
  const other = known.get(key);
  const place = namespace ? ` in namespace ${namespace}` : '';
  ensure(scope, other === undefined, 'name', `must be free, but ${other} declares the same ${kind}${place}`, name);
  known.set(key, scope.node.path);
}

/** A custom resource. Its definition must be installed by a stack that is applied earlier: Terraform asks for it at plan. */
export class CustomResource extends Construct {
  /** The underlying resource, for `addOverride`. */
  readonly manifest: Manifest;

  constructor(scope: Construct, id: string, props: CustomResourceProps) {
    super(scope, id);
    const { metadata, waitFor = [], computedFields } = props;
    pattern(this, 'name', metadata.name, resourceName);
    const waitSeconds = range(this, 'waitSeconds', props.waitSeconds ?? 600, { min: 1, max: 86_400 });
    declareOnce(this, props);
    this.manifest = new Manifest(this, 'Resource', {
      manifest: withoutUndefined({
        apiVersion: props.apiVersion,
        kind: props.kind,
        metadata: { ...metadata },
        spec: props.spec,
      }) as Record<string, unknown>,
      // Naming any replaces the provider's own two.
      ...(computedFields ? { computedFields: ['metadata.annotations', 'metadata.labels', ...computedFields] } : {}),
      ...(waitFor.length > 0 ? { wait: { condition: waitFor.map((condition) => ({ ...condition })) } } : {}),
      ...(waitFor.length > 0 ? { timeouts: timeouts(waitSeconds) } : {}),
      ...(props.preventDestroy ? { lifecycle: { preventDestroy: true } } : {}),
      ...(props.dependsOn ? { dependsOn: [...props.dependsOn] } : {}),
    });
  }

  /** So that a resource can be named in another's `dependsOn`. */
  get fqn(): string {
    return this.manifest.fqn;
  }
}

const timeouts = (seconds: number) => ({ create: `${seconds}s`, update: `${seconds}s` });

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** An attribute that is `undefined` would be written as null, which the API server reads as "remove". */
function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  // Tokens are objects of a class of their own and stay as they are.
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (inner === undefined ? [] : [[key, withoutUndefined(inner)]])),
  );
}
