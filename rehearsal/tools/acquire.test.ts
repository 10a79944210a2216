import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { doctor } from '../cli/doctor.ts';
import { acquireTools } from './acquire.ts';
import { findInstalledJava, findJava } from './java.ts';

/** No host is asked: every publisher was found unreachable a moment ago. */
const HOSTS = ['https://dl.k8s.io', 'https://github.com', 'https://get.helm.sh', 'https://releases.hashicorp.com'];

let folder: string;
let bin: string;
let cacheDir: string;
const realPath = process.env.PATH;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plinth-acquire-'));
  bin = join(folder, 'bin');
  cacheDir = join(folder, 'cache');
  mkdirSync(bin);
  mkdirSync(cacheDir);
  const unreachable = Object.fromEntries(HOSTS.map((host) => [host, { at: Date.now(), reason: 'ENOTFOUND' }]));
  writeFileSync(join(cacheDir, 'unreachable.json'), JSON.stringify(unreachable));
  process.env.PATH = bin;
});
afterEach(() => {
  process.env.PATH = realPath;
  rmSync(folder, { recursive: true, force: true });
});

function script(name: string, body: string): string {
  const path = join(bin, name);
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** Stands for the compiler: as `go build` it leaves, for every package asked for, a script that says the right version. */
const fakeGo = (atBuild = ''): string =>
  script(
    'go',
    `case "$1" in
env) echo "\${GO_SAYS:-go1.26.8}" ;;
list) echo "go: downloading k8s.io/kubernetes v1.36.1" >&2; echo fmt ;;
build)
  ${atBuild}
  for last; do case "$last" in */bin/) out=$last ;; esac; done
  echo k8s.io/kubernetes >&2
  for package; do case "$package" in
    k8s.io/kubernetes/cmd/*) name=\${package##*/}; printf '#!/bin/sh\\necho Kubernetes v1.36.1\\n' > "$out$name"; /bin/chmod 755 "$out$name" ;;
    go.etcd.io/*) printf '#!/bin/sh\\necho etcd Version: 3.6.8\\n' > "\${out}server"; /bin/chmod 755 "\${out}server" ;;
  esac; done ;;
esac`,
  );

test('a binary on PATH in a version that will do is used', async () => {
  const path = script('terraform', 'echo "Terraform v1.14.0"');
  expect(await acquireTools(['terraform'], { cacheDir })).toEqual({
    terraform: { path, version: '1.14.0', origin: 'path', seconds: expect.any(Number) },
  });
});

test('without a usable Terraform and without its publisher, the error says what was found and what to do', async () => {
  const path = script('terraform', 'echo "Terraform v1.5.7"');
  await expect(acquireTools(['terraform'], { cacheDir })).rejects.toThrow(
    new Error(
      `terraform: ${path} is 1.5.7, not 1.11 or newer, below 2, and releases.hashicorp.com cannot be reached (ENOTFOUND (remembered for an hour)); install Terraform 1.11 or newer (below 2) and put it on PATH`,
    ),
  );
});

test('what cannot be fetched is built once, and found in the cache from then on', async () => {
  fakeGo();
  const said: string[] = [];
  const built = await acquireTools(['etcd', 'kube-apiserver'], { cacheDir, progress: (message) => said.push(message) });
  expect([built.etcd.origin, built.etcd.version, built['kube-apiserver'].origin]).toEqual(['built', '3.6.8', 'built']);
  script('go', 'exit 1');
  const again = await acquireTools(['etcd', 'kube-apiserver'], { cacheDir });
  expect(again.etcd).toEqual({
    path: join(cacheDir, 'tools/etcd/3.6.8/etcd'),
    version: '3.6.8',
    origin: 'cache',
    source: 'built',
    seconds: 0,
  });
});

test('only what is missing is built', async () => {
  fakeGo();
  const path = script('etcd', 'echo "etcd Version: 3.6.1"');
  const tools = await acquireTools(['etcd', 'kube-scheduler'], { cacheDir });
  expect([tools.etcd.path, tools.etcd.origin, tools['kube-scheduler'].origin]).toEqual([path, 'path', 'built']);
  expect(existsSync(join(cacheDir, 'tools', 'etcd'))).toBe(false);
});

test('two runs at once build once', async () => {
  const log = join(folder, 'builds');
  writeFileSync(log, '');
  fakeGo(`echo built >> ${log}; /bin/sleep 0.3`);
  const runs = await Promise.all([acquireTools(['etcd'], { cacheDir }), acquireTools(['etcd'], { cacheDir })]);
  expect(runs.map(({ etcd }) => etcd.origin).sort()).toEqual(['built', 'cache']);
  expect(readFileSync(log, 'utf8')).toBe('built\n');
});

test('an interrupted build leaves neither a file nor a process', async () => {
  const started = join(folder, 'started');
  fakeGo(`echo $$ > ${started}.new; /bin/mv ${started}.new ${started}; /bin/sleep 600`);
  const aborter = new AbortController();
  const run = acquireTools(['etcd'], { cacheDir, signal: aborter.signal });
  run.catch(() => {});
  while (!existsSync(started)) await new Promise((resolve) => setTimeout(resolve, 10));
  aborter.abort(new Error('interrupted'));
  await expect(run).rejects.toThrow('interrupted');
  expect(readdirSync(join(cacheDir, 'tools'))).toEqual([]);
  expect(readdirSync(join(cacheDir, 'locks'))).toEqual([]);
  const pid = Number(readFileSync(started, 'utf8'));
  expect(() => process.kill(pid, 0)).toThrow('kill ESRCH');
});

test('without Go one sentence says so', async () => {
  await expect(acquireTools(['etcd'], { cacheDir })).rejects.toThrow(
    new Error('etcd: no Go is on PATH to build it; install Go 1.26 or newer (https://go.dev/dl)'),
  );
});

test('a Go that cannot fetch a newer one is refused', async () => {
  script('go', 'echo go1.19.8');
  await expect(acquireTools(['etcd'], { cacheDir })).rejects.toThrow(
    new Error('etcd: Go 1.19.8 is too old to build it; install Go 1.26 or newer (https://go.dev/dl)'),
  );
});

test('a failed build is told with the last thing Go said, and leaves nothing', async () => {
  fakeGo('echo "cannot find module" >&2; exit 1');
  await expect(acquireTools(['etcd'], { cacheDir })).rejects.toThrow(
    'etcd: go build failed: cannot find module; check that the Go module proxy can be reached (go env GOPROXY)',
  );
  expect(readdirSync(join(cacheDir, 'tools'))).toEqual([]);
});

test('a cache folder that was left incomplete is replaced', async () => {
  fakeGo();
  mkdirSync(join(cacheDir, 'tools/etcd/3.6.8'), { recursive: true });
  writeFileSync(join(cacheDir, 'tools/etcd/3.6.8/etcd'), 'half');
  expect((await acquireTools(['etcd'], { cacheDir })).etcd.origin).toBe('built');
  expect(readFileSync(join(cacheDir, 'tools/etcd/3.6.8/etcd'), 'utf8')).toContain('etcd Version: 3.6.8');
});

describe('java', () => {
  const home = process.env.JAVA_HOME;
  afterEach(() => {
    if (home === undefined) delete process.env.JAVA_HOME;
    else process.env.JAVA_HOME = home;
  });
  const runtime = (version: string): string => {
    const path = join(folder, `java-${version}`);
    mkdirSync(join(path, 'bin'), { recursive: true });
    writeFileSync(join(path, 'bin', 'java'), '');
    writeFileSync(join(path, 'release'), `IMPLEMENTOR="x"\nJAVA_VERSION="${version}"\n`);
    return path;
  };

  test('JAVA_HOME is used when it is new enough', () => {
    process.env.JAVA_HOME = runtime('999.0.1');
    expect(findInstalledJava(999)).toEqual({
      path: join(folder, 'java-999.0.1', 'bin', 'java'),
      major: 999,
      origin: 'machine',
    });
  });

  test('one that is too old is passed over', () => {
    process.env.JAVA_HOME = runtime('17.0.15');
    expect(findInstalledJava(999)).toBeUndefined();
  });

  test('one that is newer than what can be fetched is asked of the user', async () => {
    await expect(findJava(999, { cacheDir })).rejects.toThrow(
      new Error('java: no Java 999 or newer is here; install a Java runtime of version 999 or newer'),
    );
  });
});

describe('doctor', () => {
  const offline = async () => ({ reachable: false, reason: 'ENOTFOUND' });
  const run = async (reach: (url: string) => Promise<{ reachable: boolean; reason?: string }>) => {
    const lines: string[] = [];
    const code = await doctor({ print: (line) => lines.push(line), cacheDir, reach });
    return { code, lines };
  };

  test('a machine that can have no Terraform is told so, with the remedy', async () => {
    fakeGo();
    const { code, lines } = await run(offline);
    expect(code).toBe(1);
    expect(lines).toContain(
      '  terraform: absent, its release cannot be reached; install Terraform 1.11 or newer (below 2) and put it on PATH',
    );
  });

  test('what will be built and what will be fetched is said beforehand', async () => {
    fakeGo();
    script('terraform', 'echo "Terraform v1.11.4"');
    script('python3', 'echo "Python 3.11.7"');
    const { lines } = await run(async (url) => ({ reachable: !url.includes('k8s.io') && !url.includes('github.com') }));
    expect(lines).toContain('  ~ etcd                     3.6.8 will be built from go.etcd.io/etcd/server/v3');
    expect(lines).toContain('  ~ helm                     3.22.0 will be fetched from get.helm.sh');
  });
});
