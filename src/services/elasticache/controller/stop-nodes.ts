// An orderly end of all nodes, with their data on disk for the next start. Replicas first: a primary that shuts down
// waits for those that lag.

import type { Fleet } from '../../../engine/fleet.ts';
import type { Scope } from '../../../kernel/scope.ts';
import { type Group, type Member, memberOf } from '../domain/model.ts';
import type { ElastiCache } from '../elasticache.ts';
import { fleetKey } from './members.ts';

const GRACE_MS = 20_000;
/** Saving is work for the disk; more at once would only make all of them late. */
const AT_ONCE = 8;

/** Rejects with the first failure once all were tried: a node that cannot save its data is left running. */
export async function stopNodes(elasticache: ElastiCache, fleet: Fleet): Promise<void> {
  const nodes = elasticache.records.groups
    .listAll()
    .flatMap(({ scope, value: group }) =>
      group.shards.flatMap((shard) =>
        shard.members.map((member) => ({ scope, group, member, isPrimary: member.id === shard.primaryId })),
      ),
    );
  const stopAll = (part: typeof nodes) => each(part, AT_ONCE, (node) => stopNode(elasticache, fleet, node));
  const failures = [
    ...(await stopAll(nodes.filter(({ isPrimary }) => !isPrimary))),
    ...(await stopAll(nodes.filter(({ isPrimary }) => isPrimary))),
  ];
  if (failures.length > 0) throw failures[0];
}

async function stopNode(
  elasticache: ElastiCache,
  fleet: Fleet,
  { scope, group, member }: { scope: Scope; group: Group; member: Member },
): Promise<void> {
  const key = fleetKey(scope, member.id);
  if (fleet.status(key).state === 'absent') return;
  await fleet.stop(key, { save: true, graceMs: GRACE_MS });
  if (!(await fleet.endedCleanly(key))) return;
  // The record says that this end was meant: the next start is no recovery.
  elasticache.groups.update(scope, group.id, (latest) => {
    const found = memberOf(latest, member.id);
    if (found && !found.member.start) found.member.start = { data: 'keep' };
    return [];
  });
}

/** What failed, after everything was tried. */
async function each<T>(items: T[], atOnce: number, work: (item: T) => Promise<void>): Promise<unknown[]> {
  const queue = [...items];
  const failures: unknown[] = [];
  const lane = async () => {
    for (let item = queue.shift(); item; item = queue.shift()) {
      await work(item).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return failures;
}
