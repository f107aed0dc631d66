// When a member's address changes: where the user asked for that on every replacement, as AWS does it, and when the
// whole Millpond comes back in another block because somebody else took its own meanwhile.

import type { Fleet } from '../../../engine/fleet.ts';
import type { Scope } from '../../../kernel/scope.ts';
import { type Group, memberOf, membersOf } from '../domain/model.ts';
import type { Transition } from '../domain/transition.ts';
import type { ElastiCache } from '../elasticache.ts';
import { freshAddress } from '../placing.ts';
import { fleetKey } from './members.ts';

/** A recovery's transition, with the address that the member gets for it. */
export function withNewAddress(
  elasticache: ElastiCache,
  scope: Scope,
  groupId: string,
  transition: Transition,
): Transition {
  if (transition.kind !== 'recovery-begun' || !elasticache.options.newAddressOnReplace) return transition;
  const group = elasticache.groups.get(scope, groupId);
  const member = group && memberOf(group, transition.memberId)?.member;
  // Once a recovery: a second attempt at it keeps the address of the first.
  if (member?.phase !== 'available') return transition;
  const address = freshAddress(elasticache, member.subnetCidr, elasticache.endpoints.addresses());
  return address ? { ...transition, address } : transition;
}

/** To be called before the controller first looks at the group. */
export function moveToOwnBlock(elasticache: ElastiCache, fleet: Fleet, scope: Scope, group: Group): void {
  const strangers = membersOf(group).filter(
    (member) =>
      !elasticache.ownsAddress(member.address) && fleet.status(fleetKey(scope, member.id)).state === 'absent',
  );
  for (const stranger of strangers) {
    elasticache.groups.update(scope, group.id, (latest) => {
      const member = memberOf(latest, stranger.id)?.member;
      if (member)
        member.address =
          freshAddress(elasticache, member.subnetCidr, elasticache.endpoints.addresses()) ?? member.address;
      return [];
    });
  }
}
