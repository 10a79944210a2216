import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { terraformConfiguration } from './engines.ts';
import type { RunDirectory } from './run-directory.ts';

const SYSTEM_CERTIFICATES = [
  process.env.SSL_CERT_FILE,
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/cert.pem',
];

export interface TerraformAccess {
  kubeconfig: string;
  caFile: string;
  /** JSON for TF_REATTACH_PROVIDERS; empty when the providers are real. */
  reattach: string;
  google: Record<string, string>;
}

/**
 * The credential plugin of GKE under its own name: it answers with the token of the rehearsal's API server, read from
 * the kubeconfig when it is asked, so that the token is in no argument and in no state.
 */
function writeCredentialPlugin(folder: string, kubeconfig: string): void {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'gke-gcloud-auth-plugin');
  const script = `#!/bin/sh
token=$(sed -n 's/^ *token: *"\\{0,1\\}\\([^"]*\\)"\\{0,1\\}$/\\1/p' '${kubeconfig}' | head -n 1)
printf '{"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential","status":{"token":"%s"}}' "$token"
`;
  writeFileSync(file, script);
  chmodSync(file, 0o700);
}

/**
 * Environment variables under which the synthesized files find the rehearsal where they expect GKE: a credential plugin
 * on the PATH, our certificate beside the system's, a home folder with a kubeconfig, and Google's endpoints.
 */
export function terraformEnvironment(run: RunDirectory, access: TerraformAccess): Record<string, string> {
  const bin = join(run.path, 'bin');
  writeCredentialPlugin(bin, access.kubeconfig);
  const kube = join(run.home, '.kube');
  mkdirSync(kube, { recursive: true, mode: 0o700 });
  writeFileSync(join(kube, 'config'), readFileSync(access.kubeconfig), { mode: 0o600 });
  const bundle = join(run.path, 'certificates.pem');
  const system = SYSTEM_CERTIFICATES.find((file) => file && existsSync(file));
  writeFileSync(bundle, `${system ? readFileSync(system, 'utf8') : ''}\n${readFileSync(access.caFile, 'utf8')}`);
  const configuration = terraformConfiguration();
  return {
    ...access.google,
    ...(access.reattach ? { TF_REATTACH_PROVIDERS: access.reattach } : {}),
    ...(configuration ? { TF_CLI_CONFIG_FILE: configuration } : {}),
    HOME: run.home,
    PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
    SSL_CERT_FILE: bundle,
    CHECKPOINT_DISABLE: '1',
    TF_IN_AUTOMATION: '1',
    NO_PROXY: '127.0.0.1,localhost',
    no_proxy: '127.0.0.1,localhost',
  };
}

/** The user's own settings that would lead Terraform away from the rehearsal. */
export const MISLEADING = /^(KUBE_|KUBECONFIG$|GOOGLE_|GCLOUD_|CLOUDSDK_|TF_(?!PLUGIN_CACHE_DIR)|HELM_)/;
