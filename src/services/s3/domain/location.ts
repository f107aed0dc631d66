// Where a bucket is made: the location constraint against the region of the endpoint that was asked.

import { regionOf } from '../../../aws/regions.ts';
import { illegalLocationConstraint, invalidLocationConstraint } from '../faults/buckets.ts';

/** AWS: the region of whom no constraint is needed, nor allowed. */
const GLOBAL = 'us-east-1';

/** AWS: older than regions. */
const EUROPE = { constraint: 'EU', region: 'eu-west-1' };

/** The region of the new bucket. Throws InvalidLocationConstraint or IllegalLocationConstraintException. */
export function placeBucket(constraint: string | undefined, endpointRegion: string): string {
  if (constraint === undefined || constraint === '') {
    if (endpointRegion !== GLOBAL) throw illegalLocationConstraint('unspecified');
    return GLOBAL;
  }
  const region = constraint === EUROPE.constraint ? EUROPE.region : constraint;
  if (region === GLOBAL && endpointRegion === GLOBAL) throw invalidLocationConstraint(constraint);
  if (!regionOf(region)) throw invalidLocationConstraint(constraint);
  if (endpointRegion !== GLOBAL && region !== endpointRegion) throw illegalLocationConstraint(constraint);
  return region;
}

/** AWS: buckets in us-east-1 have none to show. */
export const constraintOf = (region: string): string | undefined => (region === GLOBAL ? undefined : region);

/** AWS: in us-east-1 alone, making one's own bucket again succeeds. */
export const mayMakeAgain = (region: string, endpointRegion: string): boolean =>
  region === GLOBAL && endpointRegion === GLOBAL;
