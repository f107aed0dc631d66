// A member as the fleet knows it.

import type { Scope } from '../../../../aws/scope.ts';

/** The fleet's key of a member; also where its files lie. Member ids are unique within an account and region. */
export const fleetKey = (scope: Scope, memberId: string): string =>
  `${scope.region}/${scope.accountId}/${memberId}`;

export interface GroupKey {
  scope: Scope;
  groupId: string;
}

export const renderGroupKey = (scope: Scope, groupId: string): string =>
  `${scope.region}/${scope.accountId}/${groupId}`;

export function parseGroupKey(key: string): GroupKey {
  const [region, accountId, groupId] = key.split('/') as [string, string, string];
  return { scope: { accountId, region }, groupId };
}
