// Reads from the kernel which loopback blocks have listeners: nodes of a Millpond that died may still run there.

import { readFile } from 'node:fs/promises';

/**
 * `sl local_address remote_address state …`, addresses in hexadecimal and in the host's byte order; `0A` is LISTEN. A
 * regular expression, since a machine may have thousands of other sockets.
 */
const LISTENER = /^ *\d+: ([0-9A-F]{8}):[0-9A-F]{4} [0-9A-F]{8}:[0-9A-F]{4} 0A /gm;

/** The second octets of all 127.x addresses that have a listener; empty where the file cannot be read. */
export async function busyBlocks(procFile = '/proc/net/tcp'): Promise<ReadonlySet<number>> {
  const table = await readFile(procFile, 'utf8').catch(() => '');
  const blocks = new Set<number>();
  for (const [, local] of table.matchAll(LISTENER)) {
    const octets = Buffer.from(local!, 'hex');
    if (isLittleEndian) octets.reverse();
    if (octets[0] === 127) blocks.add(octets[1]!);
  }
  return blocks;
}

const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
