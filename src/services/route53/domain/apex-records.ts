// The NS and SOA record sets that every new hosted zone has, and the name servers that they name. Pure.

import type { RecordSet } from './record-set.ts';

const TOP_LEVELS = ['com', 'net', 'org', 'co.uk'] as const;
/** AWS: all private zones have the same name servers. */
const PRIVATE_SERVERS = [1536, 0, 1024, 512].map((number) => serverName(number, 0));

/**
 * The name servers of a zone; `number` chooses those of a public zone. AWS: there are 2,048, a quarter of them in each
 * top-level domain.
 */
export function nameServersOf(isPrivate: boolean, number: number): string[] {
  if (isPrivate) return PRIVATE_SERVERS;
  return TOP_LEVELS.map((_topLevel, quarter) => {
    const spread = Math.floor(number / (quarter * 7 + 1)) % 512;
    return serverName(quarter * 512 + spread, spread % 64);
  });
}

function serverName(number: number, group: number): string {
  const topLevel = TOP_LEVELS[Math.floor(number / 512)];
  return `ns-${number}.awsdns-${String(group).padStart(2, '0')}.${topLevel}`;
}

/** The NS and SOA record sets of a new zone. */
export function apexSets(name: string, nameServers: readonly string[]): RecordSet[] {
  const soa = `${nameServers[0]}. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400`;
  return [
    { name, type: 'NS', ttl: 172_800, values: nameServers.map((server) => `${server}.`) },
    { name, type: 'SOA', ttl: 900, values: [soa] },
  ];
}
