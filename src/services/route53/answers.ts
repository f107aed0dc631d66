// The DNS answers for hosted zones. Each zone name is one DNS zone, which looks its records up in memory. The DNS
// server's table, not this file, decides which zone a name belongs to.

import type { DnsRecord, Zone, ZoneTable } from '../../dns/zone.ts';
import { dnsNameOf, nameOfDns } from './domain/names.ts';
import { expandedIpv6, fieldsOf, stringsOf } from './domain/record-data.ts';
import type { RecordSet, RecordType } from './domain/record-set.ts';
import { chooseSets, type RoutingInputs, shuffled } from './domain/routing.ts';
import type { LiveZone, LiveZones } from './live-zones.ts';

/** AWS: the TTL of load balancers and similar alias targets. */
const ALIAS_TTL_SECONDS = 60;
const MOST_ALIASES = 8;

/** Adds a DNS zone for every hosted zone name to `table`, and keeps the table up to date. */
export function answerIn(table: ZoneTable, live: LiveZones, routing: RoutingInputs): void {
  const added = new Map<string, Zone>();
  live.onNames((name, isThere) => {
    const zone = added.get(name) ?? dnsZoneOf(name, live, routing);
    if (isThere) {
      added.set(name, zone);
      table.add(zone);
    } else {
      added.delete(name);
      table.remove(zone);
    }
  });
}

const dnsZoneOf = (name: string, live: LiveZones, routing: RoutingInputs): Zone => ({
  suffix: dnsNameOf(name),
  lookup: (dnsName) => lookup(live, name, nameOfDns(dnsName), routing),
});

/**
 * AWS: a private zone hides the public zone of the same name completely. The DNS server does not know which VPC a query
 * comes from, so the first private zone that has the name answers.
 */
function lookup(
  live: LiveZones,
  zoneName: string,
  name: string,
  routing: RoutingInputs,
): DnsRecord[] | undefined {
  const zones = live.named(zoneName);
  const candidates = zones[0]?.record.isPrivate ? zones.filter(({ record }) => record.isPrivate) : zones;
  for (const zone of candidates) {
    const records = recordsAt(zone, name, { live, routing });
    if (records) return records;
  }
  return undefined;
}

interface Lookup {
  live: LiveZones;
  routing: RoutingInputs;
}

/** All records of a name in one zone; `undefined` if the name does not exist. */
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
  return chooseSets(sets, context.routing).flatMap((set) => {
    if (set.alias) return aliasOf(set.type, set.alias, context, depth);
    const { type, ttl = 0 } = set;
    return shuffled(set.values, context.routing.random).map((value) => ({
      type,
      ttl,
      ...dataOf(type, value),
    }));
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
  // The target is outside of the hosted zones, so the client's resolver has to resolve it.
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

/** Converts a name to DNS spelling; numbers stay as they are. */
const targetOf = (field: string): string => (field === '.' ? '' : dnsNameOf(field));
