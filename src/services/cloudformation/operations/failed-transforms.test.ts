// A failed transform in CreateStack, UpdateStack and nested stacks: the operation begins and rolls back. The statuses and
// reasons are those that LocalStack's tests recorded from AWS (tests/aws/services/cloudformation,
// test_template_engine.snapshot.json, TestMacros::test_failed_state).

import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Neighbours } from '../context.ts';
import { type Fixture, fixture } from '../testing.fixture.ts';

const Capabilities = ['CAPABILITY_IAM', 'CAPABILITY_AUTO_EXPAND'];

const template = (kind: 'good' | 'bad', size = 1) => `
Transform: AWS::Serverless-2016-10-31
Parameters: {Stage: {Type: String, Default: dev}}
Conditions: {IsDev: !Equals [!Ref Stage, dev]}
Resources:
  Thing: {Type: Fake::Test::Thing, Condition: IsDev, Properties: {Size: ${size}}}
${kind === 'bad' ? '  F: {Type: AWS::Serverless::Function, Properties: {InlineCode: x, Handlr: y}}' : ''}
Outputs:
  Thing: {Value: !Ref Thing}
`;

const REASON = /^Transform AWS::Serverless-2016-10-31 failed with: .*/s;

type Event = { ResourceStatus: string; ResourceStatusReason?: string };

async function eventsOf(f: Fixture, StackName: string): Promise<Event[]> {
  const { StackEvents } = await f.call('DescribeStackEvents', { StackName });
  return (StackEvents as unknown as Event[]).toReversed();
}

const create = (f: Fixture, kind: 'good' | 'bad', more: object = {}) =>
  f.call('CreateStack', { StackName: 's', TemplateBody: template(kind), Capabilities, ...more });

it('a failed transform rolls a new stack back', async (test) => {
  const f = await fixture(test);
  const { StackId } = await create(f, 'bad');
  assert.ok(StackId);
  assert.equal(await f.settled('s'), 'ROLLBACK_COMPLETE');
  const events = await eventsOf(f, 's');
  assert.deepEqual(
    events.map(({ ResourceStatus }) => ResourceStatus),
    ['CREATE_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS', 'ROLLBACK_COMPLETE'],
  );
  assert.match(events[1]!.ResourceStatusReason!, REASON);
  assert.match(events[1]!.ResourceStatusReason!, /\. Rollback requested by user\.$/);
  assert.deepEqual(f.world.calls, []);
  assert.equal((await f.call('GetTemplate', { StackName: 's' })).TemplateBody, template('bad'));
  await f.call('DeleteStack', { StackName: 's' });
  await f.cloudformation.idle();
  await create(f, 'good');
  assert.equal(await f.settled('s'), 'CREATE_COMPLETE');
});

it('OnFailure decides what a failed transform leaves', async (test) => {
  const f = await fixture(test);
  const { StackId } = await create(f, 'bad', { OnFailure: 'DELETE' });
  assert.equal(await f.settled(StackId!), 'DELETE_COMPLETE');
  await create(f, 'bad', { OnFailure: 'DO_NOTHING' });
  assert.equal(await f.settled('s'), 'CREATE_FAILED');
  await f.call('UpdateStack', { StackName: 's', TemplateBody: template('good'), Capabilities });
  assert.equal(await f.settled('s'), 'UPDATE_COMPLETE');
  assert.deepEqual(f.world.calls, ['create Thing']);
});

it('a failed transform rolls an update back and changes nothing', async (test) => {
  const f = await fixture(test);
  await create(f, 'good');
  await f.settled('s');
  const update = (kind: 'good' | 'bad', more: object = {}) =>
    f.call('UpdateStack', { StackName: 's', TemplateBody: template(kind, 2), Capabilities, ...more });
  await update('bad');
  assert.equal(await f.settled('s'), 'UPDATE_ROLLBACK_COMPLETE');
  const started = (await eventsOf(f, 's')).find(
    ({ ResourceStatus }) => ResourceStatus === 'UPDATE_ROLLBACK_IN_PROGRESS',
  );
  assert.match(started!.ResourceStatusReason!, REASON);
  assert.deepEqual(f.world.calls, ['create Thing']);
  assert.equal((await f.call('GetTemplate', { StackName: 's' })).TemplateBody, template('good'));
  await update('bad', { DisableRollback: true });
  assert.equal(await f.settled('s'), 'UPDATE_FAILED');
  await update('good');
  assert.equal(await f.settled('s'), 'UPDATE_COMPLETE');
  assert.deepEqual(f.world.calls, ['create Thing', 'update Thing']);
});

it('a missing capability is refused before a transform fails', async (test) => {
  const f = await fixture(test);
  const lacking = { name: 'InsufficientCapabilitiesException' };
  await assert.rejects(create(f, 'bad', { Capabilities: ['CAPABILITY_IAM'] }), lacking);
  const set = { StackName: 's', ChangeSetName: 'c', ChangeSetType: 'CREATE', TemplateBody: template('bad') };
  await assert.rejects(f.call('CreateChangeSet', set), lacking);
  assert.deepEqual((await f.call('DescribeStacks', {})).Stacks, []);
});

it('a failed transform of a nested stack fails its parent', async (test) => {
  const texts: Record<string, string> = { child: template('bad') };
  const s3 = {
    call: async (operation: string, { Key = '' }: { Key?: string }) =>
      operation === 'HeadObject' ? { ContentLength: 1 } : { Body: texts[Key] },
  } as unknown as Neighbours['s3'];
  const f = await fixture(test, { s3 });
  const TemplateBody = (version: number) => `
Resources:
  Child:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: 'https://bucket.s3.amazonaws.com/child', Tags: [{Key: version, Value: '${version}'}]}
`;
  await f.call('CreateStack', { StackName: 's', TemplateBody: TemplateBody(1) });
  assert.equal(await f.settled('s'), 'ROLLBACK_COMPLETE');
  const reasons = (await eventsOf(f, 's')).map(({ ResourceStatusReason = '' }) => ResourceStatusReason);
  const told = /^Embedded stack .* was not successfully created: Transform AWS::Serverless-2016-10-31 failed/;
  assert.ok(
    reasons.some((reason) => told.test(reason)),
    reasons.join('\n'),
  );
  await f.call('DeleteStack', { StackName: 's' });
  await f.cloudformation.idle();

  texts.child = template('good');
  await f.call('CreateStack', { StackName: 's', TemplateBody: TemplateBody(1) });
  assert.equal(await f.settled('s'), 'CREATE_COMPLETE');
  texts.child = template('bad');
  await f.call('UpdateStack', { StackName: 's', TemplateBody: TemplateBody(2) });
  assert.equal(await f.settled('s'), 'UPDATE_ROLLBACK_COMPLETE');
  const set = {
    StackName: 's',
    ChangeSetName: 'deep',
    TemplateBody: TemplateBody(2),
    IncludeNestedStacks: true,
  };
  await f.call('CreateChangeSet', set);
  const shown = await f.call('DescribeChangeSet', { StackName: 's', ChangeSetName: 'deep' });
  assert.equal(shown.Status, 'FAILED');
  assert.match(String(shown.StatusReason), REASON);
});
