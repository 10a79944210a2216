import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execToken, kubeconfigTransport, writeKubeconfig } from './kubeconfig.ts';

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plinth-kubeconfig-'));
  file = join(directory, 'kubeconfig');
  writeFileSync(join(directory, 'ca.crt'), 'PEM');
  writeFileSync(
    file,
    writeKubeconfig({
      name: 'rehearsal',
      server: 'https://127.0.0.1:6443',
      caFile: join(directory, 'ca.crt'),
      token: 't0ken',
    }),
  );
});
afterEach(() => rmSync(directory, { recursive: true }));

test('what is written is what is read', () => {
  expect(kubeconfigTransport(file)).toMatchObject({ server: 'https://127.0.0.1:6443', token: 't0ken', caPem: 'PEM' });
});

test('an unknown context is refused with the names of those that are there', () => {
  expect(() => kubeconfigTransport(file, 'prod')).toThrow(
    `${file}: no context 'prod' with a cluster; contexts there: rehearsal`,
  );
});

test('a credential plugin is asked once while its token lasts', async () => {
  const plugin = join(directory, 'plugin');
  const log = join(directory, 'calls');
  writeFileSync(log, '');
  writeFileSync(
    plugin,
    `#!/bin/sh\necho "$WHO" >> ${log}\necho '{"status":{"token":"fresh","expirationTimestamp":"2999-01-01T00:00:00Z"}}'\n`,
  );
  chmodSync(plugin, 0o755);
  const token = execToken({ command: plugin, env: [{ name: 'WHO', value: 'me' }] });
  expect([await token?.(), await token?.()]).toEqual(['fresh', 'fresh']);
  const { readFileSync } = await import('node:fs');
  expect(readFileSync(log, 'utf8')).toBe('me\n');
});
