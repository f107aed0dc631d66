// examples/replica-names in both ways, by its function and built in: through a failover, a killed primary, more
// replicas and fewer, every name leads to a replica that serves, and clients of the promoted node's old name leave it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { CloudFormation } from '@aws-sdk/client-cloudformation';
import {
  DecreaseReplicaCountCommand,
  IncreaseReplicaCountCommand,
  TestFailoverCommand,
} from '@aws-sdk/client-elasticache';
import { startTestMillpond, type TestMillpond } from '../support/millpond.ts';
import { pathOfTest, WITHOUT_FUNCTIONS_PYTHON } from '../support/outside-clients.ts';
import {
  hostOf,
  hostsOf,
  namesOf,
  startNameClient,
  timeToSee,
  toldAt,
  untilServed,
} from '../support/replica-names.ts';
import { eventually, untilAvailable } from '../support/replication-groups.ts';

const ID = 'shop';
const TTL_SECONDS = 1;
const TTL_MS = TTL_SECONDS * 1_000;
const NAMES = namesOf('read.private.example.com', 5);
/** In vain before the one that finds all well. */
const LOOKS = 4;
const FAILOVER = /^Failover from primary node \S+ to replica node \S+ completed$/;

interface Example {
  millpond: TestMillpond;
  /** After a completion all clients know better by then, on a machine where looking takes no time. */
  allowedMs: number;
}

const WAYS = { 'built-in': TTL_MS + 100, function: TTL_MS + 2_000 };

for (const [way, allowedMs] of Object.entries(WAYS)) {
  const skip = way === 'function' && WITHOUT_FUNCTIONS_PYTHON;
  test(`names of replicas follow them, kept by: ${way}`, { skip }, async (t) => {
    const millpond = await startTestMillpond({ dnsTtl: `${TTL_SECONDS}`, failureDetectionMs: '500' });
    t.after(() => millpond.stop());
    const example: Example = { millpond, allowedMs };
    const stack = await createStack(t, millpond, { ReplicaNames: way, TimeToLive: `${TTL_SECONDS}` });
    await untilServed(millpond, ID, NAMES.slice(0, 4), { each: true });

    await failsOver(t, example, 1, () =>
      millpond.elasticache.send(new TestFailoverCommand({ ReplicationGroupId: ID, NodeGroupId: '0001' })),
    );
    await failsOver(t, example, 2, async (primary) => killNode(millpond, primary));
    await grows(t, example);
    if (way === 'function') {
      // Taken over in place; what the function wrote goes, and so the names can go with the group.
      const hosts = await hostsOf(millpond, NAMES);
      await stack.update({ ReplicaNames: 'built-in' });
      assert.deepEqual(new Set(await hostsOf(millpond, NAMES)), new Set(hosts));
    }
    await shrinks(example);
    await stack.remove();
    assert.deepEqual(new Set(await hostsOf(millpond, NAMES)), new Set([undefined]));
  });
}

/** The `nth` failover, by whatever `begin` does to the primary. */
async function failsOver(
  t: TestContext,
  { millpond, allowedMs }: Example,
  nth: number,
  begin: (primary: string) => Promise<unknown>,
): Promise<void> {
  const names = NAMES.slice(0, 4);
  const group = await untilAvailable(millpond.elasticache, ID);
  const members = group.NodeGroups![0]!.NodeGroupMembers!;
  const before = await hostsOf(millpond, names);
  const primary = members.find(({ CurrentRole }) => CurrentRole === 'primary')!.CacheClusterId!;
  const clients = names.map((name) => startNameClient(millpond, name));
  t.after(() => Promise.all(clients.map((client) => client.stop())));
  const startedAt = Date.now();
  await Promise.all(clients.map((client) => client.until(5, startedAt)));

  await begin(primary);
  const completedAt = await toldAt(millpond, ID, FAILOVER, nth);
  const servedAt = await untilServed(millpond, ID, names);
  const rightAt = await untilServed(millpond, ID, names, { each: true });
  t.diagnostic(
    `failover ${nth}: served ${servedAt - completedAt} ms after it, right ${rightAt - completedAt}`,
  );
  const limitMs = allowedMs + LOOKS * (await timeToSee(millpond, ID, names));
  assert.ok(servedAt - completedAt <= limitMs, `${servedAt - completedAt} ms`);

  const after = await untilAvailable(millpond.elasticache, ID);
  const promoted = after.NodeGroups![0]!.NodeGroupMembers!.find(
    ({ CurrentRole }) => CurrentRole === 'primary',
  )!;
  const [address] = await millpond.resolver.resolve4(promoted.ReadEndpoint!.Address!);
  const old = clients[before.indexOf(promoted.CacheClusterId)]!;
  assert.ok(old.connections(0, address) >= 5, 'before, its clients were there');
  const settledAt = completedAt + limitMs;
  await Promise.all(clients.map((client) => client.until(20, Math.max(settledAt, rightAt))));
  await Promise.all(clients.map((client) => client.stop()));
  for (const [index, client] of clients.entries())
    assert.equal(client.connections(settledAt, address), 0, `by ${names[index]} to the new primary`);
  assert.ok((await hostsOf(millpond, names)).includes(primary), 'the demoted one has a name');
  await toldAt(millpond, primary, /^Finished recovery/, 1);
}

