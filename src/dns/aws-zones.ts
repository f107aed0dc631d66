// AWS's own host names, for the services that are here: they lead to where their HTTPS is served. All other names
// below amazonaws.com are forwarded as ever.

import { AWS_SUFFIXES, parseAwsHost } from '../aws/hosts.ts';
import { REGIONS } from '../aws/regions.ts';
import type { Zone } from './zone.ts';

const TTL_SECONDS = 60;
const KNOWN_REGIONS = new Set(REGIONS.map(({ name }) => name));

/** `services` are endpoint prefixes: `sts`, `monitoring`. `address` is an IPv4 address. */
export function awsZones(services: readonly string[], address: string): Zone[] {
  const known = new Set(services);
  const owns = (name: string): boolean => {
    const host = parseAwsHost(name);
    if (!host || !known.has(host.service)) return false;
    // No certificate is for others.
    return host.region === undefined || KNOWN_REGIONS.has(host.region);
  };
  // The names exist without an IPv6 address: a client that asks for one goes on with IPv4.
  const lookup = () => [{ type: 'A' as const, ttl: TTL_SECONDS, data: address }];
  return AWS_SUFFIXES.map((suffix) => ({ suffix, owns, lookup }));
}
