import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type ServedProviders, serveProviders } from './server.ts';
import { Terraform, type TerraformError } from './terraform-cli.ts';
import { createToy, type Toy } from './toy.ts';

jest.setTimeout(120_000);

let toy: Toy;
let served: ServedProviders;
let directory: string;
let env: NodeJS.ProcessEnv;
let terraform: Terraform;
let logged: string[];

const write = (json: object) => writeFileSync(join(directory, 'main.tf.json'), JSON.stringify(json));
const thing = (properties: object, extra: object = {}) => ({ resource: { helm_thing: { one: properties } }, ...extra });
const apply = async () => terraform.apply(await terraform.plan());
const state = () => JSON.parse(readFileSync(join(directory, 'terraform.tfstate'), 'utf8'));
const attributes = () =>
  state().resources.find((one: { mode: string }) => one.mode === 'managed').instances[0].attributes;

beforeEach(async () => {
  toy = createToy();
  logged = [];
  served = await serveProviders([toy.definition], { schemas: { helm: toy.schema }, log: (text) => logged.push(text) });
  directory = mkdtempSync(join(tmpdir(), 'plinth-toy-'));
  env = {
    ...process.env,
    TF_REATTACH_PROVIDERS: served.reattach,
    CHECKPOINT_DISABLE: '1',
    TF_CLI_CONFIG_FILE: undefined,
  };
  terraform = new Terraform({ binary: 'terraform', directory, env });
  write({});
  await terraform.init();
});
afterEach(async () => {
  await served.close();
  rmSync(directory, { recursive: true, force: true });
});

test('defaults are planned, what the server decides is known after apply, and the second plan is empty', async () => {
  write(thing({ name: 'a', tags: ['y', 'x'], labels: { k: 'v' }, rule: [{ port: 2 }, { port: 1 }] }));
  const plan = await terraform.plan();
  expect(plan.changes[0]?.after).toMatchObject({ name: 'a', size: 3, tags: ['x', 'y'] });
  expect(plan.changes[0]?.after).not.toHaveProperty('zone');
  await terraform.apply(plan);
  expect(attributes()).toMatchObject({
    id: 'things/a',
    zone: 'zone-a',
    rule: [
      { port: 1, self_link: 'rules/1' },
      { port: 2, self_link: 'rules/2' },
    ],
    config: [{ mode: 'from-server', level: 1 }],
  });
  expect((await terraform.plan()).changes).toEqual([]);
});

test('a value that another resource decides is unknown at plan and known at apply', async () => {
  write({
    resource: {
      helm_thing: {
        one: { name: 'a' },
        two: { name: '${helm_thing.one.id}', labels: { z: '${helm_thing.one.zone}' } },
      },
    },
  });
  await apply();
  expect([...toy.things.keys()].sort()).toEqual(['things/a', 'things/things/a']);
  expect(toy.things.get('things/things/a')?.labels).toEqual({ z: 'zone-a' });
});

test('a dynamic value keeps its types: numbers, booleans, null, nested lists and objects', async () => {
  const anything = { n: 1, f: 1.5, b: true, s: 'x', nothing: null, list: [1, 'a', { deep: [] }] };
  write(thing({ name: 'a', anything }));
  await apply();
  expect(toy.things.get('things/a')?.anything).toEqual(anything);
  expect((await terraform.plan()).changes).toEqual([]);
});

test('a change in place updates; a change of a replacing attribute replaces and names its path', async () => {
  write(thing({ name: 'a', size: 1, config: [{ mode: 'm' }] }));
  await apply();
  write(thing({ name: 'a', size: 2, config: [{ mode: 'm' }] }));
  expect((await terraform.plan()).counts).toEqual({ add: 0, change: 1, destroy: 0 });
  write(thing({ name: 'a', size: 1, config: [{ mode: 'n' }] }));
  const plan = await terraform.plan();
  expect(plan.changes[0]).toMatchObject({ actions: ['delete', 'create'], replacePaths: [['config', 0, 'mode']] });
  await terraform.apply(plan);
  expect(toy.calls).toEqual(['create a', 'delete a', 'create a']);
});

test('a block that was left to the server keeps its value when something else changes', async () => {
  write(thing({ name: 'a' }));
  await apply();
  write(thing({ name: 'a', size: 4 }));
  await apply();
  expect(attributes().config).toEqual([{ mode: 'from-server', level: 1 }]);
});

test('an edit behind its back is drift, and a thing that is gone is created again', async () => {
  write(thing({ name: 'a', size: 1 }));
  await apply();
  toy.things.set('things/a', { ...toy.things.get('things/a'), size: 9 });
  const drifted = await terraform.plan();
  expect(drifted.drifted.map(({ address }) => address)).toEqual(['helm_thing.one']);
  expect(drifted.counts).toEqual({ add: 0, change: 1, destroy: 0 });
  toy.things.clear();
  expect((await terraform.plan()).counts).toEqual({ add: 1, change: 0, destroy: 0 });
});

