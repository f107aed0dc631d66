// Shuts all nodes down in order, with their data saved for the next start. Replicas first, because a primary that
// shuts down waits for replicas that lag.

import type { Scope } from '../../../../aws/scope.ts';
import type { Fleet } from '../../../../engine/fleet.ts';
import { commandOn } from '../../../../kernel/command-name.ts';
import { OperationalError } from '../../../../kernel/errors.ts';
import type { ElastiCache } from '../../context.ts';
import { type Group, type Member, memberOf } from '../domain/model.ts';
import { fleetKey } from './members.ts';

const GRACE_MS = 20_000;
/** How many nodes save at the same time. The disk is the bottleneck; more would delay all of them. */
const AT_ONCE = 8;

/**
 * Tries every node, and then rejects with one error for all failures. A node that cannot save its data keeps running.
 */
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
  if (failures.length > 0) throw together(failures, elasticache.options.dataDir);
}

async function stopNode(
  elasticache: ElastiCache,
  fleet: Fleet,
  { scope, group, member }: { scope: Scope; group: Group; member: Member },
): Promise<void> {
  const key = fleetKey(scope, member.id);
  if (fleet.status(key).state === 'absent') return;
  const ended = await stopMember(fleet, key);
  if (!ended) return;
  elasticache.groups.update(scope, group.id, (latest) => {
    const found = memberOf(latest, member.id)?.member;
    if (found && !found.start) Object.assign(found, ended);
    return [];
  });
}

/**
 * Stops the node. After an orderly shutdown, resolves with what to record of the member, unless it is to be started
 * anyway: the next start is then no recovery, and compares the dump with what was saved. Rejects as Fleet.stop does.
 */
export async function stopMember(
  fleet: Fleet,
  key: string,
): Promise<Required<Pick<Member, 'start' | 'saved'>> | undefined> {
  await fleet.stop(key, { save: true, graceMs: GRACE_MS });
  const { dump, clean } = await fleet.stored(key);
  if (!clean || !dump || dump.damage !== undefined) return undefined;
  const { bytes, checksum, replicationId, offset } = dump;
  return {
    start: { data: 'keep' },
    saved: {
      bytes,
      ...(checksum !== undefined && { checksum }),
      ...(replicationId !== undefined && { replicationId }),
      ...(offset !== undefined && { offset }),
    },
  };
}

/** One error with the texts of all failures. A failure that is not operational is a bug, and is returned instead. */
function together(failures: unknown[], dataDir: string | undefined): unknown {
  const known = failures.filter((failure) => failure instanceof OperationalError);
  if (known.length < failures.length) return failures.find((failure) => !known.includes(failure as never));
  const full = known.some(({ code }) => code === 'DiskFull');
  const advice = full ? [`Make room there, and stop it again with \`${commandOn(dataDir, 'down')}\`.`] : [];
  return new OperationalError(
    full ? 'DiskFull' : known[0]!.code,
    [...known.map(({ message }) => message), ...advice].join(' '),
    known[0],
  );
}

/** Runs `work` for all items, `atOnce` at a time, and resolves with the failures. */
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
