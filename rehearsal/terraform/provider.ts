/**
 * What a stand-in provider is: the types that the plugin server (this folder) and the providers
 * (../providers) share. A provider module holds handlers and a behaviour table; everything about the
 * wire (gRPC, msgpack, schemas, unknown values, planning of computed attributes) is the server's.
 */

/** A value that Terraform does not know yet ("known after apply"). */
export class Unknown {
  readonly kind = 'unknown';
}
export const UNKNOWN = new Unknown();
export const isUnknown = (value: unknown): value is Unknown => value instanceof Unknown;

/**
 * A Terraform value in memory. Lists, sets and repeated blocks are arrays (also blocks that may occur once at most);
 * maps, objects and single blocks are records; numbers are plain numbers.
 */
export type Value = null | string | number | boolean | Unknown | Value[] | { [name: string]: Value };
export type Obj = { [name: string]: Value };

export interface Diagnostic {
  severity: 'error' | 'warning';
  summary: string;
  detail?: string;
  /** Path of the attribute at fault, e.g. `['node_config', 0, 'machine_type']`. */
  attribute?: (string | number)[];
}

/** Thrown by a handler: becomes an error diagnostic of Terraform at that attribute. */
export class ProviderError extends Error {
  readonly detail: string;
  readonly attribute: (string | number)[] | undefined;
  /**
   * What there is after the failure: of a creation it is kept in the state as tainted, so that it is not forgotten; of an
   * update or a removal it replaces the former state. @default nothing of a creation, else the former state
   */
  partial: Obj | undefined;
  constructor(summary: string, detail = '', attribute?: (string | number)[]) {
    super(summary);
    this.name = 'ProviderError';
    this.detail = detail;
    this.attribute = attribute;
  }
}

/** A cty type as Terraform writes it in JSON: `"string"`, `["list","string"]`, `["object",{...}]`, `"dynamic"`. */
export type CtyType = string | [string, CtyType | { [name: string]: CtyType }];

export interface Attribute {
  name: string;
  type: CtyType;
  /** A nested attribute of protocol 6, whose own attributes may be optional; `type` is then its object type. */
  nested?: { nesting: 'single' | 'list' | 'set' | 'map'; attributes: Attribute[] };
  required?: boolean;
  optional?: boolean;
  computed?: boolean;
  sensitive?: boolean;
  /** In the configuration only, never in a plan or a state. */
  writeOnly?: boolean;
}
export interface NestedBlock {
  name: string;
  nesting: 'single' | 'list' | 'set' | 'map';
  minItems: number;
  /** 0: no limit. */
  maxItems: number;
  block: Block;
}
export interface Block {
  attributes: Attribute[];
  blocks: NestedBlock[];
}
export interface ProviderSchema {
  /** Version of the real provider that the bindings wrap, e.g. `6.50.0`. */
  version: string;
  provider: Block;
  resources: Record<string, Block>;
  dataSources: Record<string, Block>;
}

/**
 * What the bindings do not tell about a resource type. Paths are dotted without indices: `node_config.service_account`.
 */
export interface ResourceBehaviour {
  /** A change of these forces a new resource. */
  replace?: string[];
  /** Values the provider itself plans for an unset attribute. */
  defaults?: Record<string, string | number | boolean>;
  /** Blocks or attributes that keep the server's value when unset in the configuration. */
  optionalComputed?: string[];
  sensitive?: string[];
  /** What must not be set together with any of the others. */
  conflicts?: Record<string, string[]>;
  /** What needs all of the others to be set too. */
  requires?: Record<string, string[]>;
  /** Groups of which exactly one must be set; within a block, where that block is there. */
  exactlyOne?: string[][];
  /** Groups of which at least one must be set; within a block, where that block is there. */
  atLeastOne?: string[][];
}

export interface PlanContext {
  config: Obj;
  /** null when the resource is to be created. */
  prior: Obj | null;
  /** The plan after the server has filled in defaults, unknowns and kept values; to be changed or returned as it is. */
  planned: Obj;
  /** Paths (dotted) that force replacement, as found by the server from the behaviour table. */
  replace: string[];
}

export interface ResourceHandler {
  validate?(config: Obj): Diagnostic[] | Promise<Diagnostic[]>;
  plan?(context: PlanContext): Promise<{ planned: Obj; replace: string[]; diagnostics?: Diagnostic[] }>;
  /** Gets the plan (may hold UNKNOWN); returns the whole state: absent attributes are null, nothing is unknown. */
  create(planned: Obj, config: Obj): Promise<Obj>;
  /** The live state, or null when the object is gone. */
  read(state: Obj): Promise<Obj | null>;
  update?(prior: Obj, planned: Obj, config: Obj): Promise<Obj>;
  delete(prior: Obj): Promise<void>;
  /** State for `terraform import`; read() is called on it afterwards. */
  import?(id: string): Promise<Obj>;
}
export interface DataSourceHandler {
  read(config: Obj): Promise<Obj>;
}

export interface ProviderDefinition {
  /** `google`, `kubernetes` or `helm`: served as registry.terraform.io/hashicorp/<name>. */
  name: string;
  behaviour: Record<string, ResourceBehaviour>;
  configure(config: Obj): Promise<Diagnostic[]>;
  /** Terraform was interrupted and waits for what is under way: to be cut short. May be called more than once. */
  stop?(): void | Promise<void>;
  resources: Record<string, ResourceHandler>;
  dataSources: Record<string, DataSourceHandler>;
}
