// Zones: what the DNS server answers from. A zone is a suffix and a lookup function. Nothing is cached, so an answer
// always matches the current state.

/** The record types that zones may contain. */
export type RecordType = 'A' | 'AAAA' | 'CNAME' | 'MX' | 'TXT' | 'SRV' | 'SOA' | 'NS' | 'PTR';

/** A record without its owner name. */
export interface DnsRecord {
  type: RecordType;
  /** Seconds. */
  ttl: number;
  /** By type: an address, a name without final dot, a text, or fields between spaces as in a zone file. */
  data: string;
  /** The character strings of a TXT record when the split matters, one character per octet. Replaces `data`. */
  strings?: readonly string[];
}

/** A suffix with a lookup function. */
export interface Zone {
  /** Lower case, without dots at either end: `abc123.use1.cache.amazonaws.com`. */
  readonly suffix: string;
  /**
   * Returns false for a name under the suffix that is not this zone's; it is forwarded. ElastiCache's names contain
   * their owner's hash in the middle (`demo.abc123.ng.0001.use1.cache.amazonaws.com`), so the suffix alone does not
   * decide. When absent, the zone owns every name under its suffix.
   */
  owns?(name: string): boolean;
  /**
   * All records of a name (lower case, no final dot); `undefined` when the name does not exist (NXDOMAIN). A name with
   * a CNAME has no other record. The server follows CNAMEs inside its zones.
   */
  lookup(name: string): DnsRecord[] | undefined;
}

/** Where services register their zones. */
export interface ZoneTable {
  add(zone: Zone): void;
  remove(zone: Zone): void;
}
