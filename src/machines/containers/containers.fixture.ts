// Images for tests, written byte by byte: also such as no builder makes. And one with this host's own shell.

import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Container, ContainerSpec, Containers, ImageSource } from './containers.ts';
import { PLATFORM } from './images/manifest.ts';

/** An entry of a layer. */
export interface TarEntry {
  path: string;
  /** A letter of the format: `0` file, `1` hard link, `2` link, `3` device, `5` directory. */
  type?: string;
  content?: string | Buffer;
  linkPath?: string;
  mode?: number;
  uid?: number;
  gid?: number;
  /** In place of the content's. */
  size?: number;
}

const BLOCK = 512;

/** The archive of these entries. */
export function tarOf(entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([...entries.flatMap(blocksOf), Buffer.alloc(2 * BLOCK)]);
}

function blocksOf(entry: TarEntry): Buffer[] {
  const content = Buffer.from(entry.content ?? '');
  const padding = Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK);
  return [...longName(entry), headerOf(entry, content.length), content, padding];
}

/** GNU's way to write names over 100 bytes. */
function longName({ path, linkPath = '' }: TarEntry): Buffer[] {
  const long = (type: string, text: string) =>
    Buffer.byteLength(text) > 100 ? blocksOf({ path: '././@LongLink', type, content: `${text}\0` }) : [];
  return [...long('L', path), ...long('K', linkPath)];
}

function headerOf({ path, type = '0', linkPath = '', ...entry }: TarEntry, length: number): Buffer {
  const header = Buffer.alloc(BLOCK);
  const number = (value: number, at: number, digits: number) =>
    header.write(`${value.toString(8).padStart(digits, '0')}\0`, at, 'latin1');
  header.write(path.slice(0, 100), 0);
  number(entry.mode ?? (type === '5' ? 0o755 : 0o644), 100, 7);
  number(entry.uid ?? 0, 108, 7);
  number(entry.gid ?? 0, 116, 7);
  number(entry.size ?? length, 124, 11);
  number(1_700_000_000, 136, 11);
  header.write(type, 156);
  header.write(linkPath.slice(0, 100), 157);
  header.write('ustar\x0000', 257, 'latin1');
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}

const digestOf = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** What an image says about itself. */
export interface ImageConfig {
  Entrypoint?: string[];
  Cmd?: string[];
  Env?: string[];
  User?: string;
  WorkingDir?: string;
  StopSignal?: string;
}

const directories: string[] = [];

function removeImages(): void {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
}

/** An image as Millpond's registry has it, its blobs in a new directory. Layers are gzipped unless they are blobs. */
export function imageOf(
  layers: readonly (readonly TarEntry[] | Buffer)[],
  config: ImageConfig = {},
  platform = PLATFORM,
): ImageSource {
  const directory = mkdtempSync(join(tmpdir(), 'millpond-image-'));
  if (directories.push(directory) === 1) process.once('exit', removeImages);
  const keep = (bytes: Buffer) => {
    const digest = digestOf(bytes);
    writeFileSync(join(directory, digest), bytes);
    return { digest, size: bytes.length };
  };
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: {
        mediaType: 'application/vnd.oci.image.config.v1+json',
        ...keep(Buffer.from(JSON.stringify({ ...platform, config }))),
      },
      layers: layers.map((layer) => ({
        mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
        ...keep(Buffer.isBuffer(layer) ? layer : gzipSync(tarOf(layer as readonly TarEntry[]), { level: 1 })),
      })),
    }),
  );
  return {
    reference: 'test:latest',
    registry: { digest: digestOf(manifest), manifest, blob: async (digest) => join(directory, digest) },
  };
}

const PROGRAMS = [
  'sh',
  'cat',
  'sleep',
  'id',
  'ls',
  'mkdir',
  'hostname',
  'touch',
  'mount',
  'mknod',
  'ln',
  'dd',
  'tr',
  'readlink',
  'head',
];
let shell: readonly TarEntry[] | undefined;

/** A layer with this host's shell and a few programs, and what they need. */
export const shellLayer = (): readonly TarEntry[] => (shell ??= programsLayer(PROGRAMS));

/** A layer with these programs of this host, in /bin, and what they need; and three users. */
export function programsLayer(names: readonly string[]): readonly TarEntry[] {
  const files = new Map<string, string>();
  for (const name of names) {
    const program = realpathSync(
      execFileSync('/bin/sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim(),
    );
    files.set(`bin/${name}`, program);
    const needed = execFileSync('ldd', [program], { encoding: 'utf8' });
    for (const [path] of needed.matchAll(/\/[^\s()]+/g)) files.set(path.slice(1), realpathSync(path));
  }
  return [
    { path: 'tmp/', type: '5', mode: 0o1777 },
    { path: 'etc/passwd', content: 'root:x:0:0::/root:/bin/sh\nworker:x:1000:1001::/home/worker:/bin/sh\n' },
    { path: 'etc/group', content: 'root:x:0:\nworker:x:1001:\nmore:x:2000:worker\n' },
    ...[...files].map(([path, source]) => ({ path, mode: 0o755, content: readFileSync(source) })),
  ];
}

let count = 0;

/** A specification with what a test does not care about. */
export const specOf = (
  image: ContainerSpec['image'],
  spec: Partial<ContainerSpec> & Pick<ContainerSpec, 'command'>,
): ContainerSpec => ({
  ...{ id: `test-${process.pid}-${++count}`, image, environment: {}, user: '', workingDirectory: '' },
  ...{ hostName: 'box', covers: [], volumes: [], hasReadOnlyRoot: false, limits: [], labels: {} },
  ...spec,
});

/** All that it prints, and how it ends. Its files are deleted. */
export async function completed(container: Container) {
  const lines: string[] = [];
  for await (const batch of container.output()) {
    lines.push(...batch.lines.map(({ text }) => text));
    batch.taken();
  }
  const end = await container.ended;
  await container.remove();
  return { ...end, lines };
}

/** Runs a shell's text in a container of the image. */
export async function runShell(
  containers: Containers,
  image: ContainerSpec['image'],
  text: string,
  spec: Partial<ContainerSpec> = {},
) {
  return completed(await containers.start(specOf(image, { command: ['sh', '-c', text], ...spec })));
}

/** The `skip` of tests that start containers. */
export const WITHOUT_CONTAINERS: string | false = (() => {
  if (process.platform !== 'linux') return 'needs Linux';
  const { status } = spawnSync('unshare', ['--user', '--map-root-user', '--mount', 'true']);
  return status !== 0 && 'needs user namespaces';
})();

/** Containers do not keep a process running, but tests wait for them. Call the returned function at the end. */
export function keepAlive(): () => void {
  const timer = setInterval(() => {}, 60_000);
  return () => clearInterval(timer);
}
