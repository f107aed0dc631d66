// Finds the file descriptors of this process's sockets on an address, so that a child process can inherit them. Linux
// only.

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { InheritedSockets } from '../sockets.ts';

const LISTENING = '0A';

/**
 * The descriptors of the UDP and the TCP socket; `undefined` when the system does not tell. `procNet` is the folder that
 * lists the sockets of their network.
 */
export function descriptorsOf(
  { address, port }: { address: string; port: number },
  procNet = '/proc/net',
): InheritedSockets | undefined {
  try {
    const where = `${inKernelForm(address)}:${port.toString(16).toUpperCase().padStart(4, '0')}`;
    const udp = inodesIn(`${procNet}/udp`, where);
    const tcp = inodesIn(`${procNet}/tcp`, where, LISTENING);
    const own = new Map(ownSockets());
    const found = { udp: udp.map((inode) => own.get(inode)), tcp: tcp.map((inode) => own.get(inode)) };
    const [udpDescriptor] = found.udp.filter((descriptor) => descriptor !== undefined);
    const [tcpDescriptor] = found.tcp.filter((descriptor) => descriptor !== undefined);
    if (udpDescriptor === undefined || tcpDescriptor === undefined) return undefined;
    return { udp: udpDescriptor, tcp: tcpDescriptor };
  } catch {
    return undefined;
  }
}

/** Inodes of the sockets on this address, of every process: several may share an address. */
function inodesIn(table: string, local: string, state?: string): string[] {
  return readFileSync(table, 'latin1')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1] === local && (state === undefined || fields[3] === state))
    .map((fields) => fields[9]!);
}

function ownSockets(): [inode: string, descriptor: number][] {
  return readdirSync('/proc/self/fd').flatMap((name): [string, number][] => {
    const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/self/fd/${name}`))?.[1];
    return inode === undefined ? [] : [[inode, Number(name)]];
  });
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    // The descriptor of the directory itself is closed by now.
    return '';
  }
}

/** An IPv4 address as in /proc/net: a number in the host's byte order, in hexadecimal. */
function inKernelForm(address: string): string {
  const octets = Buffer.from(address.split('.').map(Number));
  const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
  if (isLittleEndian) octets.reverse();
  return octets.toString('hex').toUpperCase();
}
