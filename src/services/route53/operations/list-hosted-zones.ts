// ListHostedZones (by id), ListHostedZonesByName (by labels from last to first) and ListHostedZonesByVPC.

import type { Keyed, Range } from '../../../store/store.ts';
import { zoneIdOf } from '../domain/given-change.ts';
import { zoneKey } from '../domain/listing-order.ts';
import { invalidInput, noSuchDelegationSet } from '../faults.ts';
import { domainNamed } from '../lookup.ts';
import type { HostedZoneRecord } from '../model.ts';
import { pageSizeOf, zonesOfVpcPages } from '../paging.ts';
import { vpcKey } from '../records.ts';
import type { Operation } from '../sdk.ts';
import { viewZones } from '../view.ts';

const MOST_ITEMS = 100;

/** Throws NoSuchHostedZone for an unknown marker, NoSuchDelegationSet. */
export const ListHostedZones: Operation<'ListHostedZones'> = (
  route53,
  { Marker, MaxItems, HostedZoneType, DelegationSetId },
  context,
) => {
  const limit = pageSizeOf(MaxItems, MOST_ITEMS);
  if (DelegationSetId) throw noSuchDelegationSet(DelegationSetId);
  const { zones } = route53.records;
  const from = Marker ? zones.existing(context, zoneIdOf(Marker)).id : undefined;
  const range: Range = { from, limit: limit + 1 };
  const found = HostedZoneType
    ? valuesOf(zones.inOrderOf(context, 'private', range))
    : zones.list(context, range);
  const { shown, next } = pageOf(found, limit);
  return {
    HostedZones: viewZones(route53, context, shown),
    Marker,
    IsTruncated: next !== undefined,
    ...(next && { NextMarker: next.id }),
    MaxItems: limit,
  };
};

const valuesOf = (found: readonly Keyed<HostedZoneRecord>[]) => found.map(({ value }) => value);

/** The list continues with the item after the page. */
const pageOf = (found: readonly HostedZoneRecord[], limit: number) => ({
  shown: found.slice(0, limit),
  next: found[limit],
});

/** Throws InvalidDomainName, InvalidInput. */
export const ListHostedZonesByName: Operation<'ListHostedZonesByName'> = (
  route53,
  { DNSName, HostedZoneId, MaxItems },
  context,
) => {
  const limit = pageSizeOf(MaxItems, MOST_ITEMS);
  if (HostedZoneId && !DNSName)
    throw invalidInput('Invalid request: HostedZoneId can only be given together with DNSName');
  const id = HostedZoneId ? zoneIdOf(HostedZoneId) : '';
  const from = DNSName ? zoneKey({ name: domainNamed(DNSName), id }) : undefined;
  const { zones } = route53.records;
  const found = valuesOf(zones.inOrderOf(context, 'name', { from, limit: limit + 1 }));
  const { shown, next } = pageOf(found, limit);
  return {
    HostedZones: viewZones(route53, context, shown),
    ...(DNSName && { DNSName }),
    ...(HostedZoneId && { HostedZoneId }),
    IsTruncated: next !== undefined,
    ...(next && { NextDNSName: next.name, NextHostedZoneId: next.id }),
    MaxItems: limit,
  };
};

/** Throws InvalidPaginationToken. */
export const ListHostedZonesByVPC: Operation<'ListHostedZonesByVPC'> = async (
  route53,
  { VPCId, VPCRegion, MaxItems, NextToken },
  context,
) => {
  const limit = pageSizeOf(MaxItems, MOST_ITEMS);
  const { items, token } = await zonesOfVpcPages.ofIndex(route53.records.zones, context, 'vpc', {
    ...{ limit, token: NextToken },
    prefix: vpcKey({ id: VPCId, region: VPCRegion }),
  });
  return {
    HostedZoneSummaries: items.map(({ value: { id, name } }) => ({
      HostedZoneId: id,
      Name: name,
      Owner: { OwningAccount: context.accountId },
    })),
    MaxItems: limit,
    ...(token && { NextToken: token }),
  };
};
