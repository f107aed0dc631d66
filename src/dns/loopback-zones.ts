// Names below `localhost`, and below the address where the API listens. SDKs write an account or a bucket in front of
// the endpoint's host (`000000000000.127.0.0.1`), and not every resolver knows what lies below `localhost`.

import type { Zone } from './zone.ts';

const TTL_SECONDS = 60;

/** `apiAddress` is an IPv4 address. RFC 6761, 6.3: a server that knows of `localhost` answers with the loopback address. */
export const loopbackZones = (apiAddress: string): Zone[] =>
  [
    { suffix: 'localhost', data: '127.0.0.1' },
    { suffix: apiAddress, data: apiAddress },
  ].map(({ suffix, data }) => ({ suffix, lookup: () => [{ type: 'A', ttl: TTL_SECONDS, data }] }));
