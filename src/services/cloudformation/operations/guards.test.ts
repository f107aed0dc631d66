// What prevents a stack's change or rolls it back: exports in use, stack policies, termination protection, missing
// signals, and cancellation.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type Fixture, fixture } from '../testing.fixture.ts';

const template = (Resources: object, Outputs: object = {}) => JSON.stringify({ Resources, Outputs });
const thing = (Properties: object = {}, more: object = {}) => ({
  Type: 'Fake::Test::Thing',
  Properties,
  ...more,
});
const create = (f: Fixture, StackName: string, TemplateBody: string, more: object = {}) =>
  f.call('CreateStack', { StackName, TemplateBody, ...more });
const update = (f: Fixture, StackName: string, TemplateBody: string, more: object = {}) =>
  f.call('UpdateStack', { StackName, TemplateBody, ...more });
const remove = (f: Fixture, StackName: string) => f.call('DeleteStack', { StackName });

async function describe(f: Fixture, StackName: string): Promise<Record<string, unknown>> {
  const { Stacks } = (await f.call('DescribeStacks', { StackName })) as unknown as { Stacks: [object] };
  return Stacks[0] as Record<string, unknown>;
}

async function reasons(f: Fixture, StackName: string): Promise<string[]> {
  const { StackEvents } = (await f.call('DescribeStackEvents', { StackName })) as unknown as {
    StackEvents: { LogicalResourceId: string; ResourceStatusReason?: string }[];
  };
  return StackEvents.flatMap(({ LogicalResourceId: id, ResourceStatusReason: reason }) =>
    reason ? [`${id}: ${reason}`] : [],
  );
}

const exporter = (size: number, name = 'the-thing') =>
  template(
    { A: thing({ Size: size, Name: `n${size}` }) },
    { Out: { Value: { Ref: 'A' }, Export: { Name: name } } },
  );

it('an imported export can be neither deleted nor changed', async (test) => {
  const f = await fixture(test);
  await create(f, 'from', exporter(1));
  await f.settled('from');
  await create(f, 'to', template({ B: thing({ Of: { 'Fn::ImportValue': 'the-thing' } }) }));
  assert.equal(await f.settled('to'), 'CREATE_COMPLETE');
  const { Exports } = (await f.call('ListExports', {})) as unknown as {
    Exports: { Name: string; Value: string }[];
  };
  const { Imports } = (await f.call('ListImports', { ExportName: 'the-thing' })) as unknown as {
    Imports: string[];
  };
  assert.deepEqual(Imports, ['to']);
  assert.deepEqual([...f.world.things.values()].at(-1), { Of: Exports[0]!.Value });
  await assert.rejects(remove(f, 'from'), /Export the-thing cannot be deleted as it is in use by to/);
  for (const changed of [exporter(2), exporter(1, 'another')]) {
    await update(f, 'from', changed);
    assert.equal(await f.settled('from'), 'UPDATE_ROLLBACK_COMPLETE');
  }
  const found = await reasons(f, 'from');
  assert.ok(found.some((reason) => /the-thing cannot be updated as it is in use by to/.test(reason)));
  assert.ok(found.some((reason) => /the-thing cannot be deleted as it is in use by to/.test(reason)));
  await create(f, 'second', exporter(1));
  assert.equal(await f.settled('second'), 'ROLLBACK_COMPLETE');
  await remove(f, 'to');
  await f.cloudformation.idle();
  await remove(f, 'from');
  await f.cloudformation.idle();
  assert.equal(f.world.things.size, 0);
});

it('an import without an export fails before any resource is created', async (test) => {
  const f = await fixture(test);
  const wanting = template({ B: thing({ Of: { 'Fn::ImportValue': 'nothing' } }) });
  await create(f, 's', wanting).catch(() => {});
  const exists = await describe(f, 's').catch(() => undefined);
  if (exists) assert.equal(await f.settled('s'), 'ROLLBACK_COMPLETE');
  assert.equal(f.world.things.size, 0);
});

it('a stack with termination protection cannot be deleted', async (test) => {
  const f = await fixture(test);
  await create(f, 's', template({ A: thing() }), { EnableTerminationProtection: true });
  await f.settled('s');
  await assert.rejects(remove(f, 's'), /cannot be deleted while TerminationProtection is enabled/);
  assert.equal((await describe(f, 's')).EnableTerminationProtection, true);
  await f.call('UpdateTerminationProtection', { StackName: 's', EnableTerminationProtection: false });
  await remove(f, 's');
  await f.cloudformation.idle();
  assert.equal(f.world.things.size, 0);
});

const DENY_REPLACE = JSON.stringify({
  Statement: [
    { Effect: 'Allow', Action: 'Update:*', Principal: '*', Resource: '*' },
    { Effect: 'Deny', Action: 'Update:Replace', Principal: '*', Resource: 'LogicalResourceId/A' },
  ],
});
const ALLOW = JSON.stringify({
  Statement: [{ Effect: 'Allow', Action: 'Update:*', Principal: '*', Resource: '*' }],
});

