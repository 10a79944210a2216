import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KubeClient } from './client.ts';
import type { KubeObject } from './objects.ts';
import type { WatchEvent } from './watch.ts';

/** An API server of ConfigMaps that answers each list and each watch as the test says. */
let server: Server;
let client: KubeClient;
let asked: string[];
let lists: { resourceVersion: string; names: string[] }[];
let watches: ((response: ServerResponse) => void)[];

const item = (name: string, resourceVersion: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default', resourceVersion },
});
const line = (type: string, object: unknown): string => `${JSON.stringify({ type, object })}\n`;

function answer(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '', 'http://localhost');
  if (url.pathname === '/api/v1') {
    response.end(
      JSON.stringify({
        resources: [{ name: 'configmaps', kind: 'ConfigMap', namespaced: true, verbs: ['list', 'watch'] }],
      }),
    );
  } else if (url.searchParams.get('watch')) {
    asked.push(`watch from ${url.searchParams.get('resourceVersion')}`);
    watches.shift()?.(response);
  } else {
    asked.push('list');
    const { resourceVersion, names } = lists.shift() ?? { resourceVersion: '0', names: [] };
    response.end(
      JSON.stringify({ metadata: { resourceVersion }, items: names.map((name) => item(name, resourceVersion)) }),
    );
  }
}

beforeEach(async () => {
  asked = [];
  server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = KubeClient.fromConfig({ server: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
afterEach(async () => {
  await client.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function seenUntil(count: number): Promise<string[]> {
  const stop = new AbortController();
  const seen: string[] = [];
  const watch = client.watch(
    'v1',
    'ConfigMap',
    ({ type, object }: WatchEvent) => {
      seen.push(`${type} ${object.metadata.name}`);
      if (seen.length === count) stop.abort();
    },
    { signal: stop.signal },
  );
  await watch.done;
  return seen;
}

test('a watch that the server ends goes on where it stopped', async () => {
  lists = [{ resourceVersion: '10', names: ['a'] }];
  watches = [
    (response) => response.end(line('MODIFIED', item('a', '11')) + line('BOOKMARK', item('', '15'))),
    (response) => response.write(line('ADDED', item('b', '16'))),
  ];
  expect(await seenUntil(3)).toEqual(['ADDED a', 'MODIFIED a', 'ADDED b']);
  expect(asked).toEqual(['list', 'watch from 10', 'watch from 15']);
});

test('a connection that breaks in the middle of an event loses nothing', async () => {
  lists = [{ resourceVersion: '10', names: [] }];
  const event = line('ADDED', item('a', '11'));
  watches = [
    (response) => {
      response.write(event.slice(0, 20));
      setTimeout(() => response.destroy(), 50);
    },
    (response) => response.write(event),
  ];
  expect(await seenUntil(1)).toEqual(['ADDED a']);
  expect(asked).toEqual(['list', 'watch from 10', 'watch from 10']);
});

test('when the server has forgotten the place, the new list tells what came, changed and went meanwhile', async () => {
  lists = [
    { resourceVersion: '10', names: ['kept', 'gone'] },
    { resourceVersion: '90', names: ['kept', 'new'] },
  ];
  watches = [(response) => response.end(line('ERROR', { code: 410, message: 'too old resource version' }))];
  expect(await seenUntil(5)).toEqual(['ADDED kept', 'ADDED gone', 'MODIFIED kept', 'ADDED new', 'DELETED gone']);
  expect(asked.slice(0, 3)).toEqual(['list', 'watch from 10', 'list']);
});

test('what the handler throws is told and does not end the watch', async () => {
  lists = [{ resourceVersion: '10', names: ['a', 'b'] }];
  watches = [];
  const stop = new AbortController();
  const errors: unknown[] = [];
  const watch = client.watch(
    'v1',
    'ConfigMap',
    ({ object }) => {
      if (object.metadata.name === 'b') stop.abort();
      else throw new Error('no');
    },
    { signal: stop.signal, onError: (error) => errors.push((error as Error).message) },
  );
  await watch.done;
  expect(errors).toEqual(['no']);
});

test('a watch that is ended before its first list says so', async () => {
  const stop = new AbortController();
  const watch = client.watch('v1', 'Absent', () => {}, { signal: stop.signal });
  stop.abort();
  await expect(watch.synced).rejects.toThrow('the watch of Absent was ended before its first list');
  await watch.done;
});
