// Asks the network of an interface whether another machine has an address.

import { createSocket } from 'node:dgram';
import { readFile } from 'node:fs/promises';

/** The discard port: whatever has the address ignores the datagram. */
const PORT = 9;
/** Machines on the same bridge answer in less than a millisecond. */
const WAITS_MS = [2, 5, 10, 20, 40, 80, 160];
const COMPLETE = 0x2;

/**
 * Whether a neighbour on `device` answers for the address. Sends one empty datagram, for which the kernel asks for the
 * hardware address by ARP. The address must be in the interface's network and not this host's.
 */
export async function isInUse(address: string, device: string): Promise<boolean> {
  const socket = createSocket('udp4');
  try {
    // A refusal (no such route, a full queue) leaves nothing to find.
    await new Promise((resolve) => socket.send(Buffer.alloc(0), PORT, address, resolve));
    for (const wait of WAITS_MS) {
      await new Promise((resolve) => setTimeout(resolve, wait));
      if (isKnown(await readFile('/proc/net/arp', 'utf8'), address, device)) return true;
    }
    return false;
  } finally {
    socket.close();
  }
}

/** Whether this text of /proc/net/arp has a hardware address for it. */
export function isKnown(table: string, address: string, device: string): boolean {
  return table.split('\n').some((line) => {
    const [ip, , flags, , , name] = line.split(/ +/);
    return ip === address && name === device && (Number(flags) & COMPLETE) !== 0;
  });
}
