import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isReachable } from './reachability.ts';

let cacheDir: string;
let server: Server;
let origin: string;
let asked: number;
beforeEach(async () => {
  cacheDir = mkdtempSync(join(tmpdir(), 'plinth-reach-'));
  asked = 0;
  server = createServer((_, response) => {
    asked++;
    response.statusCode = 404;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(cacheDir, { recursive: true });
});

test('a host is asked once, whatever the path and the answer', async () => {
  expect(await isReachable(`${origin}/a`, { cacheDir })).toEqual({ reachable: true });
  expect(await isReachable(`${origin}/b`, { cacheDir })).toEqual({ reachable: true });
  expect(asked).toBe(1);
});

test('a host that cannot be reached is remembered for later runs', async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  expect(await isReachable(origin, { cacheDir })).toEqual({ reachable: false, reason: 'ECONNREFUSED' });
  expect(JSON.parse(readFileSync(join(cacheDir, 'unreachable.json'), 'utf8'))).toEqual({
    [origin]: { at: expect.any(Number), reason: 'ECONNREFUSED' },
  });
});

test('within the hour it is not asked again, after that it is', async () => {
  const remember = (at: number) =>
    writeFileSync(join(cacheDir, 'unreachable.json'), JSON.stringify({ [origin]: { at, reason: 'ENOTFOUND' } }));
  remember(Date.now() - 59 * 60_000);
  expect(await isReachable(origin, { cacheDir })).toEqual({
    reachable: false,
    reason: 'ENOTFOUND (remembered for an hour)',
  });
  remember(Date.now() - 61 * 60_000);
  expect(await isReachable(origin, { cacheDir })).toEqual({ reachable: true });
});
