// Names as they are this instant: every look asks Millpond's DNS server, nothing is remembered.

import { Resolver } from 'node:dns/promises';

export interface FreshNames {
  /** All addresses; rejects with the resolver's error (ENOTFOUND, ETIMEOUT…). */
  resolve(host: string): Promise<string[]>;
  cancel(): void;
}

const ANSWER_TIMEOUT_MS = 500;

export function createFreshNames(dns: { address: string; port: number }): FreshNames {
  const resolver = new Resolver({ timeout: ANSWER_TIMEOUT_MS, tries: 1 });
  resolver.setServers([`${dns.address}:${dns.port}`]);
  return { resolve: (host) => resolver.resolve4(host), cancel: () => resolver.cancel() };
}
