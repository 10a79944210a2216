import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { fetch } from 'undici';
import { extractMember } from './archive.ts';
import { outsideDispatcher } from './reachability.ts';
import type { Release } from './tools.ts';

export interface DownloadOptions {
  signal?: AbortSignal;
  progress?: (received: number, total: number | undefined) => void;
}

/** The publisher's binary, once its checksum has been found right. */
export async function downloadRelease(release: Release, options: DownloadOptions = {}): Promise<Buffer> {
  const expected = release.sha256 ?? (await publishedChecksum(release, options));
  const data = await download(release.url, options);
  const actual = createHash('sha256').update(data).digest('hex');
  if (actual !== expected) throw new Error(`${release.url} has the checksum ${actual}, expected ${expected}`);
  if (!release.member) return data;
  return extractMember(data, release.url.endsWith('.zip') ? 'zip' : 'tar.gz', release.member);
}

async function publishedChecksum(release: Release, options: DownloadOptions): Promise<string> {
  if (!release.checksumUrl) throw new Error(`${release.url}: no checksum is known`);
  const file = (await download(release.checksumUrl, { signal: options.signal })).toString('utf8');
  return findChecksum(file, basename(release.url));
}

/** In `<sum>`, `<sum>  <file>` or `<sum> *<file>` lines. */
export function findChecksum(text: string, file: string): string {
  const lines = text.split('\n').map((line) => line.trim().split(/\s+\*?/));
  const found = lines.find(([sum, name]) => /^[0-9a-f]{64}$/.test(sum ?? '') && (name === file || name === undefined));
  if (!found?.[0]) throw new Error(`the publisher's checksum file does not name ${file}`);
  return found[0];
}

async function download(url: string, { signal, progress }: DownloadOptions): Promise<Buffer> {
  const response = await fetch(url, { dispatcher: outsideDispatcher(), signal });
  if (!response.ok || !response.body) throw new Error(`${url} answered ${response.status}`);
  const total = Number(response.headers.get('content-length')) || undefined;
  const chunks: Uint8Array[] = [];
  let received = 0;
  for await (const chunk of response.body) {
    chunks.push(chunk as Uint8Array);
    received += (chunk as Uint8Array).length;
    progress?.(received, total);
  }
  return Buffer.concat(chunks);
}
