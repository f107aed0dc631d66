// Background jobs that move slots, at most one for each group. They run beside the controller's passes, so that a
// failure is handled at once. A job can be interrupted at any time and begun again: the engines know which slots have
// moved.

import { setTimeout as pause } from 'node:timers/promises';
import type { Scope } from '../../../../aws/scope.ts';
import { clusterNodes } from '../../../../engine/commands.ts';
import type { Fleet } from '../../../../engine/fleet.ts';
import {
  type Credentials,
  MigrationInterrupted,
  type MigrationShard,
  migrateSlots,
} from '../../../../engine/resharding/index.ts';
import type { Log } from '../../../../kernel/log.ts';
import type { ElastiCache } from '../../context.ts';
import type { Followers } from '../../feeds/followers.ts';
import type { Group, Shard } from '../domain/model.ts';
import { slotsOf } from '../domain/slots.ts';
import { fleetKey, renderGroupKey } from './members.ts';

/** The jobs of all groups. */
export interface Migrations {
  isRunning(groupKey: string): boolean;
  /** Begins the move that the group's record describes, unless a job is running. */
  begin(scope: Scope, groupId: string): void;
  /** Aborts the group's job, if there is one, and waits for its end. */
  interrupt(groupKey: string): Promise<void>;
  stop(): Promise<void>;
}

/** The interval at which progress is recorded. */
const PROGRESS_MS = 500;
const FIRST_RETRY_MS = 25;
const LAST_RETRY_MS = 2_000;

/** `credentials`: the engines' admin user, for MIGRATE. */
export function createMigrations(options: {
  elasticache: ElastiCache;
  fleet: Fleet;
  followers: Pick<Followers, 'slotsMove'>;
  credentials: Credentials;
  log: Log;
}): Migrations {
  const { elasticache, fleet, followers, credentials, log } = options;
  const jobs = new Map<string, { controller: AbortController; ended: Promise<void> }>();
  const failures = new Map<string, number>();

  async function run(scope: Scope, groupId: string, signal: AbortSignal): Promise<void> {
    const group = elasticache.groups.get(scope, groupId);
    if (group?.change?.kind !== 'reshard' || group.change.step !== 'migrate') return;
    const { since } = group.change;
    const moves = group.change.moves.map((move) => ({ ...move, slots: slotsOf(move.slots) }));
    let recordedAt = elasticache.clock.now();
    await followers.slotsMove(scope, groupId, 'beginning');
    const result = await migrateSlots({
      moves,
      shards: new Map(group.shards.map((shard) => [shard.id, migrationShard(scope, group, shard)])),
      credentials,
      signal,
      onProgress(movedSlots) {
        const now = elasticache.clock.now();
        if (now - recordedAt < PROGRESS_MS) return;
        recordedAt = now;
        void recordProgress(scope, group, since, movedSlots).catch((error) =>
          log.debug({ err: error }, 'the progress could not be recorded'),
        );
      },
    });
    await recordProgress(scope, group, since, result.movedSlots);
    await followers.slotsMove(scope, groupId, 'done');
    for (const refused of result.refused) log.warn({ groupId, ...refused }, 'a slot stays where it is');
    elasticache.groups.advance(scope, groupId, { kind: 'reshard-step', step: 'remove', since });
  }

  /** Records the owners of slots as the engines report them. */
  async function recordProgress(
    scope: Scope,
    group: Group,
    since: number,
    movedSlots: number,
  ): Promise<void> {
    const { primaryId } = group.shards[0]!;
    const nodes = await clusterNodes(fleet.admin(fleetKey(scope, primaryId)));
    const shards: Record<string, [number, number][]> = {};
    for (const shard of group.shards) {
      const ids = new Set(shard.members.map((member) => member.engineNodeId));
      shards[shard.id] = nodes.filter((node) => ids.has(node.id)).flatMap((node) => node.slots);
    }
    elasticache.groups.advance(scope, group.id, { kind: 'slots-moved', shards, movedSlots, since });
  }

  function migrationShard(scope: Scope, group: Group, shard: Shard): MigrationShard {
    const primary = shard.members.find((member) => member.id === shard.primaryId)!;
    const replicas = shard.members.filter((member) => member !== primary);
    return {
      primary: {
        admin: fleet.admin(fleetKey(scope, primary.id)),
        address: primary.address,
        port: group.port,
        nodeId: primary.engineNodeId!,
      },
      replicas: replicas.map((replica) => ({ admin: fleet.admin(fleetKey(scope, replica.id)) })),
      nodeIds: shard.members.map((member) => member.engineNodeId!),
    };
  }

  /** Exponential backoff after a failure. The job counts as running meanwhile, so that no other one begins. */
  async function retryPause(key: string, signal: AbortSignal): Promise<void> {
    const count = failures.get(key) ?? 0;
    failures.set(key, count + 1);
    const pauseMs = Math.min(FIRST_RETRY_MS * 2 ** count, LAST_RETRY_MS);
    await pause(pauseMs, undefined, { signal }).catch(() => undefined);
  }

  const migrations: Migrations = {
    isRunning: (groupKey) => jobs.has(groupKey),
    begin(scope, groupId) {
      const key = renderGroupKey(scope, groupId);
      if (jobs.has(key)) return;
      const controller = new AbortController();
      const ended = run(scope, groupId, controller.signal)
        .then(() => void failures.delete(key))
        .catch(async (error: unknown) => {
          if (controller.signal.aborted) return;
          const level = error instanceof MigrationInterrupted ? 'info' : 'error';
          log[level]({ key, err: error }, 'moving slots was interrupted and will be retried');
          await retryPause(key, controller.signal);
        })
        .finally(() => {
          jobs.delete(key);
          elasticache.wake(scope, groupId);
        });
      jobs.set(key, { controller, ended });
    },
    async interrupt(groupKey) {
      const job = jobs.get(groupKey);
      job?.controller.abort();
      await job?.ended;
    },
    async stop() {
      await Promise.all([...jobs.keys()].map((key) => migrations.interrupt(key)));
    },
  };
  return migrations;
}
