/** The binaries that the rehearsal starts, each pinned here and nowhere else. */

export const TOOL_NAMES = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kwok',
  'helm',
  'kubectl',
  'terraform',
] as const;
export type ToolName = (typeof TOOL_NAMES)[number];

export type Platform = 'linux-amd64' | 'linux-arm64' | 'darwin-amd64' | 'darwin-arm64';

export interface Release {
  url: string;
  /** Pinned; where it is not, the publisher's checksum file is read beside the release (`checksumUrl`). */
  sha256?: string;
  checksumUrl?: string;
  /** Path of the binary inside the archive. @default the download is the binary */
  member?: string;
}

export interface GoBuild {
  /** Folder under `go/` whose go.mod and go.sum pin every module. */
  module: 'control-plane' | 'helm';
  package: string;
}

export interface Tool {
  name: ToolName;
  /** The one that is fetched or built, without `v`. */
  version: string;
  /** Whether a binary of that version, found on PATH, will do. */
  accepts: (version: string) => boolean;
  /** Said when a binary on PATH will not do, e.g. `1.36.x`. */
  accepted: string;
  /** Arguments that make the binary say its version. */
  ask: string[];
  /** Its version in what it says. */
  answer: RegExp;
  /** The publisher's binary for a platform, where one exists whose checksum can be had. */
  release: (platform: Platform) => Release | undefined;
  build?: GoBuild;
  /** What a user can do when it can be had in no way. */
  remedy: string;
}

export const KUBERNETES_VERSION = '1.36.1';
const ETCD_VERSION = '3.6.8';
const KWOK_VERSION = '0.8.0';
const HELM_VERSION = '3.22.0';
const TERRAFORM_VERSION = '1.11.4';
/** What go.mod of the modules under `go/` asks for. */
export const GO_MINIMUM = '1.26';

const numbers = (version: string): number[] => version.split('.').map((part) => Number.parseInt(part, 10) || 0);

