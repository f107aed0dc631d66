// The zone of the name by which the user's commands reach this host.

import type { Zone } from './zone.ts';

const TTL_SECONDS = 60;
const NAME = 'host.millpond.internal';

/** `address` leads to the loopback of this host. */
export const hostZone = (address: string): Zone => ({
  suffix: NAME,
  owns: (name) => name === NAME,
  lookup: () => [{ type: 'A', ttl: TTL_SECONDS, data: address }],
});
