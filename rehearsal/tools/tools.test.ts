import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { atLeast, LINK_VARIABLES, type Platform, TOOL_NAMES, TOOLS } from './tools.ts';

const PLATFORMS: Platform[] = ['linux-amd64', 'linux-arm64', 'darwin-amd64', 'darwin-arm64'];
const goMod = (module: string): string => readFileSync(join(import.meta.dirname, 'go', module, 'go.mod'), 'utf8');

test.each([
  ['1.11.4', '1.11', true],
  ['1.9.8', '1.11', false],
  ['2.0.0', '2', true],
  ['1.32.4-dispatcher', '1.30', true],
  ['1.26', '1.26.0', true],
])('%s is at least %s: %p', (version, minimum, expected) => {
  expect(atLeast(version, minimum)).toBe(expected);
});

test.each([
  ['terraform', '1.11.0', true],
  ['terraform', '1.15.2', true],
  ['terraform', '1.10.5', false],
  ['terraform', '2.0.0', false],
  ['kubectl', '1.30.0', true],
  ['kubectl', '1.29.9', false],
  ['kube-apiserver', '1.36.4', true],
  ['kube-apiserver', '1.35.9', false],
  ['etcd', '3.5.25', false],
  ['helm', '4.0.0', false],
] as const)('%s %s on PATH will do: %p', (name, version, expected) => {
  expect(TOOLS[name].accepts(version)).toBe(expected);
});

test.each([
  ['etcd', 'etcd Version: 3.6.8\nGit SHA: x', '3.6.8'],
  ['kube-apiserver', 'Kubernetes v1.36.1', '1.36.1'],
  ['kwok', 'kwok version v0.8.0 go1.26.8 (linux/amd64)', '0.8.0'],
  ['helm', 'v3.22.0+g144ca65', '3.22.0'],
  ['kubectl', 'Client Version: v1.32.4-dispatcher\nKustomize Version: v5.5.0', '1.32.4-dispatcher'],
  ['terraform', 'Terraform v1.11.4\non linux_amd64', '1.11.4'],
] as const)('%s is understood when it says its version', (name, said, version) => {
  expect(TOOLS[name].answer.exec(said)?.[1]).toBe(version);
});

test('every release can be checked, and comes over https', () => {
  const unchecked = TOOL_NAMES.flatMap((name) =>
    PLATFORMS.flatMap((platform) => {
      const release = TOOLS[name].release(platform);
      if (!release) return [];
      const fine =
        release.url.startsWith('https://') &&
        (release.sha256?.length === 64 || release.checksumUrl?.startsWith('https://'));
      return fine ? [] : [`${name} ${platform}`];
    }),
  );
  expect(unchecked).toEqual([]);
});

test('every release is of the pinned version', () => {
  const others = TOOL_NAMES.flatMap((name) =>
    PLATFORMS.map((platform) => [name, TOOLS[name].release(platform)?.url] as const),
  ).filter(([name, url]) => url && !url.includes(TOOLS[name].version));
  expect(others).toEqual([]);
});

test('what has no release everywhere can be built', () => {
  const neither = TOOL_NAMES.filter(
    (name) => !TOOLS[name].build && PLATFORMS.some((platform) => !TOOLS[name].release(platform)),
  );
  expect(neither).toEqual([]);
});

test('every package that is built is a tool of its go.mod', () => {
  const absent = Object.values(TOOLS).filter(
    ({ build }) => build && !new RegExp(`^(tool )?\\s*${build.package}$`, 'm').test(goMod(build.module)),
  );
  expect(absent.map(({ name }) => name)).toEqual([]);
});

test('go.mod pins the versions of this list', () => {
  const controlPlane = goMod('control-plane');
  expect(/k8s\.io\/kubernetes v(\S+)/.exec(controlPlane)?.[1]).toBe(TOOLS['kube-apiserver'].version);
  expect(/go\.etcd\.io\/etcd\/server\/v3 v(\S+)/.exec(controlPlane)?.[1]).toBe(TOOLS.etcd.version);
  expect(/sigs\.k8s\.io\/kwok v(\S+)/.exec(controlPlane)?.[1]).toBe(TOOLS.kwok.version);
  expect(/helm\.sh\/helm\/v3 v(\S+)/.exec(goMod('helm'))?.[1]).toBe(TOOLS.helm.version);
  expect(LINK_VARIABLES['control-plane']['k8s.io/component-base/version.gitVersion']).toBe(
    `v${TOOLS['kube-apiserver'].version}`,
  );
});
