// What Route 53 keeps of a record set, and what makes two of them the same one. Plain JSON.

/** Those that the DNS server can answer. */
export const RECORD_TYPES = ['A', 'AAAA', 'CNAME', 'MX', 'NS', 'PTR', 'SOA', 'SRV', 'TXT'] as const;
export type RecordType = (typeof RECORD_TYPES)[number];

export type Routing =
  | { kind: 'weighted'; weight: number }
  | { kind: 'latency'; region: string }
  | { kind: 'failover'; role: 'PRIMARY' | 'SECONDARY' }
  | { kind: 'geolocation'; continent?: string; country?: string; subdivision?: string }
  | { kind: 'multivalue' };

export interface RecordSet {
  /** As `readName` spells it. */
  name: string;
  type: RecordType;
  /** Told apart by this, several sets of one name and type route. */
  setIdentifier?: string;
  routing?: Routing;
  /** Seconds; absent for an alias. */
  ttl?: number;
  /** As they were given; empty for an alias. */
  values: string[];
  alias?: { zoneId: string; name: string; evaluateTargetHealth: boolean };
}

export const isSameSet = (one: RecordSet, other: RecordSet): boolean =>
  one.name === other.name && one.type === other.type && one.setIdentifier === other.setIdentifier;

/** In every respect; the order of values does not count. */
export function isEqualSet(one: RecordSet, other: RecordSet): boolean {
  const comparable = (set: RecordSet) =>
    JSON.stringify([
      set.ttl ?? null,
      set.values.map((value) => (set.type === 'TXT' ? value : value.toLowerCase())).sort(),
      set.alias ? [set.alias.zoneId, set.alias.name, set.alias.evaluateTargetHealth] : null,
      set.routing ? Object.entries(set.routing).sort() : null,
    ]);
  return isSameSet(one, other) && comparable(one) === comparable(other);
}