test('what is not configured can be imported, and the plan after it is empty', async () => {
  write(thing({ name: 'a' }));
  await apply();
  rmSync(join(directory, 'terraform.tfstate'));
  write(thing({ name: 'a' }, { import: [{ to: 'helm_thing.one', id: 'things/a' }] }));
  const plan = await terraform.plan();
  expect(plan.counts).toEqual({ add: 0, change: 0, destroy: 0 });
  await terraform.apply(plan);
  expect(attributes().id).toBe('things/a');
  expect((await terraform.plan()).changes).toEqual([]);
});

test('what is not configured can be imported by the command, and an id that is nowhere is named', async () => {
  toy.things.set('things/a', { ...toy.things.get('things/a'), id: 'things/a', name: 'a', size: 3, zone: 'zone-b' });
  write(thing({ name: 'a' }));
  await terraform.import('helm_thing.one', 'things/a');
  expect(attributes()).toMatchObject({ id: 'things/a', zone: 'zone-b', tags: null, rule: [] });
  expect((await terraform.plan()).changes).toEqual([]);
  write({ resource: { helm_thing: { two: { name: 'b' } } } });
  await expect(terraform.import('helm_thing.two', 'things/b')).rejects.toThrow('there is no things/b');
});

test('refreshing alone takes an edit behind its back into the state', async () => {
  write(thing({ name: 'a', size: 1 }));
  await apply();
  toy.things.set('things/a', { ...toy.things.get('things/a'), size: 9 });
  const plan = await terraform.plan({ refreshOnly: true });
  expect(plan.changes).toEqual([]);
  await terraform.apply(plan);
  expect(attributes().size).toBe(9);
  expect(toy.calls).toEqual(['create a']);
});

test('an element of a set that comes or goes with a replacing attribute replaces', async () => {
  write(thing({ name: 'a', rule: [{ port: 1, kind: 'x' }, { port: 2 }] }));
  await apply();
  write(thing({ name: 'a', rule: [{ port: 1, kind: 'x' }, { port: 3 }] }));
  expect((await terraform.plan()).changes[0]?.actions).toEqual(['update']);
  write(thing({ name: 'a', rule: [{ port: 1, kind: 'y' }, { port: 2 }] }));
  expect((await terraform.plan()).changes[0]).toMatchObject({
    actions: ['delete', 'create'],
    replacePaths: [['rule']],
  });
});

test('an element that is added to a set leaves what the server said of the others', async () => {
  write(thing({ name: 'a', rule: [{ port: 1 }] }));
  await apply();
  write(thing({ name: 'a', rule: [{ port: 1 }, { port: 2 }] }));
  const [change] = (await terraform.plan()).changes;
  const rules = (change!.after as { rule: object[] }).rule;
  const unknown = (change!.afterUnknown as { rule: object[] }).rule;
  expect(rules.map((rule, index) => ({ ...rule, ...unknown[index] }))).toEqual([
    { kind: null, port: 1, self_link: 'rules/1' },
    { kind: null, port: 2, self_link: true },
  ]);
});

test('a fraction is the same number at the next plan, without looking', async () => {
  write(thing({ name: 'a', size: 0.1, anything: { share: 0.3 } }));
  await apply();
  expect((await terraform.plan({ refresh: false })).changes).toEqual([]);
});

test('a write-only value reaches the creation, and neither plan nor state', async () => {
  write(thing({ name: 'a', token_wo: 'hunter2' }));
  const plan = await terraform.plan();
  expect(JSON.stringify(plan)).not.toContain('hunter2');
  await terraform.apply(plan);
  expect(toy.tokens).toEqual(['hunter2']);
  expect(attributes().token_wo).toBeNull();
  expect((await terraform.plan()).changes).toEqual([]);
});

test('a state with an attribute that the schema no longer has is read', async () => {
  write(thing({ name: 'a' }));
  await apply();
  const old = state();
  old.resources[0].instances[0].attributes.former = 'x';
  delete old.resources[0].instances[0].attributes.tags;
  writeFileSync(join(directory, 'terraform.tfstate'), JSON.stringify({ ...old, serial: old.serial + 1 }));
  expect((await terraform.plan()).changes).toEqual([]);
});

test("what lifecycle rules ask for is Terraform's: ignored changes, creation before destruction", async () => {
  write(thing({ name: 'a', size: 1, lifecycle: { ignore_changes: ['size'], create_before_destroy: true } }));
  await apply();
  toy.things.set('things/a', { ...toy.things.get('things/a'), size: 9 });
  expect((await terraform.plan()).changes).toEqual([]);
  write(thing({ name: 'b', lifecycle: { create_before_destroy: true } }));
  await apply();
  expect(toy.calls).toEqual(['create a', 'create b', 'delete a']);
});

