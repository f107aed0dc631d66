// Ids of availability zones. They are the same for every account here. Pure.

import { regionOf } from '../../aws/regions.ts';
import type { Scope } from '../../aws/scope.ts';

/** The id, such as `use1-az1`, of the zone with this full name, such as `us-east-1a`. */
export const zoneIdOf = ({ region }: Scope, zone: string): string | undefined =>
  regionOf(region)?.zones.find(({ name }) => name === zone)?.id;
