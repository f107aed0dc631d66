// Resolves names at Millpond's DNS server without a cache.

import { Resolver } from 'node:dns/promises';

/** A resolver without a cache. */
export interface FreshNames {
  /** All addresses of a name; rejects with the resolver's error (ENOTFOUND, ETIMEOUT…). */
  resolve(host: string): Promise<string[]>;
  cancel(): void;
}

const ANSWER_TIMEOUT_MS = 500;

/** `dns` is Millpond's DNS server. */
export function createFreshNames(dns: { address: string; port: number }): FreshNames {
  const resolver = new Resolver({ timeout: ANSWER_TIMEOUT_MS, tries: 1 });
  resolver.setServers([`${dns.address}:${dns.port}`]);
  return { resolve: (host) => resolver.resolve4(host), cancel: () => resolver.cancel() };
}
