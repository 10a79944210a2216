import { Manifest } from '@cdktf/provider-kubernetes/lib/manifest/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { isKnown, pattern } from '../validation.ts';

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
  readonly spec: Readonly<Record<string, unknown>>;
  /** Paths that a controller writes, beside labels and annotations. @default none */
  readonly computedFields?: readonly string[];
  /** Conditions that the resource's operator must report before Terraform goes on. @default none: it does not wait */
  readonly waitFor?: readonly { readonly type: string; readonly status: 'True' | 'False' }[];
  /** How long `waitFor` may take. @default 600 */
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

/** A custom resource. Its definition must be installed by a stack that is applied earlier: Terraform asks for it at plan. */
export class CustomResource extends Construct {
  /** The underlying resource, for `addOverride`. */
  readonly manifest: Manifest;

  constructor(scope: Construct, id: string, props: CustomResourceProps) {
    super(scope, id);
    const { metadata, waitFor = [] } = props;
    pattern(this, 'name', metadata.name, resourceName);
    const { computedFields } = props;
    this.manifest = new Manifest(this, 'Resource', {
      manifest: {
        apiVersion: props.apiVersion,
        kind: props.kind,
        metadata: withoutUndefined({ ...metadata }),
        spec: props.spec,
      },
      ...(computedFields ? { computedFields: ['metadata.annotations', 'metadata.labels', ...computedFields] } : {}),
      ...(waitFor.length > 0 ? { wait: { condition: waitFor.map((condition) => ({ ...condition })) } } : {}),
      ...(waitFor.length > 0 ? { timeouts: timeouts(props.waitSeconds ?? 600) } : {}),
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

/** An attribute that is `undefined` would be written as null, which the API server reads as "remove". */
const withoutUndefined = <T extends object>(object: T): T =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => isKnown(value) || value !== undefined)) as T;
