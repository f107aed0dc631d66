// The ids of zones, which are the same for every account. Pure.

import { regionOf } from '../../aws/regions.ts';
import type { Scope } from '../../aws/scope.ts';

/** `zone` by its full name, e.g. `us-east-1a`; the answer e.g. `use1-az1`. */
export const zoneIdOf = ({ region }: Scope, zone: string): string | undefined =>
  regionOf(region)?.zones.find(({ name }) => name === zone)?.id;
