// The settings of a new bucket. Pure.

import { ownershipOf } from '../domain/access-control.ts';
import { ALL_BLOCKED, type Shape } from './table.ts';

/** AWS: since 2023 a new bucket blocks public access and has no access control lists. Throws InvalidArgument. */
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
