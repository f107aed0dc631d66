// DescribeInstanceTypeOfferings: every known type is offered in every zone.

import { regionOf } from '../../../aws/regions.ts';
import { type Listable, list, selectionOf } from '../describe.ts';
import { invalidValue } from '../faults.ts';
import { INSTANCE_TYPES } from '../instance-types.ts';
import type { Operation } from '../sdk.ts';

interface Offering {
  instanceType: string;
  location: string;
}

export const DescribeInstanceTypeOfferings: Operation<'DescribeInstanceTypeOfferings'> = async (
  _ec2,
  input,
  { region },
) => {
  const LocationType = input.LocationType ?? 'region';
  const locations = locationsOf(region, LocationType);
  const all = INSTANCE_TYPES.flatMap(({ name }) =>
    locations.map((location): Offering => ({ instanceType: name, location })),
  );
  const { items, nextToken } = await list(all, LISTABLE, selectionOf(input, undefined), () => ({}));
  return {
    InstanceTypeOfferings: items.map(({ instanceType, location }) => ({
      InstanceType: instanceType as 't3.micro',
      LocationType,
      Location: location,
    })),
    NextToken: nextToken,
  };
};

function locationsOf(region: string, type: string): string[] {
  const zones = regionOf(region)?.zones ?? [];
  switch (type) {
    case 'region':
      return [region];
    case 'availability-zone':
      return zones.map((zone) => zone.name);
    case 'availability-zone-id':
      return zones.map((zone) => zone.id);
    case 'outpost':
      return [];
    default:
      throw invalidValue(type, 'LocationType');
  }
}

const LISTABLE: Listable<Offering> = {
  list: 'instance type offerings',
  idOf: (one) => `${one.instanceType} ${one.location}`,
  filters: { 'instance-type': (one) => one.instanceType, location: (one) => one.location },
};
