// DescribeRegions: the regions of the caller's partition. All are enabled, even those that an AWS account must opt in
// to.

import { REGIONS, type RegionFacts, regionOf } from '../../../aws/regions.ts';
import { partitionOf } from '../../../aws/scope.ts';
import { invalidRegion } from '../faults.ts';
import { applyFilters, type FilterReaders } from '../filters.ts';
import type { Operation } from '../sdk.ts';

/** Throws InvalidParameterValue for a region of another partition. */
export const DescribeRegions: Operation<'DescribeRegions'> = (_ec2, input, context) => {
  const partition = partitionOf(context.region);
  const all = REGIONS.filter((region) => region.partition === partition);
  const names = input.RegionNames ?? [];
  const unknown = names.find((name) => regionOf(name)?.partition !== partition);
  if (unknown !== undefined) throw invalidRegion(unknown);
  const asked = names.length === 0 ? all : names.map((name) => regionOf(name)!);
  return {
    Regions: applyFilters(asked, input.Filters, READERS, () => ({})).map((region) => ({
      RegionName: region.name,
      Endpoint: endpointOf(region),
      OptInStatus: optInStatusOf(region),
    })),
  };
};

const endpointOf = (region: RegionFacts): string => `ec2.${region.name}.${region.dnsSuffix}`;

const optInStatusOf = (region: RegionFacts): string => (region.optIn ? 'opted-in' : 'opt-in-not-required');

const READERS: FilterReaders<RegionFacts> = {
  endpoint: endpointOf,
  'opt-in-status': optInStatusOf,
  'region-name': (region) => region.name,
};
