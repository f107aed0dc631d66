// Deletions with something in the way that no template tells of, over types that only pretend.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Fault } from '../../../wire/fault.ts';
import { type Fixture, fixture } from '../testing.fixture.ts';

const TYPE = 'Fake::Test::Thing';

async function created(f: Fixture): Promise<string> {
  const Resources = { Gateway: { Type: TYPE }, Address: { Type: TYPE }, Other: { Type: TYPE } };
  const { StackId } = (await f.call('CreateStack', {
    StackName: 's',
    TemplateBody: JSON.stringify({ Resources }),
  })) as unknown as { StackId: string };
  assert.equal(await f.settled('s'), 'CREATE_COMPLETE');
  return StackId;
}

const isThere = (f: Fixture, logicalId: string) =>
  [...f.world.things.keys()].some((physicalId) => physicalId.startsWith(`${logicalId}-`));

it('what is in the way of a deletion goes with the stack', async (test) => {
  const f = await fixture(test);
  const stackId = await created(f);
  const refused = Promise.withResolvers<void>();
  f.world.beforeCall = async (call) => {
    if (call === 'delete Address') await refused.promise;
    if (call !== 'delete Gateway' || !isThere(f, 'Address')) return;
    refused.resolve();
    throw new Fault('DependencyViolation', 'an address is mapped');
  };
  await f.call('DeleteStack', { StackName: 's' });
  assert.equal(await f.settled(stackId), 'DELETE_COMPLETE');
  assert.equal(f.world.things.size, 0);
  const { StackEvents } = (await f.call('DescribeStackEvents', { StackName: stackId })) as unknown as {
    StackEvents: { LogicalResourceId: string; ResourceStatus: string }[];
  };
  const told = StackEvents.filter(({ LogicalResourceId }) => LogicalResourceId === 'Gateway');
  assert.deepEqual(told.map(({ ResourceStatus }) => ResourceStatus).slice(0, 2), [
    'DELETE_COMPLETE',
    'DELETE_IN_PROGRESS',
  ]);
});

it('what stays in the way fails the deletion, once nothing else is left to wait for', async (test) => {
  const f = await fixture(test);
  const stackId = await created(f);
  f.world.beforeCall = (call) => {
    if (call === 'delete Gateway' || call === 'delete Other')
      throw new Fault('DependencyViolation', 'held by another stack');
  };
  await f.call('DeleteStack', { StackName: 's' });
  assert.equal(await f.settled(stackId), 'DELETE_FAILED');
  assert.ok(!isThere(f, 'Address'));
  f.world.beforeCall = () => {};
  await f.call('DeleteStack', { StackName: 's' });
  assert.equal(await f.settled(stackId), 'DELETE_COMPLETE');
});