/** Whether `version` is at least `minimum`; suffixes such as `-gke.1` count for nothing. */
export function atLeast(version: string, minimum: string): boolean {
  const [have, want] = [numbers(version), numbers(minimum)];
  for (let index = 0; index < 3; index++) {
    const difference = (have[index] ?? 0) - (want[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

const sameMinor = (pinned: string) => (version: string) =>
  numbers(version).slice(0, 2).join('.') === numbers(pinned).slice(0, 2).join('.');
const minorOf = (pinned: string): string => `${numbers(pinned).slice(0, 2).join('.')}.x`;

const KUBERNETES_SHA256: Record<string, string> = {
  'kube-apiserver linux-amd64': '9b4dba0a5b945f1fe0ce18f47535c5ff0c46ae384f9222047bce39fe91b6023e',
};

function kubernetes(name: 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler'): Tool {
  return {
    name,
    version: KUBERNETES_VERSION,
    accepts: sameMinor(KUBERNETES_VERSION),
    accepted: minorOf(KUBERNETES_VERSION),
    ask: ['--version'],
    answer: /Kubernetes v(\S+)/,
    release: (platform) => {
      // The project publishes servers for Linux only.
      if (platform.startsWith('darwin')) return undefined;
      return kubernetesRelease(name, platform);
    },
    build: { module: 'control-plane', package: `k8s.io/kubernetes/cmd/${name}` },
    remedy: `install ${name} ${minorOf(KUBERNETES_VERSION)}, or Go ${GO_MINIMUM} or newer to build it`,
  };
}

function kubernetesRelease(name: string, platform: Platform): Release {
  const url = `https://dl.k8s.io/release/v${KUBERNETES_VERSION}/bin/${osOf(platform)}/${archOf(platform)}/${name}`;
  return { url, sha256: KUBERNETES_SHA256[`${name} ${platform}`], checksumUrl: `${url}.sha256` };
}

const osOf = (platform: Platform): string => platform.split('-')[0] ?? '';
const archOf = (platform: Platform): string => platform.split('-')[1] ?? '';

/** KWOK publishes no checksum file: a platform without a pinned sum is built. */
const KWOK_SHA256: Partial<Record<Platform, string>> = {
  'linux-amd64': 'f5a4385a2ae1b9dd7f8acae18e002a75c0ebba124ae9d7259aa8dadb50711f46',
  'darwin-arm64': '69a064ec98d37844d9d742b5b28ff57825659a983ccc3e208daa6948b94d64ba',
};
const HELM_SHA256: Partial<Record<Platform, string>> = {
  'linux-amd64': '1e4ab49e429626cf6c6958d914248b78c9730803c2751b87627e171dc800e7bb',
  'linux-arm64': 'f14e804dfee240f55525b667488fe9adca349e63e00c9af634c0beb1421ac310',
  'darwin-amd64': 'bd1d09f316558dda23698527859600936fed1371021ce0f2272d66b2fdcfa69c',
  'darwin-arm64': '4c9982a6cdeb458b60258df66b55398ca5b19293f6877faffe2909ad6f23dfe0',
};
const TERRAFORM_SHA256: Record<Platform, string> = {
  'linux-amd64': '1ce994251c00281d6845f0f268637ba50c0005657eb3cf096b92f753b42ef4dc',
  'linux-arm64': 'a43d1d0da9b9bab214a8305a39db0e40869572594ccf50c416a7756499143633',
  'darwin-amd64': 'a56d5002b9f7647291faccc3dd1a70350e60fb61e4c45037629508b8fdc2575b',
  'darwin-arm64': '867e0808fa971217043e25b7a792b10720c79b1546f8a68479b74f138be73e18',
};

const etcd: Tool = {
  name: 'etcd',
  version: ETCD_VERSION,
  accepts: sameMinor(ETCD_VERSION),
  accepted: minorOf(ETCD_VERSION),
  ask: ['--version'],
  answer: /etcd Version: (\S+)/,
  release: (platform) => {
    const base = `https://github.com/etcd-io/etcd/releases/download/v${ETCD_VERSION}`;
    const folder = `etcd-v${ETCD_VERSION}-${platform}`;
    // macOS releases are zip files, Linux releases are tar files.
    const file = `${folder}.${platform.startsWith('darwin') ? 'zip' : 'tar.gz'}`;
    return { url: `${base}/${file}`, checksumUrl: `${base}/SHA256SUMS`, member: `${folder}/etcd` };
  },
  build: { module: 'control-plane', package: 'go.etcd.io/etcd/server/v3' },
  remedy: `install etcd ${minorOf(ETCD_VERSION)}, or Go ${GO_MINIMUM} or newer to build it`,
};

const kwok: Tool = {
  name: 'kwok',
  version: KWOK_VERSION,
  accepts: sameMinor(KWOK_VERSION),
  accepted: minorOf(KWOK_VERSION),
  ask: ['--version'],
  answer: /kwok version v(\S+)/,
  release: (platform) => {
    const sha256 = KWOK_SHA256[platform];
    return sha256
      ? { url: `https://github.com/kubernetes-sigs/kwok/releases/download/v${KWOK_VERSION}/kwok-${platform}`, sha256 }
      : undefined;
  },
  build: { module: 'control-plane', package: 'sigs.k8s.io/kwok/cmd/kwok' },
  remedy: `install kwok ${minorOf(KWOK_VERSION)}, or Go ${GO_MINIMUM} or newer to build it`,
};

const helm: Tool = {
  name: 'helm',
  version: HELM_VERSION,
  accepts: sameMinor(HELM_VERSION),
  accepted: minorOf(HELM_VERSION),
  ask: ['version', '--short'],
  answer: /v([0-9.]+)/,
  release: (platform) => {
    const url = `https://get.helm.sh/helm-v${HELM_VERSION}-${platform}.tar.gz`;
    return { url, sha256: HELM_SHA256[platform], checksumUrl: `${url}.sha256sum`, member: `${platform}/helm` };
  },
  build: { module: 'helm', package: 'helm.sh/helm/v3/cmd/helm' },
  remedy: `install Helm ${minorOf(HELM_VERSION)}, or Go ${GO_MINIMUM} or newer to build it`,
};

const kubectl: Tool = {
  name: 'kubectl',
  version: KUBERNETES_VERSION,
  // Only `plinth rehearse --keep` prints it for the user; the objects looked at are as old as 1.30.
  accepts: (version) => atLeast(version, '1.30'),
  accepted: '1.30 or newer',
  ask: ['version', '--client'],
  answer: /Client Version: v(\S+)/,
  release: (platform) => kubernetesRelease('kubectl', platform),
  build: { module: 'control-plane', package: 'k8s.io/kubernetes/cmd/kubectl' },
  remedy: `install kubectl 1.30 or newer, or Go ${GO_MINIMUM} or newer to build it`,
};

const terraform: Tool = {
  name: 'terraform',
  version: TERRAFORM_VERSION,
  accepts: (version) => atLeast(version, '1.11') && !atLeast(version, '2'),
  accepted: '1.11 or newer, below 2',
  ask: ['version'],
  answer: /Terraform v(\S+)/,
  release: (platform) => ({
    url: `https://releases.hashicorp.com/terraform/${TERRAFORM_VERSION}/terraform_${TERRAFORM_VERSION}_${osOf(platform)}_${archOf(platform)}.zip`,
    sha256: TERRAFORM_SHA256[platform],
    member: 'terraform',
  }),
  // Its module replaces others and cannot be built as a tool of ours.
  remedy: 'install Terraform 1.11 or newer (below 2) and put it on PATH',
};

export const TOOLS: Record<ToolName, Tool> = {
  etcd,
  'kube-apiserver': kubernetes('kube-apiserver'),
  'kube-controller-manager': kubernetes('kube-controller-manager'),
  'kube-scheduler': kubernetes('kube-scheduler'),
  kwok,
  helm,
  kubectl,
  terraform,
};

/** `undefined` on a platform that nothing is published for. */
export function currentPlatform(): Platform | undefined {
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  const platform = `${process.platform}-${architecture}`;
  return ['linux-amd64', 'linux-arm64', 'darwin-amd64', 'darwin-arm64'].includes(platform)
    ? (platform as Platform)
    : undefined;
}

/** Versions that the binaries are told at the link: built from a module, Kubernetes would call itself v0.0.0 and charts would refuse it. */
export const LINK_VARIABLES: Record<GoBuild['module'], Record<string, string>> = {
  'control-plane': {
    'k8s.io/component-base/version.gitVersion': `v${KUBERNETES_VERSION}`,
    'k8s.io/component-base/version.gitMajor': numbers(KUBERNETES_VERSION)[0]?.toString() ?? '',
    'k8s.io/component-base/version.gitMinor': numbers(KUBERNETES_VERSION)[1]?.toString() ?? '',
    'k8s.io/component-base/version.gitTreeState': 'clean',
  },
  helm: {
    'helm.sh/helm/v3/internal/version.version': `v${HELM_VERSION}`,
    'helm.sh/helm/v3/internal/version.gitTreeState': 'clean',
  },
};
