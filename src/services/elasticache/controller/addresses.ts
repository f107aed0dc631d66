// When a member's address changes: when it was a primary and another took its place, as on AWS, and when the whole
// Millpond comes back in another block because somebody else took its own meanwhile.

import type { Fleet } from '../../../engine/fleet.ts';
import type { Scope } from '../../../kernel/scope.ts';
import { type Group, memberOf, membersOf } from '../domain/model.ts';
import type { Transition } from '../domain/transition.ts';
import type { ElastiCache } from '../elasticache.ts';
import { freshAddress } from '../placing.ts';
import { fleetKey } from './members.ts';

/** The transition, with the address that a dead primary gets which is replaced by it. */
export function withNewAddress(
  elasticache: ElastiCache,
  scope: Scope,
  groupId: string,
  transition: Transition,
): Transition {
  if (transition.kind !== 'primary-changed' || !transition.oldDied) return transition;
  if (elasticache.options.keepAddressOnReplace) return transition;
  const group = elasticache.groups.get(scope, groupId);
  const shard = group?.shards.find(({ id }) => id === transition.shardId);
  // Told a second time, it changes nothing any more.
  if (!group || !shard || shard.primaryId === transition.to) return transition;
  const { id, subnetCidr } = memberOf(group, shard.primaryId)!.member;
  const address = freshAddress(elasticache, subnetCidr, elasticache.endpoints.addresses());
  if (!address) return transition;
  if (!elasticache.isConfigured(address)) {
    const lacking = { memberId: id, address };
    elasticache.log.info(lacking, 'the old primary keeps its address: this host has no other one ready');
    return transition;
  }
  return { ...transition, newAddress: address };
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
