// TestDNSAnswer returns what the DNS server answers for a name of one zone.

import type { DnsRecord } from '../../../dns/zone.ts';
import { recordsAt } from '../answers.ts';
import { isWithin } from '../domain/names.ts';
import { invalidInput, invalidRecordName } from '../faults.ts';
import { domainNamed, zoneNamed } from '../lookup.ts';
import type { Operation } from '../sdk.ts';
import { setOfComputed } from '../view.ts';

/** Throws NoSuchHostedZone, InvalidInput. */
export const TestDNSAnswer: Operation<'TestDNSAnswer'> = (route53, input, context) => {
  const zone = zoneNamed(route53, context, input.HostedZoneId);
  const name = domainNamed(input.RecordName, invalidRecordName);
  if (!isWithin(name, zone.record.name))
    throw invalidInput(`The name ${name} is not within the hosted zone ${zone.record.name}`);
  const computed = route53.records.computedSets(zone).find((set) => setOfComputed(set).name === name);
  const records: DnsRecord[] | undefined = computed
    ? [{ type: computed.type, ttl: computed.ttlSeconds, data: computed.value }]
    : recordsAt(zone, name, { live: route53.records.live, routing: route53.routing });
  const matching = records?.filter(({ type }) => type === input.RecordType) ?? [];
  const shown = matching.length > 0 ? matching : (records?.filter(({ type }) => type === 'CNAME') ?? []);
  return {
    Nameserver: zone.record.nameServers[0]!,
    RecordName: name,
    RecordType: input.RecordType,
    RecordData: shown.map(dataOf),
    ResponseCode: records ? 'NOERROR' : 'NXDOMAIN',
    Protocol: 'UDP',
  };
};

const NAMES = new Set(['CNAME', 'MX', 'NS', 'PTR', 'SRV']);

function dataOf({ type, data }: DnsRecord): string {
  if (type === 'TXT') return `"${data.replace(/["\\]/g, '\\$&')}"`;
  return NAMES.has(type) ? `${data}.` : data;
}
