// What a command is to see of the machine's name resolution: a few files that are mounted over the host's own, in a
// namespace that nobody else is in. Prepares the files; namespace.ts mounts them.

import {
  chmod,
  type FileHandle,
  mkdtemp,
  open,
  readFile,
  realpath,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OperationalError } from '../../kernel/errors.ts';

/** Names come either from a DNS server on port 53, or from a hosts file with this first content. */
export type NameSource = { nameserver: string } | { hostsText: string };

export interface Mount {
  source: string;
  target: string;
}

/** One text that lies over several files; real paths. */
export interface Cover {
  targets: readonly string[];
  text: string;
}

export interface View {
  /** The command's entry removes it as soon as all is mounted. */
  directory: string;
  mounts: Mount[];
  /** Present when names come from a hosts file: still writable after the directory is gone. */
  hosts?: FileHandle;
  /** The process id of the command, once it is started. */
  commandPid(): Promise<number | undefined>;
  dispose(): Promise<void>;
}

/**
 * Whoever listens there would answer from the host's view of things: nscd for every lookup of glibc,
 * systemd-resolved for its NSS module. A socket covered by /dev/null refuses connections.
 */
const MASKED_SOCKETS = [
  '/run/nscd/socket',
  '/var/run/nscd/socket',
  '/run/systemd/resolve/io.systemd.Resolve',
];

/**
 * `covers` are laid over further files of the machine. Rejects with NameResolution when it lacks one that names need.
 */
export async function createView(source: NameSource, covers: readonly Cover[] = []): Promise<View> {
  const directory = await mkdtemp(join(tmpdir(), 'millpond-names-'));
  const opened: FileHandle[] = [];
  try {
    const mounts: Mount[] = [];
    const cover = async (target: string, text: string) => {
      const file = join(directory, `${mounts.length}`);
      await writeFile(file, text);
      // Whatever the umask: the command may run as another user.
      await chmod(file, 0o644);
      mounts.push({ source: file, target });
      return file;
    };
    for (const { targets, text } of covers) {
      const [first, ...others] = targets;
      const file = first && (await cover(first, text));
      if (file) mounts.push(...others.map((target) => ({ source: file, target })));
    }

    let hosts: FileHandle | undefined;
    if ('nameserver' in source) {
      const target = await mustExist('/etc/resolv.conf');
      await cover(target, resolvConf(await readFile(target, 'utf8'), source.nameserver));
    } else {
      const file = await cover(await mustExist('/etc/hosts'), source.hostsText);
      opened.push((hosts = await open(file, 'r+')));
    }
    const switchFile = await existing('/etc/nsswitch.conf');
    if (switchFile) await cover(switchFile, filesThenDns(await readFile(switchFile, 'utf8')));
    const sockets = await Promise.all(MASKED_SOCKETS.map(existing));
    for (const target of new Set(sockets)) if (target) mounts.push({ source: '/dev/null', target });

    const pidFile = await open(join(directory, 'pid'), 'w+', 0o644);
    opened.push(pidFile);
    return {
      directory,
      mounts,
      ...(hosts && { hosts }),
      async commandPid() {
        const { buffer, bytesRead } = await pidFile.read({ buffer: Buffer.alloc(16), position: 0 });
        return Number.parseInt(buffer.toString('latin1', 0, bytesRead), 10) || undefined;
      },
      dispose: () => disposeOf(directory, opened),
    };
  } catch (error) {
    await disposeOf(directory, opened);
    throw error;
  }
}

async function disposeOf(directory: string, opened: FileHandle[]): Promise<void> {
  await Promise.all(opened.map((file) => file.close()));
  await rm(directory, { recursive: true, force: true });
}

/** The path behind all links, since that is what can be mounted over; `undefined` when there is nothing. */
async function existing(path: string): Promise<string | undefined> {
  const target = await realpath(path).catch(() => undefined);
  return target && (await stat(target).catch(() => undefined)) ? target : undefined;
}

async function mustExist(path: string): Promise<string> {
  const target = await existing(path);
  if (target) return target;
  throw new OperationalError('NameResolution', `This machine has no ${path}; create it (it may be empty).`);
}

/** The host's own file with another server: search domains and options stay as the user knows them. */
export function resolvConf(hostText: string, nameserver: string): string {
  const kept = hostText.split('\n').filter((line) => /^\s*(search|domain|options)\s/.test(line));
  return [`nameserver ${nameserver}`, ...kept, ''].join('\n');
}

/** Hosts by file and DNS alone: other modules (mymachines, resolve, mdns4_minimal) go ways of their own. */
export function filesThenDns(hostText: string): string {
  const others = hostText.split('\n').filter((line) => !/^\s*hosts\s*:/.test(line));
  return ['hosts: files dns', ...others].join('\n');
}