it('a stack policy applies, unless an update overrides it', async (test) => {
  const f = await fixture(test);
  await create(f, 's', template({ A: thing({ Name: 'one', Size: 1 }) }), { StackPolicyBody: DENY_REPLACE });
  await f.settled('s');
  await update(f, 's', template({ A: thing({ Name: 'one', Size: 2 }) }));
  assert.equal(await f.settled('s'), 'UPDATE_COMPLETE');
  const replacing = template({ A: thing({ Name: 'two', Size: 2 }) });
  await update(f, 's', replacing);
  assert.equal(await f.settled('s'), 'UPDATE_ROLLBACK_COMPLETE');
  assert.ok((await reasons(f, 's')).some((reason) => /A: .*[Dd]enied by stack policy/.test(reason)));
  await update(f, 's', replacing, { StackPolicyDuringUpdateBody: ALLOW });
  assert.equal(await f.settled('s'), 'UPDATE_COMPLETE');
  const { StackPolicyBody } = await f.call('GetStackPolicy', { StackName: 's' });
  assert.equal(StackPolicyBody, DENY_REPLACE);
  await f.call('SetStackPolicy', { StackName: 's', StackPolicyBody: ALLOW });
  await update(f, 's', template({ A: thing({ Name: 'three', Size: 2 }) }));
  assert.equal(await f.settled('s'), 'UPDATE_COMPLETE');
  await assert.rejects(f.call('SetStackPolicy', { StackName: 's', StackPolicyBody: '{' }));
});

const signalled = (Count: number, Timeout: string) =>
  template({ A: thing({}, { CreationPolicy: { ResourceSignal: { Count, Timeout } } }) });

async function waitFor(f: Fixture, what: RegExp): Promise<void> {
  for (;;) {
    if ((await reasons(f, 's')).some((reason) => what.test(reason))) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

it('a resource with a creation policy waits for its signals', async (test) => {
  const f = await fixture(test);
  const signal = (UniqueId: string, Status = 'SUCCESS') =>
    f.call('SignalResource', { StackName: 's', LogicalResourceId: 'A', UniqueId, Status });
  await create(f, 's', signalled(2, 'PT1M'));
  await waitFor(f, /^A: Resource creation Initiated/);
  for (const id of ['one', 'one', 'two']) await signal(id);
  assert.equal(await f.settled('s'), 'CREATE_COMPLETE');
  await assert.rejects(signal('three'), /can not be signaled/);
  await remove(f, 's');
  await f.cloudformation.idle();

  await create(f, 's', signalled(1, 'PT1M'));
  await waitFor(f, /^A: Resource creation Initiated/);
  await signal('bad', 'FAILURE');
  assert.equal(await f.settled('s'), 'ROLLBACK_COMPLETE');
  await remove(f, 's');
  await f.cloudformation.idle();

  await create(f, 's', signalled(1, 'PT1S'));
  assert.equal(await f.settled('s'), 'ROLLBACK_COMPLETE');
  assert.ok((await reasons(f, 's')).some((reason) => /Failed to receive 1 resource signal/.test(reason)));
  assert.equal(f.world.things.size, 0);
});

it('a cancelled update rolls back', async (test) => {
  const f = await fixture(test);
  await create(f, 's', template({ A: thing({ Size: 1 }) }));
  await f.settled('s');
  const before = new Map(f.world.things);
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let reached = () => {};
  const there = new Promise<void>((resolve) => {
    reached = resolve;
  });
  f.world.beforeCall = (call) => {
    if (call !== 'create B') return undefined;
    reached();
    return held;
  };
  await update(f, 's', template({ A: thing({ Size: 2 }), B: thing({ After: { Ref: 'A' } }) }));
  await there;
  await f.call('CancelUpdateStack', { StackName: 's' });
  release();
  assert.equal(await f.settled('s'), 'UPDATE_ROLLBACK_COMPLETE');
  assert.deepEqual(f.world.things, before);
  await assert.rejects(f.call('CancelUpdateStack', { StackName: 's' }), /cannot be called/);
});

it('an update without a role, topics or tags keeps those of the stack', async (test) => {
  const f = await fixture(test);
  const RoleARN = 'arn:aws:iam::123456789012:role/executor';
  const NotificationARNs = ['arn:aws:sns:us-east-1:123456789012:topic'];
  const Tags = [{ Key: 'team', Value: 'cache' }];
  await create(f, 's', template({ A: thing({ Size: 1 }) }), { RoleARN, NotificationARNs, Tags });
  await f.settled('s');
  await update(f, 's', template({ A: thing({ Size: 2 }) }));
  assert.equal(await f.settled('s'), 'UPDATE_COMPLETE');
  const found = await describe(f, 's');
  assert.deepEqual([found.RoleARN, found.NotificationARNs, found.Tags], [RoleARN, NotificationARNs, Tags]);
  await update(f, 's', template({ A: thing({ Size: 2 }) }), { Tags: [] });
  await f.settled('s');
  assert.deepEqual((await describe(f, 's')).Tags, []);
});
