// DescribeAvailabilityZones: the zones of the caller's region.

import { type RegionFacts, regionOf, type ZoneFacts } from '../../../aws/regions.ts';
import { invalidZone, invalidZoneId } from '../faults.ts';
import { applyFilters, type FilterReaders } from '../filters.ts';
import type { Operation } from '../sdk.ts';

/** Throws InvalidParameterValue for an unknown name or id. */
export const DescribeAvailabilityZones: Operation<'DescribeAvailabilityZones'> = (_ec2, input, context) => {
  const region = regionOf(context.region);
  if (!region) return { AvailabilityZones: [] };
  const asked = zonesAsked(region, input.ZoneNames ?? [], input.ZoneIds ?? []);
  const zones = applyFilters(asked, input.Filters, readersOf(region), () => ({}));
  return {
    AvailabilityZones: zones.map((zone) => ({
      State: 'available',
      OptInStatus: 'opt-in-not-required',
      Messages: [],
      RegionName: region.name,
      ZoneName: zone.name,
      ZoneId: zone.id,
      GroupName: groupNameOf(region),
      GroupLongName: `${region.description} 1`,
      NetworkBorderGroup: region.name,
      ZoneType: 'availability-zone',
    })),
  };
};

function zonesAsked(region: RegionFacts, names: string[], ids: string[]): readonly ZoneFacts[] {
  const unknownName = names.find((name) => !region.zones.some((zone) => zone.name === name));
  if (unknownName !== undefined) throw invalidZone(unknownName);
  const unknownId = ids.find((id) => !region.zones.some((zone) => zone.id === id));
  if (unknownId !== undefined) throw invalidZoneId(unknownId);
  if (names.length === 0 && ids.length === 0) return region.zones;
  return region.zones.filter((zone) => names.includes(zone.name) || ids.includes(zone.id));
}

const groupNameOf = (region: RegionFacts): string => `${region.name}-zg-1`;

const readersOf = (region: RegionFacts): FilterReaders<ZoneFacts> => ({
  'group-long-name': () => `${region.description} 1`,
  'group-name': () => groupNameOf(region),
  message: () => undefined,
  'opt-in-status': () => 'opt-in-not-required',
  'parent-zone-id': () => undefined,
  'parent-zone-name': () => undefined,
  'region-name': () => region.name,
  state: () => 'available',
  'zone-id': (zone) => zone.id,
  'zone-name': (zone) => zone.name,
  'zone-type': () => 'availability-zone',
});
