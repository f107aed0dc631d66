// The slots that a shard serves, as its primary says.

import type { FollowedShard } from '../feeds.ts';
import type { NodeClient } from './node-client.ts';

type Ranges = readonly (readonly [first: number, last: number])[];

const LIMIT_MS = 1_000;

/** Without cluster mode, those of the shard's record. Rejects when no primary answers. */
export async function slotsOf(
  shard: FollowedShard,
  clientOf: (node: FollowedShard['nodes'][number]) => NodeClient,
): Promise<Ranges> {
  const primary = shard.nodes.find(({ role, isServing }) => role === 'primary' && isServing);
  if (!primary) throw new Error(`Shard ${shard.id} has no primary.`);
  const [reply] = await clientOf(primary).ask([['CLUSTER', 'NODES']], LIMIT_MS);
  return reply instanceof Error ? shard.slots : ownSlots(String(reply));
}

/** From CLUSTER NODES: the fields after the eighth of the node's own line, without those of open slots. */
export function ownSlots(nodes: string): Ranges {
  const own = nodes.split('\n').find((line) => /^\S+ \S+ \S*\bmyself\b/.test(line));
  return (own?.split(' ').slice(8) ?? [])
    .filter((field) => /^\d+(-\d+)?$/.test(field))
    .map((field) => {
      const [first, last] = field.split('-').map(Number) as [number, number?];
      return [first, last ?? first] as const;
    });
}
