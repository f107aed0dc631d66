// Deletions of fake resources that are blocked by dependencies which the template does not declare.

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

it('a blocked deletion is retried after the blocking resource of the stack is deleted', async (test) => {
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
  const ofGateway = StackEvents.filter(({ LogicalResourceId }) => LogicalResourceId === 'Gateway');
  assert.deepEqual(ofGateway.map(({ ResourceStatus }) => ResourceStatus).slice(0, 2), [
    'DELETE_COMPLETE',
    'DELETE_IN_PROGRESS',
  ]);
});

it('a deletion that stays blocked fails once no other deletion is left to wait for', async (test) => {
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
