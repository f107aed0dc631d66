// Builds the reports of `millpond status` and `millpond why`, which show what AWS's API does not.

import type { Scope } from '../../aws/scope.ts';
import type { LoggedEvent } from '../../control/event-log.ts';
import type { Fleet } from '../../engine/fleet.ts';
import type { GroupStatus, WhyReport } from '../../status.ts';
import type { Controller } from './clusters/controller/controller.ts';
import { fleetKey } from './clusters/controller/members.ts';
import { type Group, membersOf } from './clusters/domain/model.ts';
import type { ElastiCache } from './context.ts';
import type { ElastiCacheEvent } from './events/domain/event.ts';
import { configurationName, nodeName, primaryName, readerName } from './names/domain/endpoint-names.ts';
import { recordedTargets, replicaName } from './names/domain/replica-names.ts';

const EVENTS_SHOWN = 20;
const DAY_MS = 24 * 60 * 60 * 1000;

/** The process id of the node with this fleet key; `undefined` when it is not a process of this machine. */
export type PidOf = (key: string) => number | undefined;

/** Every group of all accounts and regions, as `millpond status` shows it. */
export function groupStatuses(elasticache: ElastiCache, fleet: Fleet, pidOf: PidOf): GroupStatus[] {
  return elasticache.records.groups
    .listAll()
    .map(({ scope, value }) => groupStatus(elasticache, fleet, pidOf, scope, value));
}

function groupStatus(
  elasticache: ElastiCache,
  fleet: Fleet,
  pidOf: PidOf,
  scope: Scope,
  group: Group,
): GroupStatus {
  const naming = elasticache.endpoints.namingOf(scope);
  const at = (name: string) => `${name}:${group.port}`;
  const { binary } = elasticache.wantedRun(scope, group);
  return {
    id: group.id,
    region: scope.region,
    accountId: scope.accountId,
    status: group.status,
    engine: group.engine,
    engineVersion: group.engineVersion,
    runs: { engine: binary.engine, version: binary.version },
    clusterEnabled: group.clusterEnabled,
    endpoints:
      group.kind === 'cache-cluster'
        ? { primary: at(nodeName(naming, group.id)) }
        : group.clusterEnabled
          ? { configuration: at(configurationName(naming, group.id)) }
          : { primary: at(primaryName(naming, group.id)), reader: at(readerName(naming, group.id)) },
    members: group.shards.flatMap((shard) =>
      shard.members.map((member) => {
        const key = fleetKey(scope, member.id);
        const pid = pidOf(key);
        return {
          id: member.id,
          role: member.id === shard.primaryId ? ('primary' as const) : ('replica' as const),
          address: member.address,
          endpoint: at(nodeName(naming, member.id)),
          state: fleet.status(key).state,
          ...(isIsolatedNow(elasticache, scope, member.id) && { isolated: true as const }),
          ...(pid !== undefined && { pid }),
        };
      }),
    ),
    ...(group.replicaNames && { replicaNames: replicaNamesStatus(group.replicaNames) }),
  };
}

const isIsolatedNow = (elasticache: ElastiCache, scope: Scope, memberId: string): boolean =>
  elasticache.observations.lastSeen(scope, memberId)?.isolatedSince !== undefined;

const replicaNamesStatus = (names: NonNullable<Group['replicaNames']>): GroupStatus['replicaNames'] => ({
  pattern: names.pattern,
  names: recordedTargets(names).map((member, index) => ({
    name: replicaName(names.pattern, index + 1),
    member,
  })),
});

/**
 * What `millpond why` shows of a group. `resource` is the id of a group or a member, in any account and region;
 * `undefined` when there is none.
 */
export async function whyReport(
  elasticache: ElastiCache,
  controller: Controller,
  resource: string,
): Promise<WhyReport | undefined> {
  const id = resource.toLowerCase();
  const [found] = elasticache.records.groups.byAnywhere('anyId', id);
  if (!found) return undefined;
  const { scope, value: group } = found;
  const { observation, plan } = await controller.explain(scope, group);
  const own = new Set([group.id, ...membersOf(group).map((member) => member.id)]);
  const now = elasticache.clock.now();
  const newest: LoggedEvent<ElastiCacheEvent>[] = [];
  for await (const batch of elasticache.events.batches(scope, now - DAY_MS, now)) {
    newest.push(...batch.filter((event) => own.has(event.value.sourceId)));
    if (newest.length >= EVENTS_SHOWN) break;
  }
  const events = newest.slice(0, EVENTS_SHOWN).reverse();
  return {
    resource: group.id,
    desired: group,
    observed: Object.fromEntries(observation.members),
    plan: plan.lists.flat().map((action) => JSON.stringify(action)),
    waits: plan.waits,
    feeds: elasticache.feeds.views(scope).filter(({ source }) => source === group.id),
    cuts: elasticache.cuts(),
    events: events.map(
      ({ at, value }) => `${new Date(at).toISOString()} ${value.sourceId}: ${value.message}`,
    ),
  };
}