async function grows(t: TestContext, { millpond, allowedMs }: Example): Promise<void> {
  const fewer = await hostsOf(millpond, NAMES.slice(0, 4));
  await millpond.elasticache.send(
    new IncreaseReplicaCountCommand({ ReplicationGroupId: ID, NewReplicaCount: 5, ApplyImmediately: true }),
  );
  const createdAt = await toldAt(millpond, `${ID}-006`, /^Cache cluster created$/);
  const rightAt = await untilServed(millpond, ID, NAMES, { each: true });
  t.diagnostic(`one more: right ${rightAt - createdAt} ms after it`);
  const limitMs = allowedMs + LOOKS * (await timeToSee(millpond, ID, NAMES));
  assert.ok(rightAt - createdAt <= limitMs, `${rightAt - createdAt} ms`);
  await untilAvailable(millpond.elasticache, ID);
  assert.deepEqual(new Set((await hostsOf(millpond, NAMES)).slice(0, 4)), new Set(fewer));
}

async function shrinks({ millpond }: Example): Promise<void> {
  await millpond.elasticache.send(
    new DecreaseReplicaCountCommand({ ReplicationGroupId: ID, NewReplicaCount: 3, ApplyImmediately: true }),
  );
  await untilAvailable(millpond.elasticache, ID);
  await untilServed(millpond, ID, NAMES.slice(0, 3), { each: true });
  assert.equal(await hostOf(millpond, NAMES[3]!), undefined);
}

async function killNode({ dataDir }: TestMillpond, member: string): Promise<void> {
  const file = join(dataDir, 'nodes/us-east-1/000000000000', member, 'process.json');
  process.kill(JSON.parse(readFileSync(file, 'utf8')).process.pid, 'SIGKILL');
}

async function createStack(t: TestContext, { url }: TestMillpond, parameters: Record<string, string>) {
  const client = new CloudFormation({
    ...{ endpoint: url, region: 'us-east-1' },
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  t.after(() => client.destroy());
  const stack = (given: Record<string, string>) => ({
    StackName: ID,
    TemplateBody: readFileSync(pathOfTest('../examples/replica-names/stack.yaml'), 'utf8'),
    Capabilities: ['CAPABILITY_IAM' as const],
    Parameters: Object.entries({ ...parameters, NumCacheClusters: '5', ...given }).map(([key, value]) => ({
      ...{ ParameterKey: key, ParameterValue: value },
    })),
  });
  const { StackId } = await client.createStack(stack({}));
  const until = async (wanted: string) => {
    const stack = await eventually(`the stack is ${wanted}`, async () => {
      const { Stacks } = await client.describeStacks({ StackName: StackId });
      return !Stacks![0]!.StackStatus!.endsWith('_IN_PROGRESS') && Stacks![0]!;
    });
    assert.equal(stack.StackStatus, wanted, stack.StackStatusReason);
    const { StackEvents } = await client.describeStackEvents({ StackName: StackId });
    const failed = StackEvents!.filter(({ ResourceStatus }) => ResourceStatus!.endsWith('FAILED'));
    assert.deepEqual(failed, []);
  };
  await until('CREATE_COMPLETE');
  return {
    async update(given: Record<string, string>) {
      await client.updateStack(stack(given));
      await until('UPDATE_COMPLETE');
    },
    async remove() {
      await client.deleteStack({ StackName: StackId });
      await until('DELETE_COMPLETE');
    },
  };
}
