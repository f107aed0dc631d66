// Names below `localhost`, and below the address where the API listens. SDKs write an account or a bucket in front of
// the endpoint's host (`000000000000.localhost`, `000000000000.127.0.0.1`), and few resolvers know such names.

import type { Zone } from './zone.ts';

const TTL_SECONDS = 60;

/**
 * `apiAddress` is one of 127.0.0.0/8. RFC 6761, 6.3: a server answers for all of `localhost` with a loopback address; what
 * lies below it is only asked for to reach the API.
 */
export const loopbackZones = (apiAddress: string): Zone[] =>
  ['localhost', apiAddress].map((suffix) => ({
    suffix,
    lookup: (name) => [
      { type: 'A', ttl: TTL_SECONDS, data: name === 'localhost' ? '127.0.0.1' : apiAddress },
    ],
  }));
