// Prepares the files that replace the host's name resolution, and others, in a machine. namespace.ts and functions/
// mount them there.

import {
  chmod,
  type FileHandle,
  mkdir,
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
import type { Cover, Mount } from '../machine.ts';

/** Names come from a DNS server on port 53, or from a hosts file with this first content. */
export type NameSource = { nameserver: string } | { hostsText: string };

/** The prepared files. */
export interface View {
  /** The directory of the files; the start script removes it after mounting. */
  directory: string;
  mounts: Mount[];
  /** Present when names come from a hosts file; writable even after the directory is removed. */
  hosts?: FileHandle;
  /** The pid of the command, once it runs. */
  commandPid(): Promise<number | undefined>;
  dispose(): Promise<void>;
}

/**
 * Services on these sockets would answer with the host's names: nscd for every glibc lookup, systemd-resolved for its
 * NSS module. A socket covered by /dev/null refuses connections.
 */
const MASKED_SOCKETS = [
  '/run/nscd/socket',
  '/var/run/nscd/socket',
  '/run/systemd/resolve/io.systemd.Resolve',
];

/**
 * Creates the files; `covers` replace further files. `ownDirectory` is emptied first; a temporary one by default. Rejects with NameResolution when the machine lacks a required
 * file.
 */
export async function createView(
  source: NameSource,
  covers: readonly Cover[] = [],
  ownDirectory?: string,
): Promise<View> {
  const directory = ownDirectory ?? (await mkdtemp(join(tmpdir(), 'millpond-names-')));
  if (ownDirectory !== undefined) {
    await rm(ownDirectory, { recursive: true, force: true });
    await mkdir(ownDirectory, { recursive: true, mode: 0o700 });
  }
  const opened: FileHandle[] = [];
  try {
    const mounts: Mount[] = [];
    const cover = async (target: string, text: string) => {
      const file = join(directory, `${mounts.length}`);
      await writeFile(file, text);
      // Independent of the umask: the command may run as another user.
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

/** The real path, which is what can be mounted over; `undefined` when it does not exist. */
async function existing(path: string): Promise<string | undefined> {
  const target = await realpath(path).catch(() => undefined);
  return target && (await stat(target).catch(() => undefined)) ? target : undefined;
}

async function mustExist(path: string): Promise<string> {
  const target = await existing(path);
  if (target) return target;
  throw new OperationalError('NameResolution', `This machine has no ${path}; create it (it may be empty).`);
}

/** The host's resolv.conf with another server; its search domains and options are kept. */
export function resolvConf(hostText: string, nameserver: string): string {
  const kept = hostText.split('\n').filter((line) => /^\s*(search|domain|options)\s/.test(line));
  return [`nameserver ${nameserver}`, ...kept, ''].join('\n');
}

/** Looks up hosts by file and DNS only: other modules (mymachines, resolve, mdns4_minimal) bypass these. */
export function filesThenDns(hostText: string): string {
  const others = hostText.split('\n').filter((line) => !/^\s*hosts\s*:/.test(line));
  return ['hosts: files dns', ...others].join('\n');
}
