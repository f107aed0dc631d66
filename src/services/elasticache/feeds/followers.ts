// What the controller tells feeds about the nodes of a cache. Without a feed of the cache, every call returns at once.

import type { Scope } from '../../../aws/scope.ts';
import { dropFollowers } from '../../../engine/commands.ts';
import type { Fleet } from '../../../engine/fleet.ts';
import type { Feeds, FollowedNode, FollowedShard } from '../../../feed/feeds.ts';
import type { Log } from '../../../kernel/log.ts';
import { fleetKey, renderGroupKey } from '../clusters/controller/members.ts';
import type { Group, Member, Shard } from '../clusters/domain/model.ts';
import type { MemberObservations } from '../clusters/member-observations.ts';

/** For the controller and the records of groups. */
export interface Followers {
  /** Something about the group's nodes may have changed. */
  nodesChanged(scope: Scope, groupId: string): void;
  /** Does the work while no feed follows the node: it is stopped or promoted. */
  without<T>(scope: Scope, groupId: string, memberId: string, work: () => Promise<T>): Promise<T>;
  /** Rejects with an OperationalError when a feed cannot note it; the slots must not move then. */
  slotsMove(scope: Scope, groupId: string, is: 'beginning' | 'done'): Promise<void>;
  /** Resolves when feeds have read all of the shard, or after a time limit. Call it before its nodes are removed. */
  drain(scope: Scope, groupId: string, shardId: string): Promise<void>;
}

/** What followers are made of. */
export interface FollowersOptions {
  feeds: Pick<Feeds, 'setNodes' | 'leave' | 'slotsMove' | 'drain'>;
  fleet: Fleet;
  observations: Pick<MemberObservations, 'lastSeen'>;
  /** Whether some feed reads this cache. Cheap. */
  hasFeeds(groupKey: string): boolean;
  groupOf(scope: Scope, groupId: string): Group | undefined;
  log: Log;
}

/** Tells nothing by itself. */
export function createFollowers(options: FollowersOptions): Followers {
  const { feeds, fleet, hasFeeds, groupOf, log } = options;
  /** What feeds were told last, as text. */
  const told = new Map<string, string>();
  /** How many nodes of the cache are being left. */
  const leaving = new Map<string, number>();
  /** Shards that are being removed, each of which is drained once, although each of its nodes is removed. */
  const drained = new Map<string, Promise<void>>();

  function nodesChanged(scope: Scope, groupId: string): void {
    const key = renderGroupKey(scope, groupId);
    if (!hasFeeds(key)) return void told.delete(key);
    // They would follow the node again.
    if (leaving.has(key)) return;
    const shards = followedShards(options, scope, groupOf(scope, groupId));
    forgetDrained(key, shards);
    const text = JSON.stringify(shards);
    if (told.get(key) === text) return;
    told.set(key, text);
    feeds.setNodes(key, shards);
  }

  function forgetDrained(key: string, shards: readonly FollowedShard[]): void {
    for (const each of drained.keys()) {
      const [of, shardId] = each.split(' ');
      if (of === key && !shards.some(({ id }) => id === shardId)) drained.delete(each);
    }
  }

  return {
    nodesChanged,
    async without(scope, groupId, memberId, work) {
      const key = renderGroupKey(scope, groupId);
      if (!hasFeeds(key)) return await work();
      leaving.set(key, (leaving.get(key) ?? 0) + 1);
      try {
        if (!(await feeds.leave(key, memberId))) {
          const admin = fleet.admin(fleetKey(scope, memberId));
          await dropFollowers(admin).catch((error: unknown) =>
            log.debug({ memberId, err: error }, 'the links of feeds to a node could not be closed'),
          );
        }
        return await work();
      } finally {
        const left = leaving.get(key)! - 1;
        if (left > 0) leaving.set(key, left);
        else leaving.delete(key);
        told.delete(key);
        nodesChanged(scope, groupId);
      }
    },
    async slotsMove(scope, groupId, is) {
      const key = renderGroupKey(scope, groupId);
      if (!hasFeeds(key)) return;
      // New shards are followed before slots move to them.
      nodesChanged(scope, groupId);
      await feeds.slotsMove(key, is);
    },
    async drain(scope, groupId, shardId) {
      const key = renderGroupKey(scope, groupId);
      if (!hasFeeds(key)) return;
      const shardKey = `${key} ${shardId}`;
      const work = drained.get(shardKey) ?? feeds.drain(key, shardId);
      drained.set(shardKey, work);
      await work;
    },
  };
}

const ALL_SLOTS = [[0, 16_383]] as const;

/** The shards of a group as feeds see them; none when there is no group. */
function followedShards(options: FollowersOptions, scope: Scope, group: Group | undefined): FollowedShard[] {
  return (group?.shards ?? []).map((shard) => ({
    id: shard.id,
    slots: group!.clusterEnabled ? shard.slots : ALL_SLOTS,
    nodes: shard.members.map((member) => followedNode(options, scope, shard, member)),
  }));
}

function followedNode(
  { fleet, observations }: FollowersOptions,
  scope: Scope,
  shard: Shard,
  member: Member,
): FollowedNode {
  const key = fleetKey(scope, member.id);
  const access = fleet.access(key);
  const view = observations.lastSeen(scope, member.id)?.view;
  const hasData = !view?.loading && !view?.neverSynced && member.phase !== 'creating';
  return {
    id: member.id,
    role: member.id === shard.primaryId ? 'primary' : 'replica',
    isServing: access !== undefined && fleet.status(key).state === 'running' && hasData,
    socket: access?.socket ?? '',
    username: access?.username ?? '',
    password: access?.password ?? '',
    commandNames: Object.fromEntries(access?.names ?? []),
  };
}
