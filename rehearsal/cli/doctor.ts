import { statfsSync } from 'node:fs';
import { homedir, totalmem } from 'node:os';
import {
  currentPlatform,
  findGo,
  findInstalledJava,
  findPresent,
  GO_MINIMUM,
  isReachable,
  plinthCache,
  type Reachability,
  runCommand,
  TOOL_NAMES,
  TOOLS,
  type Tool,
} from '../tools/index.ts';

export interface DoctorOptions {
  print: (line: string) => void;
  /** @default the user's cache */
  cacheDir?: string;
  /** Asks whether a host answers. @default a bounded probe */
  reach?: (url: string) => Promise<Reachability>;
}

/** What `npm install` of this workspace needs anyway; older Nodes do not run TypeScript as it is. */
const NODE_MINIMUM = [22, 18] as const;
/** Go's caches, the tools and a run's etcd together, seen on an empty machine. */
const DISK_GIB_COLD = 12;
const DISK_GIB_WARM = 2;
/** What a control plane with the operators' objects takes. */
const MEMORY_GIB = 3;
/** Minutes on two busy cores, nothing cached. */
const BUILD_MINUTES = { 'control-plane': 7, helm: 2 } as const;

/** Where things come from that are not on the machine; what each is for. */
const PLACES: [name: string, url: string, use: string][] = [
  ['npm registry', 'https://registry.npmjs.org', 'the project itself'],
  ['Go module proxy', 'https://proxy.golang.org', 'building the tools'],
  ['Maven Central', 'https://repo.maven.apache.org', "Strimzi's resource definitions"],
  ['PyPI', 'https://pypi.org', 'a Java runtime, where none is installed'],
  ['Kubernetes releases', 'https://dl.k8s.io', 'the control plane, ready-made'],
  ['GitHub releases', 'https://github.com', 'etcd and kwok, ready-made'],
  ['Helm releases', 'https://get.helm.sh', 'helm, ready-made'],
  ['HashiCorp releases', 'https://releases.hashicorp.com', 'terraform, ready-made'],
  ['Terraform registry', 'https://registry.terraform.io', 'the real providers'],
  ['Quay', 'https://quay.io', "Strimzi's chart"],
  ['Traefik charts', 'https://traefik.github.io', "Traefik's chart"],
  ['Istio charts', 'https://istio-release.storage.googleapis.com', "Istio's charts"],
  ['External Secrets charts', 'https://charts.external-secrets.io', "External Secrets' chart"],
];

