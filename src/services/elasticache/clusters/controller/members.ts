// Keys of members and groups.

import type { Scope } from '../../../../aws/scope.ts';

/** The fleet's key of a member, and its path below `nodes/`. Member ids are unique within an account and region. */
export const fleetKey = (scope: Scope, memberId: string): string =>
  `${scope.region}/${scope.accountId}/${memberId}`;

/** A parsed group key. */
export interface GroupKey {
  scope: Scope;
  groupId: string;
}

/** The key of a group in reconcilers. */
export const renderGroupKey = (scope: Scope, groupId: string): string =>
  `${scope.region}/${scope.accountId}/${groupId}`;

/** The inverse of `renderGroupKey`. */
export function parseGroupKey(key: string): GroupKey {
  const [region, accountId, groupId] = key.split('/') as [string, string, string];
  return { scope: { accountId, region }, groupId };
}
