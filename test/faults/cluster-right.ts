// Whether all nodes of a cluster tell the same about who owns which slot, and each slot has one owner.

import { ask } from './session.ts';

const SLOT_COUNT = 16_384;

/** Node id of each slot's owner, by one node's account. */
async function ownersBy(address: string, port: number): Promise<(string | undefined)[]> {
  const text = String(await ask(address, port, 'CLUSTER', 'NODES'));
  const owners: (string | undefined)[] = Array.from({ length: SLOT_COUNT });
  for (const line of text.trim().split('\n')) {
    const [id, , , , , , , , ...ranges] = line.split(' ');
    for (const range of ranges) {
      if (range.startsWith('[')) throw new Error(`a slot is still on its way: ${range}`);
      const [first, last = first] = range.split('-').map(Number);
      for (let slot = first!; slot <= last!; slot++) {
        if (owners[slot] !== undefined) throw new Error(`slot ${slot} has two owners by ${address}`);
        owners[slot] = id;
      }
    }
  }
  return owners;
}

export async function slotsAreRight(addresses: string[], port: number): Promise<true | string> {
  const accounts = await Promise.all(addresses.map((address) => ownersBy(address, port)));
  for (const [index, owners] of accounts.entries()) {
    const orphan = owners.indexOf(undefined);
    if (orphan >= 0) return `slot ${orphan} has no owner by ${addresses[index]}`;
    const dispute = owners.findIndex((owner, slot) => owner !== accounts[0]![slot]);
    if (dispute >= 0) return `${addresses[0]} and ${addresses[index]} disagree about slot ${dispute}`;
  }
  return true;
}

/** Slots that the node owns by its own account, as the API writes them: `0-5460,9000`. */
export async function slotsOf(address: string, port: number): Promise<string> {
  const text = String(await ask(address, port, 'CLUSTER', 'NODES'));
  const self = text.split('\n').find((line) => line.includes('myself'));
  return (
    self
      ?.split(' ')
      .slice(8)
      .filter((range) => !range.startsWith('['))
      .join(',') ?? ''
  );
}