/** Says what a rehearsal finds on this machine and what it would fetch or build. 0 when one can run, else 1. */
export async function doctor({ print, cacheDir = plinthCache(), reach }: DoctorOptions): Promise<number> {
  const problems: string[] = [];
  const line = (mark: string, name: string, text: string) => print(`  ${mark} ${name.padEnd(24)} ${text}`);
  const [go, reached, present] = await Promise.all([
    findGo(),
    Promise.all(PLACES.map(([, url]) => (reach ?? ((each) => isReachable(each, { cacheDir, fresh: true })))(url))),
    Promise.all(TOOL_NAMES.map((name) => findPresent(TOOLS[name], cacheDir))),
  ]);
  const canReach = (url: string): boolean => {
    const index = PLACES.findIndex(([, place]) => new URL(place).origin === new URL(url).origin);
    return reached[index]?.reachable ?? false;
  };
  const platform = currentPlatform();

  print('On this machine');
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const nodeIsFine = major > NODE_MINIMUM[0] || (major === NODE_MINIMUM[0] && minor >= NODE_MINIMUM[1]);
  line(nodeIsFine ? '+' : '!', 'node', `${process.versions.node} (${process.execPath})`);
  if (!nodeIsFine) problems.push(`node: ${process.versions.node} is too old; run npm install, which brings its own`);
  if (!platform)
    problems.push(
      `platform: ${process.platform} ${process.arch} is not supported; use Linux or macOS on amd64 or arm64`,
    );
  line(
    go ? '+' : '-',
    'go',
    go
      ? `${go.version}${go.needsUpgrade ? `, fetches ${GO_MINIMUM} when it builds` : ''}`
      : 'absent: only needed to build tools',
  );
  const java = findInstalledJava();
  line(
    java ? '+' : '-',
    'java',
    java ? `${java.major} (${java.path})` : 'no 21 or newer: fetched from PyPI when needed',
  );
  const python = await runCommand('python3', ['--version'], { timeout: 10_000 }).catch(() => undefined);
  line(
    python ? '+' : '-',
    'python3',
    python?.stdout.trim().replace('Python ', '') || 'absent: only needed to fetch Java',
  );
  if (!java && !python)
    problems.push('java: none of version 21 or newer, and no Python to fetch one with; install either');

  print('Tools');
  const toFetch: string[] = [];
  const toBuild: Tool[] = [];
  for (const [index, name] of TOOL_NAMES.entries()) {
    const tool = TOOLS[name];
    const found = present[index];
    if (found && 'path' in found) {
      line(
        '+',
        name,
        `${found.version} (${found.origin === 'path' ? found.path : `in the cache, ${found.source === 'built' ? 'built from source' : 'fetched'}`})`,
      );
      continue;
    }
    const misfit = found ? `${found.misfit}; ` : '';
    const release = platform && tool.release(platform);
    if (release && canReach(release.url)) {
      toFetch.push(name);
      line('~', name, `${misfit}${tool.version} will be fetched from ${new URL(release.url).host}`);
    } else if (tool.build && go) {
      toBuild.push(tool);
      line('~', name, `${misfit}${tool.version} will be built from ${tool.build.package}`);
    } else {
      line('!', name, `${misfit}cannot be had`);
      problems.push(
        `${name}: ${misfit || 'absent, '}its release cannot be reached${tool.build ? ' and there is no Go to build it' : ''}; ${tool.remedy}`,
      );
    }
  }
  if (toBuild.length > 0 && !canReach('https://proxy.golang.org') && !process.env.GOPROXY && !process.env.GOFLAGS) {
    line('?', 'building', 'the Go module proxy cannot be reached: only modules that are cached already can be built');
  }

  print('Places');
  for (const [index, [name, , use]] of PLACES.entries()) {
    const result = reached[index];
    line(
      result?.reachable ? '+' : '-',
      name,
      `${result?.reachable ? 'reachable' : `not reachable (${result?.reason})`}: ${use}`,
    );
  }

  print('Room');
  const needed = toBuild.length > 0 ? DISK_GIB_COLD : DISK_GIB_WARM;
  const free = freeGib(cacheDir);
  line(free >= needed ? '+' : '!', 'disk', `${free} GiB free for ${cacheDir}, about ${needed} needed`);
  if (free < needed)
    problems.push(
      `disk: ${free} GiB free for ${cacheDir}, about ${needed} needed; free some, or set XDG_CACHE_HOME to another disk`,
    );
  const memory = Math.round(totalmem() / 2 ** 30);
  line(memory >= MEMORY_GIB ? '+' : '!', 'memory', `${memory} GiB, about ${MEMORY_GIB} needed`);
  if (memory < MEMORY_GIB) problems.push(`memory: ${memory} GiB, about ${MEMORY_GIB} needed`);

  print('');
  if (problems.length > 0) {
    print('A rehearsal cannot run here yet:');
    for (const problem of problems) print(`  ${problem}`);
    return 1;
  }
  const modules = new Set(toBuild.map(({ build }) => build?.module).filter((module) => module !== undefined));
  const minutes = [...modules].reduce((sum, module) => sum + BUILD_MINUTES[module], 0);
  const work = [
    toFetch.length > 0 ? `fetches ${toFetch.join(', ')}` : '',
    toBuild.length > 0 ? `builds ${toBuild.map(({ name }) => name).join(', ')} (up to ${minutes} minutes, once)` : '',
  ].filter(Boolean);
  print(
    work.length > 0
      ? `A rehearsal can run here; the first ${work.join(' and ')}.`
      : 'A rehearsal can run here; nothing has to be fetched or built for its tools.',
  );
  return 0;
}

/** Of the disk that will hold the folder, which may not exist yet. */
function freeGib(folder: string): number {
  for (const path of [folder, homedir()]) {
    try {
      const { bavail, bsize } = statfsSync(path);
      return Math.floor((bavail * bsize) / 2 ** 30);
    } catch {
      // The next one exists.
    }
  }
  return 0;
}
