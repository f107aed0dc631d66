// What the DNS server says for names in hosted zones: each name of a zone is a DNS zone, looked up in memory when asked.
// Never decides which name belongs to which zone; the DNS server's table does.

import type { DnsRecord, Zone, ZoneTable } from '../../dns/zone.ts';
import { dnsNameOf, nameOfDns } from './domain/names.ts';
import { expandedIpv6, fieldsOf, stringsOf } from './domain/record-data.ts';
import type { RecordSet, RecordType } from './domain/record-set.ts';
import { type Asked, chooseSets, shuffled } from './domain/routing.ts';
import type { LiveZone, LiveZones } from './live-zones.ts';

/** AWS: that of the load balancers and the like to which aliases lead. */
const ALIAS_TTL_SECONDS = 60;
const MOST_ALIASES = 8;

/** Every hosted zone that there is answers in `table`, now and from now on. */
export function answerIn(table: ZoneTable, live: LiveZones, asked: Asked): void {
  const added = new Map<string, Zone>();
  live.onNames((name, isThere) => {
    const zone = added.get(name) ?? dnsZoneOf(name, live, asked);
    if (isThere) {
      added.set(name, zone);
      table.add(zone);
    } else {
      added.delete(name);
      table.remove(zone);
    }
  });
}

const dnsZoneOf = (name: string, live: LiveZones, asked: Asked): Zone => ({
  suffix: dnsNameOf(name),
  lookup: (dnsName) => lookup(live, name, nameOfDns(dnsName), asked),
});

/**
 * AWS: private zones hide a public one of their name altogether. Which VPC asks cannot be told here, so of several
 * private ones the first that has the name answers.
 */
function lookup(live: LiveZones, zoneName: string, name: string, asked: Asked): DnsRecord[] | undefined {
  const zones = live.named(zoneName);
  const candidates = zones[0]?.record.isPrivate ? zones.filter(({ record }) => record.isPrivate) : zones;
  for (const zone of candidates) {
    const records = recordsAt(zone, name, { live, asked });
    if (records) return records;
  }
  return undefined;
}

interface Lookup {
  live: LiveZones;
  asked: Asked;
}

/** All records of a name in one zone; `undefined` when it is not there. */
export function recordsAt(zone: LiveZone, name: string, context: Lookup): DnsRecord[] | undefined {
  const sets = zone.contents.find(name);
  if (!sets) return undefined;
  return [...new Set(sets.map(({ type }) => type))].flatMap((type) =>
    recordsOf(
      sets.filter((set) => set.type === type),
      context,
      0,
    ),
  );
}

function recordsOf(sets: readonly RecordSet[], context: Lookup, depth: number): DnsRecord[] {
  if (sets.length === 0 || depth > MOST_ALIASES) return [];
  return chooseSets(sets, context.asked).flatMap((set) => {
    if (set.alias) return aliasOf(set.type, set.alias, context, depth);
    const { type, ttl = 0 } = set;
    return shuffled(set.values, context.asked.random).map((value) => ({ type, ttl, ...dataOf(type, value) }));
  });
}

function aliasOf(
  type: RecordType,
  { zoneId, name }: NonNullable<RecordSet['alias']>,
  context: Lookup,
  depth: number,
): DnsRecord[] {
  const zone = context.live.zone(zoneId);
  if (zone) {
    const there = zone.contents.find(name)?.filter((set) => set.type === type) ?? [];
    return recordsOf(there, context, depth + 1);
  }
  // What lies outside can only be found by whoever resolves its name.
  return [{ type: 'CNAME', ttl: ALIAS_TTL_SECONDS, data: dnsNameOf(name) }];
}

function dataOf(type: RecordType, value: string): Pick<DnsRecord, 'data' | 'strings'> {
  switch (type) {
    case 'CNAME':
    case 'NS':
    case 'PTR':
      return { data: targetOf(value) };
    case 'MX':
    case 'SRV':
    case 'SOA':
      return { data: fieldsOf(value).map(targetOf).join(' ') };
    case 'TXT': {
      const strings = stringsOf(value) ?? [];
      return { data: strings.join(''), strings };
    }
    case 'AAAA':
      return { data: expandedIpv6(value) };
    default:
      return { data: value };
  }
}

/** Numbers stay as they are. */
const targetOf = (field: string): string => (field === '.' ? '' : dnsNameOf(field));
