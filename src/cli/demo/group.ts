// The demo's replication group: created alone when there is no stack, and awaited in any case.

import { setTimeout as delay } from 'node:timers/promises';
import { commandOn } from '../../kernel/command-name.ts';
import { OperationalError } from '../../kernel/errors.ts';
import type { GroupStatus } from '../../status.ts';
import type { InstanceRecord } from '../data-directory.ts';
import { ApiError, type Caller, ELASTICACHE, requestQuery } from '../query-request.ts';
import { fetchStatus } from '../running.ts';
import { DEMO } from './stack.ts';

// The same as in the template of the first walkthrough: a primary and a replica in two zones.
const CREATE_GROUP = {
  ReplicationGroupId: DEMO,
  ReplicationGroupDescription: 'The first walkthrough',
  Engine: 'redis',
  CacheNodeType: 'cache.t4g.micro',
  NumCacheClusters: '2',
  AutomaticFailoverEnabled: 'true',
  MultiAZEnabled: 'true',
};

const LOOK_EVERY_MS = 100;

/** Creates the group unless it exists, and returns its id. Throws CommandFailed. */
export async function createDemoGroup(url: string, caller: Caller): Promise<string> {
  try {
    await requestQuery(url, ELASTICACHE, 'CreateReplicationGroup', CREATE_GROUP, caller);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.code !== 'ReplicationGroupAlreadyExists') {
      const sentence = `The replication group ${DEMO} was refused: ${error.message}`;
      throw new OperationalError('CommandFailed', sentence, error);
    }
  }
  return DEMO;
}

/**
 * Waits until the group is available. `undefined` when `signal` aborts because Millpond ends. Throws TimedOut when
 * the signal's time is up.
 */
export async function availableGroup(
  { instance, dataDir }: { instance: Required<InstanceRecord>; dataDir: string },
  groupId: string,
  region: string,
  signal: AbortSignal,
): Promise<GroupStatus | undefined> {
  let last: GroupStatus | undefined;
  while (!signal.aborted) {
    const { groups } = await fetchStatus(instance);
    last = groups.find((group) => group.id === groupId && group.region === region);
    if (last?.status === 'available') return last;
    await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
  }
  if ((signal.reason as Error | undefined)?.name !== 'TimeoutError') return undefined;
  throw new OperationalError(
    'TimedOut',
    `${groupId} is still ${last?.status ?? 'missing'}; \`${commandOn(dataDir, 'why', groupId)}\` says more.`,
  );
}
