// When a member's address changes: when it was a primary and another took its place, as on AWS; when the whole
// Millpond comes back in another block because somebody else took its own meanwhile; and when the record is older than
// the process, because it comes from a backup.

import type { Scope } from '../../../../aws/scope.ts';
import type { Fleet } from '../../../../engine/fleet.ts';
import type { ElastiCache } from '../../context.ts';
import { type Group, type Member, memberOf, membersOf } from '../domain/model.ts';
import type { Transition } from '../domain/transition.ts';
import { freshAddress } from '../placement-context.ts';
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

/**
 * Where an adopted process listens counts for more than the record. To be called before the controller first looks at
 * any group.
 */
export function adoptProcessAddresses(elasticache: ElastiCache, fleet: Fleet): void {
  const { store, records, groups, log } = elasticache;
  const entries = records.groups.listAll();
  const listening = new Map<string, string>();
  for (const { scope, value } of entries) {
    for (const { id } of membersOf(value)) {
      const { address } = fleet.status(fleetKey(scope, id));
      if (address) listening.set(address, fleetKey(scope, id));
    }
  }
  const used = elasticache.endpoints.addresses().union(new Set(listening.keys()));

  /** `undefined` when the member may keep the one that it has by the record. */
  function addressFor(key: string, { address, subnetCidr }: Member): string | undefined {
    const own = fleet.status(key).address;
    if (own) return own === address ? undefined : own;
    const holder = listening.get(address);
    if (holder === undefined || holder === key) return undefined;
    const fresh = freshAddress(elasticache, subnetCidr, used);
    if (fresh) used.add(fresh);
    return fresh;
  }

  store.transaction(() => {
    for (const { scope, id, value } of entries) {
      const changes = new Map<string, string>();
      for (const member of membersOf(value)) {
        const address = addressFor(fleetKey(scope, member.id), member);
        if (address) changes.set(member.id, address);
      }
      if (changes.size === 0) continue;
      groups.update(scope, id, (latest) => {
        for (const member of membersOf(latest)) {
          const address = changes.get(member.id);
          if (!address) continue;
          const facts = { memberId: member.id, recorded: member.address, address };
          store.afterCommit(() =>
            log.warn(facts, 'the state has an old address of a node, and is corrected'),
          );
          member.address = address;
        }
        return [];
      });
    }
  });
}
