// What a DNS server of Millpond answers from: zones, each a suffix and a function that looks a name up when
// asked. Nothing is cached, so a name is right the instant its source is.

export type RecordType = 'A' | 'AAAA' | 'CNAME' | 'TXT' | 'SRV' | 'SOA' | 'NS' | 'PTR';

export interface DnsRecord {
  type: RecordType;
  /** Seconds. */
  ttl: number;
  /** An address, a name without final dot, or a text, by type. */
  data: string;
}

export interface Zone {
  /** Lower case, without dots at either end: `abc123.use1.cache.amazonaws.com`. */
  readonly suffix: string;
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