test('a sensitive value is in no output of Terraform', async () => {
  write(thing({ name: 'a', password: 'hunter2' }));
  const { stdout: shown } = await promisify(execFile)('terraform', ['plan', '-no-color'], { cwd: directory, env });
  expect(shown).toContain('(sensitive value)');
  expect(shown).not.toContain('hunter2');
});

test("a refusal names the attribute and keeps the provider's words", async () => {
  write(thing({ name: 'a', size: 13 }));
  const error = await terraform.plan().catch((reason: TerraformError) => reason);
  expect(error).toMatchObject({ diagnostics: [{ summary: 'size must not be 13', address: 'helm_thing.one' }] });
});

test('a refusal of a key in a map names the key', async () => {
  write(thing({ name: 'a', labels: { good: 'x', bad: 'y' } }));
  const validate = promisify(execFile)('terraform', ['validate', '-json'], { cwd: directory, env });
  const { stdout } = await validate.catch((refused: { stdout: string }) => refused);
  const [{ summary, snippet }] = JSON.parse(stdout).diagnostics;
  expect(summary).toBe('no label bad');
  expect(snippet.code.slice(snippet.highlight_start_offset, snippet.highlight_end_offset)).toBe('"y"');
});

test('a bug of a provider is an error of that resource, and the log tells where it is without a value', async () => {
  write(thing({ name: 'boom', password: 'hunter2' }));
  await expect(apply()).rejects.toThrow('in ApplyResourceChange of helm_thing');
  expect(logged.length).toBe(1);
  expect(logged[0]).toMatch(/^helm ApplyResourceChange helm_thing: TypeError\n\s+at .*create/);
  expect(logged[0]).not.toContain('hunter2');
  expect(state().resources).toEqual([]);
});

test('a state in which something is still unknown is refused by its place, and kept as tainted', async () => {
  write(thing({ name: 'vague' }));
  await expect(apply()).rejects.toThrow('helm_thing.one: helm_thing: size is still unknown');
  expect(state().resources[0].instances[0]).toMatchObject({
    status: 'tainted',
    attributes: { name: 'vague', size: null },
  });
});

test('a failed update leaves the former state', async () => {
  write(thing({ name: 'a', size: 1 }));
  await apply();
  write(thing({ name: 'a', size: 99 }));
  await expect(apply()).rejects.toThrow('helm_thing.one: size 99 is too much');
  expect(attributes().size).toBe(1);
  expect(state().resources[0].instances[0].status).toBeUndefined();
});

test('a type that nobody simulates is named', async () => {
  toy.definition.resources = {};
  write(thing({ name: 'a' }));
  await expect(terraform.plan()).rejects.toThrow('helm_thing is not simulated\nAdd a handler for it to the rehearsal.');
});

test('what was created before a failure stays in the state, tainted', async () => {
  write(thing({ name: 'half' }));
  await expect(apply()).rejects.toThrow('helm_thing.one: the second step failed\nthe first was done');
  const [resource] = state().resources;
  expect(resource.instances[0]).toMatchObject({ status: 'tainted', attributes: { id: 'things/half' } });
});

test('a data source reads at plan when it can, and after what it depends on when it must', async () => {
  write({
    data: { helm_look: { before: { name: 'a' }, after: { name: 'a', depends_on: ['helm_thing.one'] } } },
    ...thing({ name: 'a' }),
    output: { before: { value: '${data.helm_look.before.found}' }, after: { value: '${data.helm_look.after.found}' } },
  });
  await apply();
  expect(state().outputs).toMatchObject({ before: { value: false }, after: { value: true } });
});

test('a data source that asks for something unknown is read at apply', async () => {
  write({
    data: { helm_look: { it: { name: '${helm_thing.one.name}${replace(helm_thing.one.id, "/.*/", "")}' } } },
    ...thing({ name: 'a' }),
    output: { found: { value: '${data.helm_look.it.found}' } },
  });
  const plan = await terraform.plan();
  expect(plan.outputChanges).toEqual(['found']);
  await terraform.apply(plan);
  expect(await terraform.output()).toEqual({ found: true });
});

test('destroy leaves nothing', async () => {
  write(thing({ name: 'a' }));
  await apply();
  await terraform.destroy();
  expect(toy.things.size).toBe(0);
  expect(state().resources).toEqual([]);
});

test('sockets are in the folder that was asked for unless their path is too long, and gone afterwards', async () => {
  const near = join(directory, 's');
  const own = await serveProviders([toy.definition], { schemas: { helm: toy.schema }, directory: near });
  const address = (reattach: string) => JSON.parse(reattach)['registry.terraform.io/hashicorp/helm'].Addr.String;
  expect(address(own.reattach)).toBe(join(near, 'helm.sock'));
  await own.close();
  expect(existsSync(near)).toBe(false);
  const far = await serveProviders([toy.definition], {
    schemas: { helm: toy.schema },
    directory: join(directory, 'x'.repeat(99)),
  });
  expect(address(far.reattach).length).toBeLessThanOrEqual(100);
  await far.close();
  expect(existsSync(address(far.reattach))).toBe(false);
});
