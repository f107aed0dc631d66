// The record set as it is stored, and when two record sets are the same. Plain JSON.

/** The record types that the DNS server can answer. */
export const RECORD_TYPES = ['A', 'AAAA', 'CNAME', 'MX', 'NS', 'PTR', 'SOA', 'SRV', 'TXT'] as const;
/** A record type that Millpond supports. */
export type RecordType = (typeof RECORD_TYPES)[number];

/** A routing policy and the case that the record set covers. */
export type Routing =
  | { kind: 'weighted'; weight: number }
  | { kind: 'latency'; region: string }
  | { kind: 'failover'; role: 'PRIMARY' | 'SECONDARY' }
  | { kind: 'geolocation'; continent?: string; country?: string; subdivision?: string }
  | { kind: 'multivalue' };

/** A record set as it is stored. */
export interface RecordSet {
  /** Normalized by `readName`. */
  name: string;
  type: RecordType;
  /** Distinguishes the record sets of one name and type that have a routing policy. */
  setIdentifier?: string;
  routing?: Routing;
  /** Seconds; absent for an alias. */
  ttl?: number;
  /** As the client gave them; empty for an alias. */
  values: string[];
  alias?: { zoneId: string; name: string; evaluateTargetHealth: boolean };
}

/** Whether two record sets have the same identity: name, type and set identifier. */
export const isSameSet = (one: RecordSet, other: RecordSet): boolean =>
  one.name === other.name && one.type === other.type && one.setIdentifier === other.setIdentifier;

/** Whether two record sets are equal in every respect. The order of values does not matter. */
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
