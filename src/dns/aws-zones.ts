// Zones of AWS's own host names: the names of services that Millpond has resolve to its HTTPS address. All other names
// below amazonaws.com are forwarded.

import { AWS_SUFFIXES, parseAwsHost } from '../aws/hosts.ts';
import { REGIONS } from '../aws/regions.ts';
import type { Zone } from './zone.ts';

const TTL_SECONDS = 60;
const KNOWN_REGIONS = new Set(REGIONS.map(({ name }) => name));

/** `services` are endpoint prefixes (`sts`, `monitoring`); `address` is an IPv4 address. */
export function awsZones(services: readonly string[], address: string): Zone[] {
  const known = new Set(services);
  const owns = (name: string): boolean => {
    const host = parseAwsHost(name);
    if (!host || !known.has(host.service)) return false;
    // The server's certificate covers no other region.
    return host.region === undefined || KNOWN_REGIONS.has(host.region);
  };
  // There is no AAAA record: a client that asks for one continues with IPv4.
  const lookup = () => [{ type: 'A' as const, ttl: TTL_SECONDS, data: address }];
  return AWS_SUFFIXES.map((suffix) => ({ suffix, owns, lookup }));
}
