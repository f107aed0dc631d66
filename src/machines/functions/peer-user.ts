// Finds the user at the other end of a loopback connection, from the list of sockets in /proc/net/tcp.

import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { endianness } from 'node:os';

const TABLE = '/proc/net/tcp';
/** The table is not read atomically, so one reading may miss a socket. */
const LOOKS = 3;
const [LOCAL, REMOTE, USER] = [1, 2, 7];

/** The user id; `undefined` where the system does not tell, `nobody` for an unknown connection. IPv4 only. */
export async function userOfPeer(
  socket: Pick<Socket, 'remoteAddress' | 'remotePort' | 'localAddress' | 'localPort'>,
): Promise<number | 'nobody' | undefined> {
  const theirs = inTable(socket.remoteAddress, socket.remotePort);
  const ours = inTable(socket.localAddress, socket.localPort);
  if (theirs === undefined || ours === undefined) return 'nobody';
  for (let look = 0; look < LOOKS; look++) {
    const table = await readFile(TABLE, 'latin1').catch(() => undefined);
    if (table === undefined) return undefined;
    const at = table.indexOf(` ${theirs} ${ours} `);
    if (at < 0) continue;
    const line = table.slice(table.lastIndexOf('\n', at) + 1, table.indexOf('\n', at));
    const fields = line.trim().split(/\s+/);
    if (fields[LOCAL] === theirs && fields[REMOTE] === ours) return Number(fields[USER]);
  }
  return 'nobody';
}

/** An entry of the table, `0100007F:1F90`: the address in the byte order of memory, then the port. */
function inTable(address: string | undefined, port: number | undefined): string | undefined {
  const bytes = address?.split('.').map(Number);
  if (bytes?.length !== 4 || port === undefined) return undefined;
  const hex = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, '0');
  const ordered = endianness() === 'LE' ? bytes.toReversed() : bytes;
  return `${ordered.map((byte) => hex(byte, 2)).join('')}:${hex(port, 4)}`;
}
