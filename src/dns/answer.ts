// What the zones say to one question: pure, given the zones. No packets and no sockets here.

import type { DnsRecord, RecordType } from './zone.ts';
import type { Zones } from './zone-table.ts';

export interface NamedRecord extends DnsRecord {
  /** The record's owner, as it is to be shown. */
  name: string;
}

export interface Answer {
  /** NXDOMAIN: the last name of the chain does not exist in a zone of ours. */
  code: 'NOERROR' | 'NXDOMAIN' | 'SERVFAIL';
  /** The chain of CNAMEs, then the records asked for. */
  records: NamedRecord[];
  /** The zone whose SOA tells how long an absence holds; only when nothing of the type was found. */
  absentFrom?: string;
  /** The chain leaves our zones here, and goes on elsewhere. */
  continuesAt?: string;
}

const MAX_CHAIN = 8;
const NEGATIVE_TTL_SECONDS = 1;

/** `name` in any case, without final dot; `undefined` when it is in no zone of ours. A lookup may throw. */
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
    // Never NXDOMAIN for a name that exists without this type: musl takes that for all types.
    if (!alias) return { code: 'NOERROR', records, absentFrom: zone.suffix };
    records.push({ name: owner, ...alias });
    owner = alias.data;
  }
  return { code: 'SERVFAIL', records: [] };
}

/** A zone's apex exists even when its source knows nothing of it. */
function recordsOf(suffix: string, name: string, found: DnsRecord[] | undefined): DnsRecord[] | undefined {
  if (name !== suffix) return found;
  const records = found ?? [];
  return records.some((record) => record.type === 'SOA') ? records : [...records, startOfAuthority(suffix)];
}

/** `primary admin serial refresh retry expire minimum`, as in a zone file. */
export function startOfAuthority(suffix: string): DnsRecord & { type: 'SOA' & RecordType } {
  const data = `ns.${suffix} hostmaster.${suffix} 1 60 10 600 ${NEGATIVE_TTL_SECONDS}`;
  return { type: 'SOA', ttl: NEGATIVE_TTL_SECONDS, data };
}
