import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { parse, stringify } from 'yaml';
import type { TransportConfig } from './transport.ts';

interface ExecPlugin {
  command: string;
  args?: string[];
  env?: { name: string; value: string }[];
}
interface Kubeconfig {
  'current-context'?: string;
  contexts?: { name: string; context: { cluster: string; user: string } }[];
  clusters?: {
    name: string;
    cluster: {
      server: string;
      'certificate-authority'?: string;
      'certificate-authority-data'?: string;
      'tls-server-name'?: string;
    };
  }[];
  users?: {
    name: string;
    user: {
      token?: string;
      tokenFile?: string;
      'client-certificate'?: string;
      'client-certificate-data'?: string;
      'client-key'?: string;
      'client-key-data'?: string;
      exec?: ExecPlugin;
    };
  }[];
}

export interface KubeconfigEntry {
  /** Name of context, cluster and user. */
  name: string;
  server: string;
  /** Path of the certificate authority; a path, so that the file stays small and readable. */
  caFile: string;
  token: string;
}

/** The text of a kubeconfig with one context. */
export function writeKubeconfig({ name, server, caFile, token }: KubeconfigEntry): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, 'certificate-authority': caFile } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  });
}

/** How to reach what a context of a kubeconfig file names. */
export function kubeconfigTransport(file: string, context?: string): TransportConfig {
  const config = parse(readFileSync(file, 'utf8')) as Kubeconfig;
  const name = context ?? config['current-context'];
  const found = config.contexts?.find((each) => each.name === name)?.context;
  const cluster = config.clusters?.find((each) => each.name === found?.cluster)?.cluster;
  const user = config.users?.find((each) => each.name === found?.user)?.user;
  if (!found || !cluster) {
    const names = config.contexts?.map((each) => each.name).join(', ') || 'none';
    throw new Error(`${file}: no context '${name ?? ''}' with a cluster; contexts there: ${names}`);
  }
  const pem = (data: string | undefined, path: string | undefined) => {
    if (data) return Buffer.from(data, 'base64').toString('utf8');
    return path ? readFileSync(resolve(dirname(file), path), 'utf8') : undefined;
  };
  return {
    server: cluster.server,
    tlsServerName: cluster['tls-server-name'],
    caPem: pem(cluster['certificate-authority-data'], cluster['certificate-authority']),
    certPem: pem(user?.['client-certificate-data'], user?.['client-certificate']),
    keyPem: pem(user?.['client-key-data'], user?.['client-key']),
    token:
      user?.token ??
      (user?.tokenFile ? () => readFileSync(user.tokenFile as string, 'utf8').trim() : execToken(user?.exec)),
  };
}

/** Asks a credential plugin for its token and keeps it until a minute before it ends. */
export function execToken(plugin: ExecPlugin | undefined, env: NodeJS.ProcessEnv = process.env) {
  if (!plugin) return undefined;
  let held: { token: string; until: number } | undefined;
  return async (): Promise<string> => {
    if (held && held.until > Date.now()) return held.token;
    const extra = Object.fromEntries((plugin.env ?? []).map((each) => [each.name, each.value]));
    const { stdout } = await promisify(execFile)(plugin.command, plugin.args ?? [], { env: { ...env, ...extra } });
    const { status } = JSON.parse(stdout) as { status?: { token?: string; expirationTimestamp?: string } };
    if (!status?.token) throw new Error(`${plugin.command} answered without status.token`);
    const until = status.expirationTimestamp ? Date.parse(status.expirationTimestamp) - 60_000 : Date.now() + 300_000;
    held = { token: status.token, until };
    return held.token;
  };
}
