// Two Millponds on one host, the same ids in the same account and region: neither notices the other, whatever
// becomes of it.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  CreateReplicationGroupCommand,
  DescribeReplicationGroupsCommand,
  waitUntilReplicationGroupAvailable,
} from '@aws-sdk/client-elasticache';
import { startTestMillpond, type TestMillpond } from '../support/millpond.ts';

const ID = 'shared-name';

describe('two Millponds on one host', () => {
  let one: TestMillpond;
  let other: TestMillpond;

  before(async () => {
    [one, other] = await Promise.all([startTestMillpond(), startTestMillpond()]);
    await Promise.all([create(one), create(other)]);
  });
  after(() => Promise.all([one?.stop(), other?.stop()]));

  it('give the same name two addresses', async () => {
    const name = await primaryName(one);
    assert.equal(await primaryName(other), name);
    const [here] = await one.resolver.resolve4(name);
    const [there] = await other.resolver.resolve4(name);
    assert.notEqual(here, there);
    assert.notEqual(one.dns.address, other.dns.address);
  });

  it('leave each other alone when one goes away and comes back', async () => {
    const name = await primaryName(other);
    const [address] = await other.resolver.resolve4(name);
    await one.leave();
    assert.deepEqual(await other.resolver.resolve4(name), [address]);
    await one.start();
    assert.equal((await one.resolver.resolve4(name)).length, 1);
    assert.deepEqual(await other.resolver.resolve4(name), [address]);
  });
});

async function create({ elasticache }: TestMillpond): Promise<void> {
  await elasticache.send(
    new CreateReplicationGroupCommand({
      ReplicationGroupId: ID,
      ReplicationGroupDescription: 'one of two',
      NumCacheClusters: 2,
      AutomaticFailoverEnabled: true,
    }),
  );
  await waitUntilReplicationGroupAvailable(
    { client: elasticache, maxWaitTime: 120, minDelay: 1 },
    { ReplicationGroupId: ID },
  );
}

async function primaryName({ elasticache }: TestMillpond): Promise<string> {
  const { ReplicationGroups } = await elasticache.send(
    new DescribeReplicationGroupsCommand({ ReplicationGroupId: ID }),
  );
  return ReplicationGroups![0]!.NodeGroups![0]!.PrimaryEndpoint!.Address!;
}
