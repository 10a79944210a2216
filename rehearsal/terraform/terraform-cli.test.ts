import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ServedProviders, serveProviders } from './server.ts';
import { Terraform, type TerraformError, type TerraformOptions } from './terraform-cli.ts';
import { createToy, type Toy } from './toy.ts';

jest.setTimeout(120_000);

let toy: Toy;
let served: ServedProviders;
let directory: string;

const write = (json: object) => writeFileSync(join(directory, 'main.tf.json'), JSON.stringify(json));
const create = (options: Partial<TerraformOptions> = {}) =>
  new Terraform({
    binary: 'terraform',
    directory,
    env: {
      ...process.env,
      TF_REATTACH_PROVIDERS: served.reattach,
      CHECKPOINT_DISABLE: '1',
      TF_CLI_CONFIG_FILE: undefined,
    },
    ...options,
  });
const things = (resources: object, extra: object = {}) => ({ resource: { helm_thing: resources }, ...extra });

beforeEach(async () => {
  toy = createToy();
  served = await serveProviders([toy.definition], { schemas: { helm: toy.schema } });
  directory = mkdtempSync(join(tmpdir(), 'plinth-cli-'));
});
afterEach(async () => {
  await served.close();
  rmSync(directory, { recursive: true, force: true });
});

test('init needs no registry for providers that are attached, and locks none', async () => {
  write(
    things(
      { one: { name: 'a' } },
      { terraform: { required_providers: { helm: { source: 'hashicorp/helm', version: '3.1.1' } } } },
    ),
  );
  await create().init();
  expect(existsSync(join(directory, '.terraform.lock.hcl'))).toBe(false);
});

test('an apply says what it does as it happens, in words and as events', async () => {
  write(things({ one: { name: 'a' } }));
  const said: string[] = [];
  const events: (string | undefined)[] = [];
  const terraform = create({ onProgress: (what) => said.push(what), onEvent: ({ type }) => events.push(type) });
  await terraform.init();
  const plan = await terraform.plan();
  events.length = 0;
  await terraform.apply(plan);
  expect(said).toEqual(['helm_thing.one: create', 'helm_thing.one: create done in 0 s']);
  expect(events).toEqual(expect.arrayContaining(['apply_start', 'apply_complete', 'change_summary', 'outputs']));
});

test('a plan tells changes, counts, outputs and what is not known yet', async () => {
  write(things({ one: { name: 'a' }, two: { name: 'b' } }, { output: { zone: { value: '${helm_thing.one.zone}' } } }));
  const terraform = create();
  await terraform.init();
  await terraform.apply(await terraform.plan());
  write(things({ one: { name: 'c' }, three: { name: 'd' } }));
  const plan = await terraform.plan();
  expect(plan.counts).toEqual({ add: 2, change: 0, destroy: 2 });
  expect(plan.changes.map(({ address, actions }) => [address, actions])).toEqual([
    ['helm_thing.one', ['delete', 'create']],
    ['helm_thing.three', ['create']],
    ['helm_thing.two', ['delete']],
  ]);
  expect(plan.changes[0]).toMatchObject({
    before: { name: 'a' },
    after: { name: 'c' },
    afterUnknown: { id: true, zone: true },
  });
  expect(plan.outputChanges).toEqual(['zone']);
  expect(await terraform.output()).toEqual({ zone: 'zone-a' });
  expect(await terraform.addresses()).toEqual(['helm_thing.one', 'helm_thing.two']);
});

test('every failure of an apply is gathered with its resource', async () => {
  write(things({ one: { name: 'half' }, two: { name: 'boom' }, three: { name: 'c' } }));
  const terraform = create();
  await terraform.init();
  const error: TerraformError = await terraform.apply(await terraform.plan()).then(
    () => Promise.reject(new Error('it went through')),
    (reason) => reason,
  );
  expect(error.command).toBe('apply');
  expect(error.diagnostics.map(({ address, summary }) => `${address}: ${summary}`).sort()).toEqual([
    'helm_thing.one: the second step failed',
    'helm_thing.two: no such thing as null',
  ]);
  expect([...toy.things.keys()].sort()).toEqual(['things/c', 'things/half']);
});

test('a failure outside of plan and apply has its words without the frame around them', async () => {
  write({ terraform: { required_version: '< 1.0.0' } });
  await expect(create().init()).rejects.toMatchObject({
    command: 'init',
    message: expect.stringMatching(/^Error: Unsupported Terraform Core version/),
  });
});

test('a binary that is not there is an error, not a wait', async () => {
  write({});
  await expect(create({ binary: join(directory, 'none') }).init()).rejects.toMatchObject({ code: 'ENOENT' });
});

test('an abort stops the providers, and Terraform leaves its state without a lock', async () => {
  write(things({ quick: { name: 'a' }, slow: { name: 'slow', depends_on: ['helm_thing.quick'] } }));
  const abort = new AbortController();
  const terraform = create({
    signal: abort.signal,
    onProgress: (what) => what === 'helm_thing.slow: create' && abort.abort(new Error('enough')),
  });
  await terraform.init();
  await expect(terraform.apply(await terraform.plan())).rejects.toThrow('enough');
  const { resources } = JSON.parse(readFileSync(join(directory, 'terraform.tfstate'), 'utf8'));
  expect(resources.map(({ name }: { name: string }) => name)).toEqual(['quick']);
  expect(existsSync(join(directory, '.terraform.tfstate.lock.info'))).toBe(false);
  await create().destroy();
  expect(toy.calls).toEqual(['create a', 'create slow', 'delete a']);
});

test('a Terraform that does not end after an interrupt is killed, and the next run is not locked out', async () => {
  delete toy.definition.stop;
  write(things({ slow: { name: 'slow' } }));
  const abort = new AbortController();
  const terraform = create({
    graceMs: 300,
    onProgress: (what) => what === 'helm_thing.slow: create' && abort.abort(new Error('enough')),
  });
  await terraform.init();
  const plan = await terraform.plan();
  await expect(terraform.apply(plan, abort.signal)).rejects.toThrow('enough');
  expect((await terraform.plan()).counts).toEqual({ add: 1, change: 0, destroy: 0 });
});

test('nothing is started after an abort', async () => {
  write({});
  const signal = AbortSignal.abort(new Error('over'));
  await expect(create({ signal }).init()).rejects.toThrow('over');
  expect(existsSync(join(directory, '.terraform'))).toBe(false);
});
