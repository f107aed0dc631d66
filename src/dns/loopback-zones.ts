// Zones of names below `localhost` and below the address of the API. SDKs put an account or a bucket in front of the
// endpoint's host (`000000000000.localhost`, `000000000000.127.0.0.1`), and few resolvers resolve such names.

import type { Zone } from './zone.ts';

const TTL_SECONDS = 60;

/**
 * `apiAddress` is in 127.0.0.0/8. RFC 6761, 6.3: a server answers for `localhost` and all names below it with a
 * loopback address. Here a name below it resolves to the API, because clients only use such names to reach it.
 */
export const loopbackZones = (apiAddress: string): Zone[] =>
  ['localhost', apiAddress].map((suffix) => ({
    suffix,
    lookup: (name) => [
      { type: 'A', ttl: TTL_SECONDS, data: name === 'localhost' ? '127.0.0.1' : apiAddress },
    ],
  }));
