import { type Obj, type ProviderDefinition, ProviderError, type ProviderSchema } from './provider.ts';

/** A provider for the tests of the protocol: things in memory, with every kind of attribute that the real ones have. */
export interface Toy {
  definition: ProviderDefinition;
  schema: ProviderSchema;
  things: Map<string, Obj>;
  calls: string[];
}

export function createToy(): Toy {
  const things = new Map<string, Obj>();
  const calls: string[] = [];
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
        replace: ['name', 'config.mode'],
        defaults: { size: 3, 'config.level': 5 },
        optionalComputed: ['config'],
      },
    },
    configure: async () => [],
    resources: {
      helm_thing: {
        validate: (config) =>
          config.size === 13 ? [{ severity: 'error', summary: 'size must not be 13', attribute: ['size'] }] : [],
        async create(planned) {
          calls.push(`create ${planned.name}`);
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
  return { definition, schema, things, calls };
}
