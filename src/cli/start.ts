// `millpond start`, which is what `npm start` does: Millpond in the foreground with the first walkthrough's
// replication group, and what to try with it. Started again, it goes on where it was.

import { setTimeout as delay } from 'node:timers/promises';
import { type ConfigFlags, parseConfig } from '../config.ts';
import { OperationalError } from '../kernel/errors.ts';
import type { GroupStatus } from '../status.ts';
import { type CliContext, print, printError } from './context.ts';
import { type InstanceRecord, isHeld } from './data-directory.ts';
import { ApiError, ELASTICACHE, requestQuery } from './query-request.ts';
import { fetchStatus, runningInstance } from './running.ts';
import { renderGroup } from './status.ts';
import { describe, upUntilSignal } from './up.ts';

const GROUP = 'demo';

// What the first walkthrough's template asks for: a primary and a replica in two zones.
const CREATE_GROUP = {
  ReplicationGroupId: GROUP,
  ReplicationGroupDescription: 'The first walkthrough',
  Engine: 'redis',
  CacheNodeType: 'cache.t4g.micro',
  NumCacheClusters: '2',
  AutomaticFailoverEnabled: 'true',
  MultiAZEnabled: 'true',
};

const AVAILABLE_TIMEOUT_MS = 120_000;
const LOOK_EVERY_MS = 100;

export async function start(context: CliContext, flags: ConfigFlags): Promise<void> {
  const { dataDir } = parseConfig(flags, context.env);
  if (isHeld(dataDir)) {
    printError('it is running already; this leaves it as it is.');
    return await showDemo(runningInstance(dataDir), dataDir, AbortSignal.timeout(AVAILABLE_TIMEOUT_MS));
  }
  await upUntilSignal(context, flags, async (record, ending) => {
    await showDemo(record, dataDir, AbortSignal.any([ending, AbortSignal.timeout(AVAILABLE_TIMEOUT_MS)]));
    print('\nCtrl-C stops everything and keeps the data.');
  });
}

async function showDemo(
  instance: Required<InstanceRecord>,
  dataDir: string,
  signal: AbortSignal,
): Promise<void> {
  print(describe(instance, dataDir));
  await createGroup(instance.listening.url);
  const group = await availableGroup(instance, signal);
  if (!group) return;
  print(`\n${renderGroup(group)}\n`);
  print(suggestions(group, instance.listening.url, dataDir));
}

async function createGroup(url: string): Promise<void> {
  try {
    await requestQuery(url, ELASTICACHE, 'CreateReplicationGroup', CREATE_GROUP);
    print(`\nCreating the replication group ${GROUP}…`);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.code === 'ReplicationGroupAlreadyExists') return;
    throw new OperationalError(
      'CommandFailed',
      `The replication group ${GROUP} was refused: ${error.message}`,
      error,
    );
  }
}

/** `undefined` when `signal` says to stop waiting because Millpond ends. Throws TimedOut when it takes too long. */
async function availableGroup(
  instance: Required<InstanceRecord>,
  signal: AbortSignal,
): Promise<GroupStatus | undefined> {
  let last: GroupStatus | undefined;
  while (!signal.aborted) {
    const { groups, region } = await fetchStatus(instance);
    last = groups.find((group) => group.id === GROUP && group.region === region);
    if (last?.status === 'available') return last;
    await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
  }
  if ((signal.reason as Error | undefined)?.name !== 'TimeoutError') return undefined;
  throw new OperationalError(
    'TimedOut',
    `${GROUP} is still ${last?.status ?? 'missing'}; \`millpond why ${GROUP}\` says more.`,
  );
}

function suggestions(group: GroupStatus, url: string, dataDir: string): string {
  const host = (endpoint: string | undefined) => endpoint?.replace(/:\d+$/, '') ?? '';
  const isElsewhere = dataDir !== parseConfig({}, {}).dataDir;
  const where = isElsewhere ? ` --data-dir ${dataDir}` : '';
  const inside = `  npx millpond exec${where} --`;
  return [
    'Try, in another terminal:',
    `${inside} redis-cli -h ${host(group.endpoints.primary)} set hoge foo`,
    `${inside} redis-cli -h ${host(group.endpoints.reader)} set aaa bbb   # READONLY, as on AWS`,
    `${inside} dig +noall +answer ${host(group.endpoints.primary)}`,
    `${inside} aws --endpoint-url ${url} elasticache describe-events`,
    `  npx millpond drill${where} ${group.id} --node-group 0001   # rehearse a failover`,
  ].join('\n');
}
