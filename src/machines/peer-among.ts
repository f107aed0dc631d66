// Finds the machine at the other end of a connection on this host's loopback: the one whose processes have its socket
// open. For machines that share this host's network, where an address says nothing about who sends.

import { readdir, readlink } from 'node:fs/promises';
import { type Ends, rowOfPeer } from './peer-row.ts';

/**
 * The pid, among those of the machines' first processes, of the machine that has opened the connection; `undefined` if
 * none has. A machine is the processes of its first one's pid namespace.
 */
export async function peerAmong(socket: Ends, pids: readonly number[]): Promise<number | undefined> {
  const row = await rowOfPeer(socket);
  if (typeof row === 'string') return undefined;
  const own = await namespaceOf('self');
  const machines = new Map<string, number>();
  for (const pid of pids) {
    const namespace = await namespaceOf(pid);
    // One that shares Millpond's own namespace cannot be told from other processes.
    if (namespace !== undefined && namespace !== own) machines.set(namespace, pid);
  }
  if (machines.size === 0) return undefined;
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const namespace = await namespaceOf(name);
    const machine = namespace === undefined ? undefined : machines.get(namespace);
    if (machine !== undefined && (await hasOpen(name, row.inode))) return machine;
  }
  return undefined;
}

const namespaceOf = (pid: number | string): Promise<string | undefined> =>
  readlink(`/proc/${pid}/ns/pid`).catch(() => undefined);

async function hasOpen(pid: string, inode: string): Promise<boolean> {
  const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
  for (const file of files) {
    const target = await readlink(`/proc/${pid}/fd/${file}`).catch(() => undefined);
    if (target === `socket:[${inode}]`) return true;
  }
  return false;
}
