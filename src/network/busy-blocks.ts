// In which loopback blocks somebody listens, as the kernel tells it: nodes of a Millpond that died still run there.

import { readFile } from 'node:fs/promises';

const LISTEN = '0A';

/** The second numbers of all 127.x addresses that have a listener. Empty where the kernel does not tell. */
export async function busyBlocks(procFile = '/proc/net/tcp'): Promise<ReadonlySet<number>> {
  const table = await readFile(procFile, 'utf8').catch(() => '');
  const blocks = new Set<number>();
  for (const line of table.split('\n').slice(1)) {
    // `sl local_address remote_address state …`; an address is hexadecimal, in the host's byte order.
    const [, local, , state] = line.trim().split(/\s+/);
    if (state !== LISTEN || !local) continue;
    const octets = Buffer.from(local.slice(0, 8), 'hex');
    if (isLittleEndian) octets.reverse();
    if (octets[0] === 127) blocks.add(octets[1]!);
  }
  return blocks;
}

const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
