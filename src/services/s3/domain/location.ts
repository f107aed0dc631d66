// The region of a new bucket: the location constraint must agree with the endpoint's region. Pure.

import { regionOf } from '../../../aws/regions.ts';
import { illegalLocationConstraint, invalidLocationConstraint } from '../faults/buckets.ts';

/** AWS: buckets in this region are created without a location constraint. */
const GLOBAL = 'us-east-1';

/** AWS: an old name of eu-west-1. */
const EUROPE = { constraint: 'EU', region: 'eu-west-1' };

/** The region of the new bucket. Throws InvalidLocationConstraint, IllegalLocationConstraintException. */
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

/** The constraint that GetBucketLocation shows. AWS: none in us-east-1. */
export const constraintOf = (region: string): string | undefined => (region === GLOBAL ? undefined : region);

/** Whether creating one's own bucket again succeeds. AWS: only in us-east-1. */
export const mayRecreate = (region: string, endpointRegion: string): boolean =>
  region === GLOBAL && endpointRegion === GLOBAL;
