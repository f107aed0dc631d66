// Answers one question from the zones. Pure: no packets and no sockets.

import type { DnsRecord, RecordType } from './zone.ts';
import type { Zones } from './zone-table.ts';

/** A record with its owner name. */
export interface NamedRecord extends DnsRecord {
  /** The owner name in the letter case of the answer. */
  name: string;
}

/** The answer to one question. */
export interface Answer {
  /** NXDOMAIN: the last name of the CNAME chain is in one of our zones and does not exist. */
  code: 'NOERROR' | 'NXDOMAIN' | 'SERVFAIL';
  /** The chain of CNAMEs, then the records asked for. */
  records: NamedRecord[];
  /** The zone whose SOA limits negative caching; set only when nothing of the type was found. */
  absentFrom?: string;
  /** The first name of the CNAME chain that is in none of our zones. */
  continuesAt?: string;
}

const MAX_CHAIN = 8;
const NEGATIVE_TTL_SECONDS = 1;

/**
 * Answers for `name`, in any letter case and without final dot; `undefined` when it is in none of our zones. Throws
 * what a zone's lookup throws.
 */
export function answerFrom(zones: Zones, name: string, type: string): Answer | undefined {
  const records: NamedRecord[] = [];
  let owner = name;
  for (let step = 0; step <= MAX_CHAIN; step++) {
    const key = owner.toLowerCase();
    const zone = zones.zoneOf(key);
    if (!zone) return step === 0 ? undefined : { code: 'NOERROR', records, continuesAt: owner };

    const found = recordsOf(zone.suffix, key, zone.lookup(key));
    if (!found) return { code: 'NXDOMAIN', records, absentFrom: zone.suffix };

    const matching = found.filter((record) => record.type === type);
    for (const record of matching) records.push({ name: owner, ...record });
    if (matching.length > 0) return { code: 'NOERROR', records };

    const alias = found.find((record) => record.type === 'CNAME');
    // Not NXDOMAIN: musl takes that as an answer for all record types.
    if (!alias) return { code: 'NOERROR', records, absentFrom: zone.suffix };
    records.push({ name: owner, ...alias });
    owner = alias.data;
  }
  return { code: 'SERVFAIL', records: [] };
}

/** The apex of a zone always exists and has an SOA. */
function recordsOf(suffix: string, name: string, found: DnsRecord[] | undefined): DnsRecord[] | undefined {
  if (name !== suffix) return found;
  const records = found ?? [];
  return records.some((record) => record.type === 'SOA') ? records : [...records, startOfAuthority(suffix)];
}

/** The SOA of a zone; data as in a zone file: `primary admin serial refresh retry expire minimum`. */
export function startOfAuthority(suffix: string): DnsRecord & { type: 'SOA' & RecordType } {
  const data = `ns.${suffix} hostmaster.${suffix} 1 60 10 600 ${NEGATIVE_TTL_SECONDS}`;
  return { type: 'SOA', ttl: NEGATIVE_TTL_SECONDS, data };
}
