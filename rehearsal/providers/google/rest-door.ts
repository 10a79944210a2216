import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GoogleApiError, type Json, type Method } from './api.ts';
import type { GoogleCloud } from './cloud.ts';

export interface RestDoor {
  /** `http://127.0.0.1:<port>` */
  url: string;
  /** Environment variables under which the real google provider comes here, and nowhere else. */
  environment: Record<string, string>;
  close(): Promise<void>;
}

/**
 * Custom endpoints of provider google 6.50. With plain http bases the provider does not strip the version of container,
 * IAM and resource manager, and adds it again: those are given without, or doubled ones are read as one.
 */
const ENDPOINTS: Record<string, string> = {
  GOOGLE_COMPUTE_CUSTOM_ENDPOINT: 'compute/v1/',
  GOOGLE_CONTAINER_CUSTOM_ENDPOINT: 'container/',
  GOOGLE_IAM_CUSTOM_ENDPOINT: 'iam/',
  GOOGLE_IAM_BETA_CUSTOM_ENDPOINT: 'iam/v1/',
  GOOGLE_RESOURCE_MANAGER_CUSTOM_ENDPOINT: 'resourcemanager/',
  GOOGLE_RESOURCE_MANAGER_V3_CUSTOM_ENDPOINT: 'resourcemanager/v3/',
  GOOGLE_SERVICE_USAGE_CUSTOM_ENDPOINT: 'serviceusage/',
  GOOGLE_CLOUD_BILLING_CUSTOM_ENDPOINT: 'billing/v1/',
  GOOGLE_BILLING_CUSTOM_ENDPOINT: 'billing/v1/',
  GOOGLE_ARTIFACT_REGISTRY_CUSTOM_ENDPOINT: 'artifactregistry/v1/',
  GOOGLE_KMS_CUSTOM_ENDPOINT: 'kms/v1/',
  GOOGLE_STORAGE_CUSTOM_ENDPOINT: 'storage/v1/',
  GOOGLE_SECRET_MANAGER_CUSTOM_ENDPOINT: 'secretmanager/v1/',
};

/** Google's REST APIs on the loopback, answered by one simulated project. */
export async function startRestDoor(
  cloud: GoogleCloud,
  options: { log?: (line: string) => void } = {},
): Promise<RestDoor> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const send = (status: number, body: Json) => {
      options.log?.(
        `${request.method} ${request.url} ${status}${status >= 400 ? ` ${body?.error?.message ?? ''}` : ''}`,
      );
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body ?? {}));
    };
    try {
      if (request.url?.startsWith('/computeMetadata/')) {
        response.writeHead(404, { 'Metadata-Flavor': 'Google' }).end();
        return;
      }
      send(200, await cloud.request(request.method as Method, request.url ?? '/', text ? JSON.parse(text) : {}));
    } catch (error) {
      if (error instanceof GoogleApiError) return send(error.code, error.toBody());
      options.log?.((error as Error).stack ?? String(error));
      send(500, { error: { code: 500, message: (error as Error).message } });
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    environment: {
      ...Object.fromEntries(Object.entries(ENDPOINTS).map(([name, path]) => [name, `${url}/${path}`])),
      GOOGLE_OAUTH_ACCESS_TOKEN: 'rehearsal',
      GCE_METADATA_HOST: `127.0.0.1:${port}`,
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
