// ListResourceRecordSets, in Route 53's order, from a name, a type and an identifier on. Computed record sets are
// listed among the stored ones.

import { placeKey, type SetPlace } from '../domain/listing-order.ts';
import { invalidInput, invalidRecordName } from '../faults.ts';
import { domainNamed, zoneNamed } from '../lookup.ts';
import { pageSizeOf } from '../paging.ts';
import type { Operation } from '../sdk.ts';
import { setOfComputed, viewSet } from '../view.ts';

const MOST_ITEMS = 300;

/** Throws NoSuchHostedZone, InvalidInput. */
export const ListResourceRecordSets: Operation<'ListResourceRecordSets'> = (route53, input, context) => {
  const limit = pageSizeOf(input.MaxItems, MOST_ITEMS);
  const from = placeIn(input);
  const zone = zoneNamed(route53, context, input.HostedZoneId);
  const computed = route53.records.computedSets(zone).map(setOfComputed);
  const hidden = new Set(computed.map(({ name }) => name));
  // Computed names hide stored ones, so the read fetches as many extra as may be hidden.
  const stored = route53.records.listSets(context, zone.record.id, from, limit + 1 + hidden.size);
  const first = from ? placeKey(from) : '';
  const sets = [
    ...stored.filter(({ name }) => !hidden.has(name)),
    ...computed.filter((set) => placeKey(set) >= first),
  ].sort((one, other) => (placeKey(one) < placeKey(other) ? -1 : 1));
  const next = sets[limit];
  return {
    ResourceRecordSets: sets.slice(0, limit).map(viewSet),
    IsTruncated: next !== undefined,
    ...(next && {
      NextRecordName: next.name,
      NextRecordType: next.type,
      ...(next.setIdentifier !== undefined && { NextRecordIdentifier: next.setIdentifier }),
    }),
    MaxItems: limit,
  };
};

interface Start {
  StartRecordName?: string | undefined;
  StartRecordType?: string | undefined;
  StartRecordIdentifier?: string | undefined;
}

function placeIn({ StartRecordName, StartRecordType, StartRecordIdentifier }: Start): SetPlace | undefined {
  if (StartRecordType && !StartRecordName)
    throw invalidInput('The input is not valid. A record type was given without a record name.');
  if (StartRecordIdentifier && !StartRecordType)
    throw invalidInput('The input is not valid. A set identifier was given without a record type.');
  if (!StartRecordName) return undefined;
  return {
    name: domainNamed(StartRecordName, invalidRecordName),
    type: StartRecordType,
    setIdentifier: StartRecordIdentifier,
  };
}
