import type * as grpc from '@grpc/grpc-js';
import { checkCombinations } from './combinations.ts';
import {
  blockType,
  decodeValue,
  dottedPath,
  encodeValue,
  type Steps,
  showSteps,
  unknownsIn,
  type WireValue,
  wirePath,
  withoutUnknown,
} from './cty.ts';
import { completeState, concretePaths, fillPlan, replacements } from './plan.ts';
import {
  type Block,
  type Diagnostic,
  type Obj,
  type ProviderDefinition,
  ProviderError,
  type ProviderSchema,
  type ResourceBehaviour,
} from './provider.ts';

interface Request {
  type_name: string;
  config?: WireValue;
  prior_state?: WireValue;
  planned_state?: WireValue;
  proposed_new_state?: WireValue;
  current_state?: WireValue;
  raw_state?: { json: Uint8Array };
  private?: Uint8Array;
  prior_private?: Uint8Array;
  planned_private?: Uint8Array;
  id: string;
}

const NO_TYPE: Block = { attributes: [], blocks: [] };

const toWireDiagnostic = (block: Block) => (one: Diagnostic) => ({
  severity: one.severity.toUpperCase(),
  summary: one.summary,
  detail: one.detail ?? '',
  ...(one.attribute ? { attribute: wirePath(blockType(block), one.attribute) } : {}),
});

/** Frames of a failure without its message, which may quote a value. */
const framesOf = ({ name, stack = '' }: Error): string =>
  [name, ...stack.split('\n').filter((line) => /^\s+at /.test(line))].join('\n');

const NONE: ResourceBehaviour = {};

/** One provider as gRPC methods. Values come in and go out by the schema's types; handlers see plain objects. */
export class ProviderService {
  private readonly definition: ProviderDefinition;
  private readonly schema: ProviderSchema;
  private readonly wire: object;
  private readonly log: (text: string) => void;

  constructor(definition: ProviderDefinition, schema: ProviderSchema, wire: object, log: (text: string) => void) {
    this.definition = definition;
    this.schema = schema;
    this.wire = wire;
    this.log = log;
  }

  methods(): grpc.UntypedServiceImplementation {
    const own: Record<string, (request: Request) => object | Promise<object>> = {
      GetMetadata: () => ({
        server_capabilities: { get_provider_schema_optional: true },
        resources: Object.keys(this.schema.resources).map((type_name) => ({ type_name })),
        data_sources: Object.keys(this.schema.dataSources).map((type_name) => ({ type_name })),
      }),
      GetProviderSchema: () => this.wire,
      GetFunctions: () => ({}),
      StopProvider: async () => {
        await this.definition.stop?.();
        return {};
      },
      ValidateProviderConfig: () => ({}),
      ConfigureProvider: async (request) => {
        const block = this.schema.provider;
        const diagnostics = await this.definition.configure(this.decode(request.config, block) ?? {});
        return { diagnostics: diagnostics.map(toWireDiagnostic(block)) };
      },
      ValidateResourceConfig: (request) => this.validate(request),
      ValidateDataResourceConfig: () => ({}),
      // The state file's own form goes back as it came, dynamic values included.
      UpgradeResourceState: (request) => ({ upgraded_state: { json: request.raw_state?.json } }),
      ReadResource: (request) => this.read(request),
      PlanResourceChange: (request) => this.plan(request),
      ApplyResourceChange: (request) => this.apply(request),
      ImportResourceState: (request) => this.import(request),
      ReadDataSource: (request) => this.readData(request),
    };
    return Object.fromEntries(
      Object.entries(own).map(([name, method]) => [
        name,
        async (call: grpc.ServerUnaryCall<Request, object>, callback: grpc.sendUnaryData<object>) => {
          try {
            callback(null, await method(call.request));
          } catch (error) {
            const diagnostic = this.diagnose(error, name, call.request.type_name);
            callback(null, { diagnostics: [toWireDiagnostic(this.blockOf(name, call.request.type_name))(diagnostic)] });
          }
        },
      ]),
    );
  }

  /** A handler's refusal is told as it is; anything else is our fault, and its stack goes to the log. */
  private diagnose(error: unknown, method: string, type: string): Diagnostic {
    if (error instanceof ProviderError) {
      return { severity: 'error', summary: error.message, detail: error.detail, attribute: error.attribute };
    }
    const failure = error instanceof Error ? error : new Error(String(error));
    this.log(`${this.definition.name} ${method} ${type}: ${framesOf(failure)}`);
    return {
      severity: 'error',
      summary: failure.message || failure.name,
      detail: `in ${method} of ${type || this.definition.name}`,
    };
  }

  /** The block that a method's diagnostics point into. */
  private blockOf(method: string, type: string): Block {
    if (method === 'ConfigureProvider') return this.schema.provider;
    const { resources, dataSources } = this.schema;
    return (/Data/.test(method) ? dataSources[type] : resources[type]) ?? NO_TYPE;
  }

  private decode(value: WireValue | undefined, block: Block): Obj | null {
    return decodeValue(value, blockType(block)) as Obj | null;
  }

