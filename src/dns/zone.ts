// What a DNS server of Millpond answers from: zones, each a suffix and a function that looks a name up when
// asked. Nothing is cached, so a name is right the instant its source is.

export type RecordType = 'A' | 'AAAA' | 'CNAME' | 'MX' | 'TXT' | 'SRV' | 'SOA' | 'NS' | 'PTR';

export interface DnsRecord {
  type: RecordType;
  /** Seconds. */
  ttl: number;
  /** An address, a name without final dot, a text, or fields between spaces as in a zone file, by type. */
  data: string;
  /** Of a TXT record, where it matters how its text is cut: each octet a character. `data` is then not sent. */
  strings?: readonly string[];
}

export interface Zone {
  /** Lower case, without dots at either end: `abc123.use1.cache.amazonaws.com`. */
  readonly suffix: string;
  /**
   * False for a name under the suffix that is not this zone's to answer: it is forwarded. ElastiCache's names
   * carry their owner's hash in the middle (`demo.abc123.ng.0001.use1.cache.amazonaws.com`), so that the suffix
   * alone does not tell. Absent: every name under the suffix is the zone's.
   */
  owns?(name: string): boolean;
  /**
   * All records of a name (lower case, no final dot); `undefined` when there is no such name (NXDOMAIN).
   * A name with a CNAME has just that. The server follows CNAMEs inside its own zones.
   */
  lookup(name: string): DnsRecord[] | undefined;
}

export interface ZoneTable {
  add(zone: Zone): void;
  remove(zone: Zone): void;
}
