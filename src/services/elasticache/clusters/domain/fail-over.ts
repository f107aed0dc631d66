// The actions of a failover, and why one may have to wait.

import { type Action, acts, type Planned, record } from './action.ts';
import type { Shard } from './model.ts';

/** Why a failover waits: clauses of text. */
export const SOME_MAY_BE_AHEAD = 'a replica that has not reported its offset may have the newest data';
export const SOME_MAY_ANSWER = 'a replica that does not answer now may have the data';

/** Fence first: the old primary must be unable to accept a write before the new one can. */
export function failOver(shard: Shard, from: string, to: string, options: { begun?: boolean } = {}): Planned {
  const begin = record({ kind: 'failover-begun', shardId: shard.id, from, to });
  return acts(
    ...(options.begun ? [] : [begin]),
    { do: 'kill', memberId: from },
    { do: 'promote', shardId: shard.id, memberId: to },
    primaryDied(shard, to),
  );
}

/** Must follow the old primary's `kill`: it gives the old primary a new address, where stale clients do not find it. */
export const primaryDied = (shard: Shard, to: string): Action =>
  record({ kind: 'primary-changed', shardId: shard.id, to, oldDied: true });
