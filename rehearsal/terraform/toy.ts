import {
  type Diagnostic,
  type Obj,
  type ProviderDefinition,
  ProviderError,
  type ProviderSchema,
  UNKNOWN,
} from './provider.ts';

/**
 * A provider for the tests of the protocol: things in memory, with every kind of attribute that the real ones have. Some names
 * misbehave: `half` fails after it was created, `boom` has a bug, `vague` leaves something unknown, `slow` waits to be stopped.
 */
export interface Toy {
  definition: ProviderDefinition;
  schema: ProviderSchema;
  things: Map<string, Obj>;
  calls: string[];
  /** The write-only token of each creation. */
  tokens: unknown[];
}

export function createToy(): Toy {
  const things = new Map<string, Obj>();
  const calls: string[] = [];
  const tokens: unknown[] = [];
  const stops: (() => void)[] = [];
  let serial = 0;
  const schema: ProviderSchema = {
    version: '0.0.0',
    provider: { attributes: [{ name: 'region', type: 'string', optional: true }], blocks: [] },
    resources: {
      helm_thing: {
        attributes: [
          { name: 'id', type: 'string', computed: true },
          { name: 'name', type: 'string', required: true },
          { name: 'size', type: 'number', optional: true },
          { name: 'zone', type: 'string', optional: true, computed: true },
          { name: 'tags', type: ['set', 'string'], optional: true },
          { name: 'labels', type: ['map', 'string'], optional: true },
          { name: 'anything', type: 'dynamic', optional: true },
          { name: 'password', type: 'string', optional: true, sensitive: true },
          { name: 'token_wo', type: 'string', optional: true, writeOnly: true },
          { name: 'serial', type: 'number', computed: true },
        ],
        blocks: [
          {
            name: 'rule',
            nesting: 'set',
            minItems: 0,
            maxItems: 0,
            block: {
              attributes: [
                { name: 'port', type: 'number', required: true },
                { name: 'kind', type: 'string', optional: true },
                { name: 'self_link', type: 'string', computed: true },
              ],
              blocks: [],
            },
          },
          {
            name: 'config',
            nesting: 'list',
            minItems: 0,
            maxItems: 1,
            block: {
              attributes: [
                { name: 'mode', type: 'string', optional: true },
                { name: 'level', type: 'number', optional: true },
              ],
              blocks: [],
            },
          },
        ],
      },
    },
    dataSources: {
      helm_look: {
        attributes: [
          { name: 'name', type: 'string', required: true },
          { name: 'found', type: 'bool', computed: true },
        ],
        blocks: [],
      },
    },
  };
  const complete = (planned: Obj): Obj => ({
    ...planned,
    zone: typeof planned.zone === 'string' ? planned.zone : 'zone-a',
    rule: ((planned.rule as Obj[] | null) ?? []).map((rule) => ({ ...rule, self_link: `rules/${rule.port}` })),
    config: Array.isArray(planned.config) ? planned.config : [{ mode: 'from-server', level: 1 }],
  });
  const definition: ProviderDefinition = {
    name: 'helm',
    behaviour: {
      helm_thing: {
        replace: ['name', 'config.mode', 'rule.kind'],
        defaults: { size: 3, 'config.level': 5 },
        optionalComputed: ['config'],
      },
    },
    configure: async () => [],
    stop: () => {
      for (const stop of stops.splice(0)) stop();
    },
    resources: {
      helm_thing: {
        validate: ({ size, labels }) => {
          const found: Diagnostic[] = [];
          if (size === 13) found.push({ severity: 'error', summary: 'size must not be 13', attribute: ['size'] });
          if ((labels as Obj | null)?.bad !== undefined) {
            found.push({ severity: 'error', summary: 'no label bad', attribute: ['labels', 'bad'] });
          }
          return found;
        },
        async create(planned, config) {
          calls.push(`create ${planned.name}`);
          tokens.push(config.token_wo ?? null);
          if (planned.name === 'boom') throw new TypeError(`no such thing as ${planned.password}`);
          if (planned.name === 'vague') return { ...planned, size: UNKNOWN };
          if (planned.name === 'slow') await new Promise<void>((resolve) => stops.push(resolve));
          if (planned.name === 'slow') throw new ProviderError('stopped');
          serial += 1;
          const state = { ...complete(planned), id: `things/${planned.name}`, serial };
          if (planned.name === 'half') {
            things.set(state.id, state);
            const error = new ProviderError('the second step failed', 'the first was done');
            error.partial = state;
            throw error;
          }
          things.set(state.id, state);
          return state;
        },
        read: async (state) => things.get(String(state.id)) ?? null,
        async update(prior, planned) {
          calls.push(`update ${planned.name}`);
          if (planned.size === 99) throw new ProviderError('size 99 is too much', '', ['size']);
          const state = { ...prior, ...complete(planned) };
          things.set(String(prior.id), state);
          return state;
        },
        async delete(prior) {
          calls.push(`delete ${prior.name}`);
          things.delete(String(prior.id));
        },
        import: async (id) => {
          const thing = things.get(id);
          if (!thing) throw new ProviderError(`there is no ${id}`);
          return thing;
        },
      },
    },
    dataSources: {
      helm_look: { read: async ({ name }) => ({ name: name ?? null, found: things.has(`things/${name}`) }) },
    },
  };
  return { definition, schema, things, calls, tokens };
}
