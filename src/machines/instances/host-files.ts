// Which files of this host lie below those of an instance. Only the distribution's own, and of them only what every user
// of this host may read: instances run what others wrote.

import { execFile } from 'node:child_process';
import { existsSync, lstatSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SYSTEM_PATH, toolAt } from '../../kernel/programs.ts';
import { isWithin } from '../functions/mount-table.ts';

/** Programs, and the settings and records of package managers. Those below one another are layers of their own. */
const LAYERED = [
  ...['usr', 'etc', 'opt', 'nix', 'gnu', 'bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32'],
  ...['apt', 'dpkg', 'rpm', 'dnf', 'alternatives', 'ucf', 'pam', 'apk'].map((name) => `var/lib/${name}`),
  'var/cache/debconf',
];
/** What every root has. Where this host has files there, they are people's or those of its services. */
const EMPTY = [
  ...['boot', 'dev', 'home', 'media', 'mnt', 'proc', 'root', 'run', 'srv', 'sys', 'tmp', 'var'],
  ...['cache', 'cache/apt/archives/partial', 'lib', 'local', 'log', 'mail', 'opt', 'spool', 'tmp'].map(
    (name) => `var/${name}`,
  ),
];
/** AWS: world-writable, as everywhere. */
export const STICKY: readonly string[] = ['tmp', 'var/tmp'];
const LINKS: Readonly<Record<string, string>> = { 'var/run': '/run', 'var/lock': '/run/lock' };

/** The parts of a root; paths are relative to it. */
export interface HostFiles {
  /** Directories of this host. */
  layered: readonly string[];
  empty: readonly string[];
  links: Readonly<Record<string, string>>;
}

/** `hidden`: directories of this host that no instance may see, with files that change. */
export function hostFiles(hidden: readonly string[]): HostFiles {
  const links: Record<string, string> = { ...LINKS };
  const real = hidden.filter((path) => existsSync(path)).map((path) => realpathSync(path));
  const layered = LAYERED.filter((path) => {
    const found = lstatSync(join('/', path), { throwIfNoEntry: false });
    if (found?.isSymbolicLink() && !path.includes('/')) links[path] = readlinkSync(join('/', path));
    return found?.isDirectory() && !real.some((each) => isWithin(each, join('/', path)));
  });
  return { layered, empty: EMPTY, links };
}

const MOST_SECRETS_TEXT = 16 * 1024 ** 2;

/** What not everybody may read of these directories of this host: absolute paths without links. */
export async function secretsOf(layered: readonly string[]): Promise<string[]> {
  const isOpen = ['(', '-type', 'd', '-perm', '-o=rx', ')', '-o', '-type', 'l'];
  // Some programs that change the user may be run by everybody, but not read.
  const isFile = ['-o', '!', '-type', 'd', '(', '-perm', '-o=r', '-o', '-perm', '-o=x', ')'];
  const open = [...isOpen, ...isFile];
  const find = toolAt('find', { PATH: SYSTEM_PATH });
  const args = [...layered.map((path) => `/${path}`), '-xdev', '!', '(', ...open, ')', '-prune', '-print0'];
  const { stdout } = await promisify(execFile)(find, args, { maxBuffer: MOST_SECRETS_TEXT }).catch(
    // It tells of what it may not enter, which is a secret that it has printed.
    (error: { stdout?: string; code?: unknown }) => {
      if (typeof error.code !== 'number') throw error;
      return { stdout: error.stdout ?? '' };
    },
  );
  return stdout.split('\0').filter((path) => path !== '');
}

/** The accounts that an instance begins with: this host's, without those of people. */
export function systemAccounts(firstPerson: number): { passwd: string; group: string } {
  const systemLines = (file: string) =>
    readText(file)
      .split('\n')
      .filter((line) => {
        const [name, , id = ''] = line.split(':');
        return name && id !== '' && (Number(id) < firstPerson || name === 'nobody' || name === 'nogroup');
      });
  const passwd = systemLines('/etc/passwd').map((line) => {
    const [name, , uid, gid, about, home, shell] = line.split(':');
    return [name, 'x', uid, gid, about, home, shell].join(':');
  });
  // Without the members, who may be people.
  const group = systemLines('/etc/group').map((line) => `${line.split(':').slice(0, 3).join(':')}:`);
  return { passwd: `${passwd.join('\n')}\n`, group: `${group.join('\n')}\n` };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
