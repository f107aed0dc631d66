// Names of replicas that Millpond keeps right by itself, through everything that moves them: a test failover, a killed
// replica, one more, one less, a new start. Asked over DNS all the while.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import {
  AddTagsToResourceCommand,
  CreateReplicationGroupCommand,
  DecreaseReplicaCountCommand,
  IncreaseReplicaCountCommand,
  RemoveTagsFromResourceCommand,
  type ReplicationGroup,
  TestFailoverCommand,
} from '@aws-sdk/client-elasticache';
import { Route53 } from '@aws-sdk/client-route-53';
import { atEndpoint } from '../support/endpoint.ts';
import { startTestMillpond, type TestMillpond } from '../support/millpond.ts';
import {
  describeGroup,
  eventually,
  invalidCombination,
  invalidValue,
  rejectsWith,
  told,
  untilAvailable,
} from '../support/replication-groups.ts';

const ID = 'names';
const DOMAIN = 'private.redisdub.pl';
const REPLICA_NAMES = { Key: 'millpond:replica-names', Value: `read.${DOMAIN}` };
const TTL_SECONDS = 1;
/** On top of the time to live, from when it is told that all is well. */
const ALLOWED_MS = 100;
const LOOK_EVERY_MS = 5;
/** In vain before the one that finds all well. */
const LOOKS = 4;

let millpond: TestMillpond;
let route53: Route53;
let zoneId: string;
let group: ReplicationGroup;

