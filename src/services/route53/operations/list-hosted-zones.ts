// ListHostedZones (by id), ListHostedZonesByName (by the labels from the last to the first), ListHostedZonesByVPC.

import { zoneIdOf } from '../domain/given-change.ts';
import { reversedName } from '../domain/names.ts';
import { invalidInput, noSuchDelegationSet, noSuchHostedZone } from '../faults.ts';
import type { LiveZone } from '../live-zones.ts';
import { domainNamed } from '../lookup.ts';
import { pageSizeOf } from '../paging.ts';
import type { Operation } from '../sdk.ts';
import { viewLiveZone } from '../view.ts';
import { isSameVpc } from '../vpcs.ts';

const MOST_ITEMS = 100;

export const ListHostedZones: Operation<'ListHostedZones'> = (
  route53,
  { Marker, MaxItems, HostedZoneType, DelegationSetId },
  context,
) => {
  const limit = pageSizeOf(MaxItems, MOST_ITEMS);
  if (DelegationSetId) throw noSuchDelegationSet(DelegationSetId);
  const all = route53.records
    .zonesOf(context)
    .filter(({ record }) => HostedZoneType === undefined || record.isPrivate);
  const start = Marker ? indexOfId(all, Marker) : 0;
  const next = all[start + limit];
  return {
    HostedZones: all.slice(start, start + limit).map((zone) => viewLiveZone(route53, zone)),
    Marker,
    IsTruncated: next !== undefined,
    ...(next && { NextMarker: next.record.id }),
    MaxItems: limit,
  };
};

function indexOfId(zones: readonly LiveZone[], marker: string): number {
  const index = zones.findIndex(({ record }) => record.id === zoneIdOf(marker));
  if (index < 0) throw noSuchHostedZone(zoneIdOf(marker));
  return index;
}

const placeOf = (name: string, id: string): string => `${reversedName(name)} ${id}`;

export const ListHostedZonesByName: Operation<'ListHostedZonesByName'> = (
  route53,
  { DNSName, HostedZoneId, MaxItems },
  context,
) => {
  const limit = pageSizeOf(MaxItems, MOST_ITEMS);
  if (HostedZoneId && !DNSName)
    throw invalidInput('Invalid request: HostedZoneId can only be given together with DNSName');
  const from = DNSName ? placeOf(domainNamed(DNSName), HostedZoneId ? zoneIdOf(HostedZoneId) : '') : '';
  const sorted = route53.records
    .zonesOf(context)
    .map((zone) => ({ zone, place: placeOf(zone.record.name, zone.record.id) }))
    .filter(({ place }) => place >= from)
    .sort((one, other) => (one.place < other.place ? -1 : 1));
  const next = sorted[limit]?.zone.record;
  return {
    HostedZones: sorted.slice(0, limit).map(({ zone }) => viewLiveZone(route53, zone)),
    ...(DNSName && { DNSName }),
    ...(HostedZoneId && { HostedZoneId }),
    IsTruncated: next !== undefined,
    ...(next && { NextDNSName: next.name, NextHostedZoneId: next.id }),
    MaxItems: limit,
  };
};

export const ListHostedZonesByVPC: Operation<'ListHostedZonesByVPC'> = (
  route53,
  { VPCId, VPCRegion, MaxItems, NextToken },
  context,
) => {
  const limit = pageSizeOf(MaxItems, MOST_ITEMS);
  const vpc = { id: VPCId, region: VPCRegion };
  const all = route53.records
    .zonesOf(context)
    .filter(({ record }) => record.vpcs.some((one) => isSameVpc(one, vpc)) && record.id >= (NextToken ?? ''));
  const next = all[limit];
  return {
    HostedZoneSummaries: all.slice(0, limit).map(({ accountId, record }) => ({
      HostedZoneId: record.id,
      Name: record.name,
      Owner: { OwningAccount: accountId },
    })),
    MaxItems: limit,
    ...(next && { NextToken: next.record.id }),
  };
};