  private of(type: string) {
    const block = this.schema.resources[type];
    const handler = this.definition.resources[type];
    if (!block || !handler)
      throw new ProviderError(`${type} is not simulated`, 'Add a handler for it to the rehearsal.');
    return { block, handler, behaviour: this.definition.behaviour[type] ?? NONE };
  }

  private encode(state: Obj | null, block: Block): WireValue {
    return encodeValue(state, blockType(block));
  }

  private async validate({ type_name, config }: Request): Promise<object> {
    const { block, handler, behaviour } = this.of(type_name);
    const configured = this.decode(config, block) ?? {};
    const combinations = checkCombinations(block, behaviour, configured);
    const own = (await handler.validate?.(configured)) ?? [];
    return { diagnostics: [...combinations, ...own].map(toWireDiagnostic(block)) };
  }

  private async read(request: Request): Promise<object> {
    const { block, handler } = this.of(request.type_name);
    const current = this.decode(request.current_state, block);
    const live = current && (await handler.read(current));
    const state = live && this.complete(request.type_name, block, live, current);
    return { new_state: this.encode(state, block), private: request.private };
  }

  private async plan(request: Request): Promise<object> {
    const { block, handler, behaviour } = this.of(request.type_name);
    const prior = this.decode(request.prior_state, block);
    const proposed = this.decode(request.proposed_new_state, block);
    if (!proposed) return { planned_state: this.encode(null, block), planned_private: request.prior_private };
    const config = this.decode(request.config, block) ?? {};
    let planned = fillPlan(block, behaviour, proposed, prior ?? undefined);
    const forced = prior ? replacements(block, behaviour, prior, planned, proposed) : [];
    let replace: Steps[] = forced;
    let diagnostics: Diagnostic[] = [];
    if (handler.plan) {
      const own = [...new Set(forced.map(dottedPath))];
      const adjusted = await handler.plan({ config, prior, planned, replace: own });
      planned = adjusted.planned;
      diagnostics = adjusted.diagnostics ?? [];
      const added = adjusted.replace.filter((path) => !own.includes(path));
      replace = [
        ...forced.filter((steps) => adjusted.replace.includes(dottedPath(steps))),
        ...added.flatMap((path) => concretePaths(block, path, planned)),
      ];
    }
    return {
      planned_state: this.encode(planned, block),
      requires_replace: replace.map((steps) => wirePath(blockType(block), steps)),
      planned_private: request.prior_private,
      diagnostics: diagnostics.map(toWireDiagnostic(block)),
      legacy_type_system: true,
    };
  }

  private async apply(request: Request): Promise<object> {
    const { block, handler } = this.of(request.type_name);
    const prior = this.decode(request.prior_state, block);
    const planned = this.decode(request.planned_state, block);
    const config = this.decode(request.config, block) ?? {};
    const done = (state: Obj | null, diagnostics: Diagnostic[] = []) => ({
      new_state: this.encode(state, block),
      private: request.planned_private,
      diagnostics: diagnostics.map(toWireDiagnostic(block)),
      legacy_type_system: true,
    });
    try {
      if (!planned) {
        if (prior) await handler.delete(prior);
        return done(null);
      }
      if (prior && !handler.update) throw new ProviderError(`${request.type_name} cannot be updated in place`);
      const state = prior ? await handler.update!(prior, planned, config) : await handler.create(planned, config);
      return done(this.complete(request.type_name, block, state, planned));
    } catch (error) {
      const diagnostic = this.diagnose(error, 'ApplyResourceChange', request.type_name);
      const partial = error instanceof ProviderError ? error.partial : undefined;
      const kept = partial && (withoutUnknown(completeState(block, partial, planned ?? prior ?? undefined)) as Obj);
      return done(kept ?? prior, [diagnostic]);
    }
  }

  /**
   * A state as Terraform takes it: of the schema's shape and with nothing unknown, which would end the run. What the plan left
   * to the server and the handler passes on as it was, the server has not set; any other unknown is the handler's mistake.
   */
  private complete(type: string, block: Block, state: Obj, planned: Obj | null): Obj {
    const left = new Set(unknownsIn(planned ?? undefined).map(dottedPath));
    const unknown = unknownsIn(state).find((steps) => !left.has(dottedPath(steps)));
    const complete = withoutUnknown(completeState(block, state, planned ?? undefined)) as Obj;
    if (!unknown) return complete;
    const error = new ProviderError(`${type}: ${showSteps(unknown)} is still unknown`, '', unknown);
    error.partial = complete;
    throw error;
  }

  private async import(request: Request): Promise<object> {
    const { block, handler } = this.of(request.type_name);
    if (!handler.import) throw new ProviderError(`${request.type_name} cannot be imported`);
    const state = completeState(block, await handler.import(request.id), undefined);
    return { imported_resources: [{ type_name: request.type_name, state: this.encode(state, block) }] };
  }

  private async readData({ type_name, config }: Request): Promise<object> {
    const block = this.schema.dataSources[type_name];
    const handler = this.definition.dataSources[type_name];
    if (!block || !handler) throw new ProviderError(`data source ${type_name} is not simulated`);
    const wanted = this.decode(config, block) ?? {};
    return { state: this.encode(this.complete(type_name, block, await handler.read(wanted), wanted), block) };
  }
}
