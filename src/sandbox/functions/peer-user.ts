// Whose process is at the other end of a loopback connection: Linux tells the user of every socket in /proc/net/tcp.

import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { endianness } from 'node:os';

const TABLE = '/proc/net/tcp';
/** The table is not read in one piece: while connections come and go it may miss one. */
const LOOKS = 3;
const [LOCAL, REMOTE, USER] = [1, 2, 7];

/** `undefined` where the system does not tell, `nobody` for a connection that it does not have. IPv4 alone. */
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

/** `0100007F:1F90`: the address as the machine has it in memory, the port as it is. */
function inTable(address: string | undefined, port: number | undefined): string | undefined {
  const bytes = address?.split('.').map(Number);
  if (bytes?.length !== 4 || port === undefined) return undefined;
  const hex = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, '0');
  const ordered = endianness() === 'LE' ? bytes.toReversed() : bytes;
  return `${ordered.map((byte) => hex(byte, 2)).join('')}:${hex(port, 4)}`;
}
