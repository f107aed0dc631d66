// Changes of members' addresses. A failed primary gets a new address, as on AWS. All members get new addresses when
// another process has taken this instance's block meanwhile, and one member whose address another machine has taken. A
// record from a backup gets the addresses that the running processes have.

import type { Scope } from '../../../../aws/scope.ts';
import type { Fleet } from '../../../../engine/fleet.ts';
import type { ElastiCache } from '../../context.ts';
import { type Group, type Member, memberOf, membersOf } from '../domain/model.ts';
import type { Transition } from '../domain/transition.ts';
import { freshAddress } from '../placement-context.ts';
import { fleetKey } from './members.ts';

/** Adds the new address of a dead primary to the transition that replaces it. */
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
  // Recorded a second time, the transition changes nothing.
  if (!group || !shard || shard.primaryId === transition.to) return transition;
  const { id, subnetCidr } = memberOf(group, shard.primaryId)!.member;
  const address = freshAddress(elasticache, subnetCidr, elasticache.endpoints.addresses());
  if (!address) return transition;
  if (!elasticache.isConfigured(address)) {
    const lacking = { memberId: id, address };
    elasticache.log.info(lacking, 'the old primary keeps its address: this host has no other one configured');
    return transition;
  }
  return { ...transition, newAddress: address };
}

/**
 * Gives other addresses to members that do not run and whose addresses are not the network's. Returns whether there are
 * any. Call it before the controller's first pass over the group, and when an address turns out to be unavailable.
 */
export function moveToOwnAddresses(
  elasticache: ElastiCache,
  fleet: Fleet,
  scope: Scope,
  group: Group,
): boolean {
  const foreign = membersOf(group).filter(
    (member) =>
      !elasticache.ownsAddress(member.address, member.subnetCidr) &&
      ['absent', 'exited'].includes(fleet.status(fleetKey(scope, member.id)).state),
  );
  for (const { id } of foreign) {
    elasticache.groups.update(scope, group.id, (latest) => {
      const member = memberOf(latest, id)?.member;
      if (member)
        member.address =
          freshAddress(elasticache, member.subnetCidr, elasticache.endpoints.addresses()) ?? member.address;
      return [];
    });
  }
  return foreign.length > 0;
}

/**
 * Records the addresses at which adopted processes listen, where the record differs. Call it before the controller's
 * first pass over any group.
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

  /** The member's new address; `undefined` when it keeps the recorded one. */
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
            log.warn(facts, 'the recorded address of a node is out of date and was corrected'),
          );
          member.address = address;
        }
        return [];
      });
    }
  });
}
