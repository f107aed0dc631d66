// The zone of the name by which the user's commands reach this host.

import type { Zone } from './zone.ts';

const TTL_SECONDS = 60;
const NAME = 'host.millpond.internal';

/** `address` leads to the loopback of this host. Without it there is no such name, and no other server is asked for it. */
export const hostZone = (address: string | undefined): Zone => ({
  suffix: NAME,
  owns: (name) => name === NAME,
  lookup: () => (address === undefined ? undefined : [{ type: 'A', ttl: TTL_SECONDS, data: address }]),
});
