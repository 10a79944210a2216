import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { extractMember } from './archive.ts';
import { downloadRelease, findChecksum } from './release.ts';

const sha256 = (data: Buffer): string => createHash('sha256').update(data).digest('hex');

let server: Server;
let base: string;
let files: Record<string, Buffer>;
beforeEach(async () => {
  files = {};
  server = createServer((request, response) => {
    const file = files[request.url?.slice(1) ?? ''];
    response.statusCode = file ? 200 : 404;
    response.end(file);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

test('a release with its pinned checksum is taken', async () => {
  files.tool = Buffer.from('binary');
  expect(await downloadRelease({ url: `${base}/tool`, sha256: sha256(files.tool) })).toEqual(files.tool);
});

test('a release with another checksum is refused, with both named', async () => {
  files.tool = Buffer.from('tampered');
  const expected = 'a'.repeat(64);
  await expect(downloadRelease({ url: `${base}/tool`, sha256: expected })).rejects.toThrow(
    `${base}/tool has the checksum ${sha256(files.tool)}, expected ${expected}`,
  );
});

test("where none is pinned, the publisher's checksum file decides", async () => {
  files['tool.tar.gz'] = Buffer.from('anything');
  files.SHA256SUMS = Buffer.from(`${'b'.repeat(64)}  other.tar.gz\n${sha256(files['tool.tar.gz'])}  tool.tar.gz\n`);
  expect(await downloadRelease({ url: `${base}/tool.tar.gz`, checksumUrl: `${base}/SHA256SUMS` })).toEqual(
    files['tool.tar.gz'],
  );
});

test('a release without any checksum is refused', async () => {
  await expect(downloadRelease({ url: `${base}/tool` })).rejects.toThrow(`${base}/tool: no checksum is known`);
});

test('an answer that is no success is named', async () => {
  await expect(downloadRelease({ url: `${base}/absent`, sha256: 'a'.repeat(64) })).rejects.toThrow(
    `${base}/absent answered 404`,
  );
});

test.each([
  ['a bare sum', `${'c'.repeat(64)}\n`],
  ['text mode', `${'c'.repeat(64)}  tool\n`],
  ['binary mode', `${'c'.repeat(64)} *tool\n`],
])('a checksum file with %s is read', (_, text) => {
  expect(findChecksum(text, 'tool')).toBe('c'.repeat(64));
});

test('a checksum file that names other files is refused', () => {
  expect(() => findChecksum(`${'c'.repeat(64)}  other\n`, 'tool')).toThrow(
    "the publisher's checksum file does not name tool",
  );
});

test('a file is found in a tar archive that tar made', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plinth-archive-'));
  const content = Buffer.alloc(100_000, 'x');
  mkdirSync(join(folder, 'linux-amd64'));
  writeFileSync(join(folder, 'linux-amd64', 'README'), 'first');
  writeFileSync(join(folder, 'linux-amd64', 'helm'), content);
  execFileSync('tar', ['-czf', join(folder, 'a.tar.gz'), '-C', folder, 'linux-amd64']);
  const archive = readFileSync(join(folder, 'a.tar.gz'));
  expect(extractMember(archive, 'tar.gz', 'linux-amd64/helm').equals(content)).toBe(true);
  expect(() => extractMember(archive, 'tar.gz', 'linux-amd64/tiller')).toThrow(
    "the archive holds no 'linux-amd64/tiller'",
  );
  rmSync(folder, { recursive: true });
});

test('a file is found in a zip archive, deflated or stored', () => {
  const archive = zip([
    ['LICENSE.txt', Buffer.from('licence'), false],
    ['terraform', Buffer.alloc(50_000, 'y'), true],
  ]);
  expect(extractMember(archive, 'zip', 'terraform').equals(Buffer.alloc(50_000, 'y'))).toBe(true);
  expect(extractMember(archive, 'zip', 'LICENSE.txt').toString()).toBe('licence');
  expect(() => extractMember(Buffer.from('no zip at all, but long enough to look'), 'zip', 'terraform')).toThrow(
    'not a zip file',
  );
});

/** As zip(1) lays it out: local headers with data, then the directory, then its end. */
function zip(entries: [name: string, content: Buffer, deflated: boolean][]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content, deflated] of entries) {
    const data = deflated ? deflateRawSync(content) : content;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    // An extra field that the directory does not have.
    local.writeUInt16LE(4, 28);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(deflated ? 8 : 0, 10);
    entry.writeUInt32LE(data.length, 20);
    entry.writeUInt32LE(content.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    const whole = Buffer.concat([local, Buffer.from(name), Buffer.alloc(4), data]);
    locals.push(whole);
    directory.push(entry, Buffer.from(name));
    offset += whole.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...directory, end]);
}