before(async () => {
  millpond = await startTestMillpond({ dnsTtl: `${TTL_SECONDS}`, failureDetectionMs: '500' });
  route53 = new Route53({
    endpoint: millpond.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const made = await route53.createHostedZone({ Name: DOMAIN, CallerReference: 'one' });
  zoneId = made.HostedZone!.Id!;
  await millpond.elasticache.send(
    new CreateReplicationGroupCommand({
      ReplicationGroupId: ID,
      ReplicationGroupDescription: 'replica names',
      CacheNodeType: 'cache.t4g.micro',
      Engine: 'redis',
      NumCacheClusters: 4,
      AutomaticFailoverEnabled: true,
      Tags: [REPLICA_NAMES],
    }),
  );
  group = await untilAvailable(millpond.elasticache, ID);
});
after(async () => {
  route53?.destroy();
  await millpond?.stop();
});

const nameOf = (number: number) => `read${number}.${DOMAIN}`;

/** The member that the name leads to now, `undefined` when there is no such name. */
async function hostOf(name: string): Promise<string | undefined> {
  try {
    const [target] = await millpond.resolver.resolveCname(name);
    return target!.split('.', 1)[0];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTFOUND') return undefined;
    throw error;
  }
}

const primaryNow = () => hostOf(group.NodeGroups![0]!.PrimaryEndpoint!.Address!);

/** From number 1 to the last that there is. */
async function hosts(): Promise<string[]> {
  const found = await Promise.all([1, 2, 3, 4, 5].map((number) => hostOf(nameOf(number))));
  const end = found.indexOf(undefined);
  return (end < 0 ? found : found.slice(0, end)) as string[];
}

/** Every name leads to a replica of its own that is in sync. */
async function areRight(count: number): Promise<boolean> {
  const primary = await primaryNow();
  const found = await hosts();
  if (found.length !== count || new Set(found).size !== count || found.includes(primary!)) return false;
  const states = await Promise.all(
    found.map((_host, index) =>
      atEndpoint(millpond, nameOf(index + 1), (redis) => redis.info('replication')),
    ),
  );
  return states.every((text) => text.includes('role:slave') && text.includes('master_link_status:up'));
}

async function becomeRight(count: number): Promise<void> {
  const tookMs = await timeOf(() => eventually(`${count} names are right`, () => areRight(count)));
  // What a look takes on this machine at this time is none of the names' doing.
  const lookMs = await timeOf(() => areRight(count));
  const allowedMs = TTL_SECONDS * 1_000 + ALLOWED_MS + LOOKS * lookMs;
  assert.ok(tookMs <= allowedMs, `the names were right only after ${tookMs} ms; a look takes ${lookMs} ms`);
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** Asks without pause until `work` is done: no name may ever lead to the primary of the moment. */
async function whileAsking<T>(work: () => Promise<T>): Promise<T> {
  let asked = 0;
  const result = { done: false };
  const watch = (async () => {
    while (!result.done) {
      const before = await primaryNow();
      const found = await hosts();
      // One that was primary before and is none any more may be in sync again by now.
      if ((await primaryNow()) === before) {
        for (const [index, host] of found.entries())
          assert.notEqual(host, before, `${nameOf(index + 1)} leads to the primary, look ${asked}`);
      }
      asked++;
      await pause(LOOK_EVERY_MS);
    }
  })();
  watch.catch(() => undefined);
  try {
    return await work();
  } finally {
    result.done = true;
    await watch;
    assert.ok(asked > 0);
  }
}

function kill(member: string): void {
  const file = join(millpond.dataDir, 'nodes/us-east-1/000000000000', member, 'process.json');
  process.kill(JSON.parse(readFileSync(file, 'utf8')).process.pid, 'SIGKILL');
}

/** A failover is told twice: of the group and of its new primary. */
const untilTold = (count: number, pattern: RegExp) =>
  eventually(`${pattern} ${count} times`, async () => {
    const members = (await describeGroup(millpond.elasticache, ID)).MemberClusters!;
    const events = await told(millpond.elasticache, ID, ...members);
    return events.filter((event) => pattern.test(event)).length >= count;
  });

it('each replica has a name, which stands in the hosted zone', async () => {
  await becomeRight(3);
  assert.deepEqual(await hosts(), ['names-002', 'names-003', 'names-004']);
  const { ResourceRecordSets } = await route53.listResourceRecordSets({ HostedZoneId: zoneId });
  const shown = ResourceRecordSets!
    .filter(({ Type }) => Type === 'CNAME')
    .map(({ Name, TTL, ResourceRecords }) => [Name, TTL, ResourceRecords![0]!.Value!.split('.', 1)[0]]);
  assert.deepEqual(shown, [
    [`${nameOf(1)}.`, TTL_SECONDS, 'names-002'],
    [`${nameOf(2)}.`, TTL_SECONDS, 'names-003'],
    [`${nameOf(3)}.`, TTL_SECONDS, 'names-004'],
  ]);
  const change = { Action: 'DELETE' as const, ResourceRecordSet: ResourceRecordSets!.at(-1)! };
  await assert.rejects(
    route53.changeResourceRecordSets({ HostedZoneId: zoneId, ChangeBatch: { Changes: [change] } }),
    /is managed by Millpond for replication group names/,
  );
});

it('after a failover the name of the promoted one is that of the demoted one, the others stay', async () => {
  const before = await hosts();
  await whileAsking(async () => {
    await millpond.elasticache.send(new TestFailoverCommand({ ReplicationGroupId: ID, NodeGroupId: '0001' }));
    await untilTold(2, /Failover from primary node .* to replica node .* completed/);
    await untilTold(1, /Finished recovery/);
    await becomeRight(3);
  });
  const promoted = await primaryNow();
  assert.deepEqual(
    await hosts(),
    before.map((host) => (host === promoted ? 'names-001' : host)),
  );
});

it('a killed replica has its name again when it is back', async () => {
  const before = await hosts();
  const victim = before[1]!;
  await whileAsking(async () => {
    kill(victim);
    await untilTold(2, /Finished recovery/);
    await becomeRight(3);
  });
  assert.deepEqual(await hosts(), before);
});

it('a killed primary takes over the name of its successor when it is back', async () => {
  const before = await hosts();
  const victim = (await primaryNow())!;
  await whileAsking(async () => {
    kill(victim);
    await untilTold(4, /Failover from primary node .* to replica node .* completed/);
    await untilTold(3, /Finished recovery/);
    await becomeRight(3);
  });
  const promoted = await primaryNow();
  assert.deepEqual(
    await hosts(),
    before.map((host) => (host === promoted ? victim : host)),
  );
});

it('one more replica is one more name, one less the highest number less', async () => {
  const before = await hosts();
  await whileAsking(async () => {
    await millpond.elasticache.send(
      new IncreaseReplicaCountCommand({ ReplicationGroupId: ID, NewReplicaCount: 4, ApplyImmediately: true }),
    );
    await untilAvailable(millpond.elasticache, ID);
    await becomeRight(4);
  });
  assert.deepEqual((await hosts()).slice(0, 3), before);
  const removed = before[0]!;
  await whileAsking(async () => {
    await millpond.elasticache.send(
      new DecreaseReplicaCountCommand({
        ReplicationGroupId: ID,
        ReplicasToRemove: [removed],
        ApplyImmediately: true,
      }),
    );
    assert.ok(!(await hosts()).includes(removed), 'from the answer on no name leads to who leaves');
    await untilAvailable(millpond.elasticache, ID);
    await becomeRight(3);
  });
  assert.equal(await hostOf(nameOf(4)), undefined);
  assert.deepEqual((await hosts()).slice(1), before.slice(1));
});

it('the names are the same after a new start, and go with the tag', async () => {
  const before = await hosts();
  await millpond.leave();
  await millpond.start();
  await becomeRight(3);
  assert.deepEqual(await hosts(), before);
  const ResourceName = (await describeGroup(millpond.elasticache, ID)).ARN!;
  const TagKeys = [REPLICA_NAMES.Key];
  await millpond.elasticache.send(new RemoveTagsFromResourceCommand({ ResourceName, TagKeys }));
  assert.deepEqual(await hosts(), []);
  const tag = (Value: string) =>
    millpond.elasticache.send(
      new AddTagsToResourceCommand({ ResourceName, Tags: [{ Key: REPLICA_NAMES.Key, Value }] }),
    );
  await rejectsWith(tag('read1.x'), invalidValue(/must be a domain name/));
  assert.deepEqual(await hosts(), []);
  await tag(`other.${DOMAIN}`);
  assert.ok(await hostOf(`other3.${DOMAIN}`));
  await rejectsWith(
    millpond.elasticache.send(
      new CreateReplicationGroupCommand({
        ReplicationGroupId: 'sharded',
        ReplicationGroupDescription: 'x',
        CacheNodeType: 'cache.t4g.micro',
        Engine: 'redis',
        NumNodeGroups: 2,
        ReplicasPerNodeGroup: 1,
        AutomaticFailoverEnabled: true,
        Tags: [REPLICA_NAMES],
      }),
    ),
    invalidCombination(/cluster mode disabled/),
  );
});
