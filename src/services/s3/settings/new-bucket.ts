// The settings of a bucket that is made.

import { ownershipOf } from '../domain/access-control.ts';
import { ALL_BLOCKED, type Shape } from './table.ts';

/** AWS: since 2023 nothing in a new bucket is public, and all in it is its owner's. Throws InvalidArgument. */
export function settingsOfNewBucket(
  input: Shape,
  tags: readonly unknown[] | undefined,
): Record<string, unknown> {
  return {
    PublicAccessBlockConfiguration: ALL_BLOCKED,
    OwnershipControls: { Rules: [{ ObjectOwnership: ownershipOf(input.ObjectOwnership) }] },
    ...(input.ObjectLockEnabledForBucket
      ? { ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' } }
      : {}),
    ...(tags && tags.length > 0 ? { Tagging: { TagSet: tags } } : {}),
  };
}
