// The row of the other end of a loopback connection in the list of sockets, /proc/net/tcp.

import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { endianness } from 'node:os';

/** The ends of a connection. */
export type Ends = Pick<Socket, 'remoteAddress' | 'remotePort' | 'localAddress' | 'localPort'>;

const TABLE = '/proc/net/tcp';
/** The table is not read atomically, so one reading may miss a socket. */
const LOOKS = 3;
const [LOCAL, REMOTE, USER, INODE] = [1, 2, 7, 9];

/** The user id and the inode of its socket; `unreadable` where the system does not tell. IPv4 only. */
export async function rowOfPeer(
  socket: Ends,
): Promise<{ user: number; inode: string } | 'unknown' | 'unreadable'> {
  const theirs = inTable(socket.remoteAddress, socket.remotePort);
  const ours = inTable(socket.localAddress, socket.localPort);
  if (theirs === undefined || ours === undefined) return 'unknown';
  for (let look = 0; look < LOOKS; look++) {
    const table = await readFile(TABLE, 'latin1').catch(() => undefined);
    if (table === undefined) return 'unreadable';
    const at = table.indexOf(` ${theirs} ${ours} `);
    if (at < 0) continue;
    const line = table.slice(table.lastIndexOf('\n', at) + 1, table.indexOf('\n', at));
    const fields = line.trim().split(/\s+/);
    if (fields[LOCAL] === theirs && fields[REMOTE] === ours)
      return { user: Number(fields[USER]), inode: fields[INODE]! };
  }
  return 'unknown';
}

/** An entry of the table, `0100007F:1F90`: the address in the byte order of memory, then the port. */
function inTable(address: string | undefined, port: number | undefined): string | undefined {
  const bytes = address?.split('.').map(Number);
  if (bytes?.length !== 4 || port === undefined) return undefined;
  const hex = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, '0');
  const ordered = endianness() === 'LE' ? bytes.toReversed() : bytes;
  return `${ordered.map((byte) => hex(byte, 2)).join('')}:${hex(port, 4)}`;
}
