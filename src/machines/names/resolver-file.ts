// A resolv.conf for one process tree whose DNS server is known only after its mounts are prepared.

import { chmod, readFile, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mount } from '../machine.ts';
import { resolvConf } from './view.ts';

const SYSTEM_FILE = '/etc/resolv.conf';

/** The mount, which is usable once the file is written; `undefined` where this machine has no such file. */
export async function resolverMount(directory: string): Promise<Mount | undefined> {
  const target = await realpath(SYSTEM_FILE).catch(() => undefined);
  return target === undefined ? undefined : { source: fileIn(directory), target };
}

/** Names the DNS server in the file of `resolverMount`. */
export async function writeResolver(directory: string, nameserver: string): Promise<void> {
  const file = fileIn(directory);
  await writeFile(file, resolvConf(await readFile(SYSTEM_FILE, 'utf8').catch(() => ''), nameserver));
  // Independent of the umask: the programs may run as another user.
  await chmod(file, 0o644);
}

const fileIn = (directory: string): string => join(directory, 'resolv.conf');
