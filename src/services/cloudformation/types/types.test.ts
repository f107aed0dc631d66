// CloudFormation's own types: nested stacks, custom resources and wait conditions, with fake neighbouring services.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Neighbours } from '../context.ts';
import { type Fixture, fixture } from '../testing.fixture.ts';

const bucketOf = (files: Map<string, string>) =>
  ({
    call: async (operation: string, { Key }: { Key: string }) => {
      const body = files.get(Key)!;
      return operation === 'HeadObject'
        ? { ContentLength: body.length }
        : { Body: new TextEncoder().encode(body) };
    },
  }) as unknown as Neighbours['s3'];

/** A fake function: sends what `respond` returns to the response URL of each event. */
const functionOf = (respond: (event: Record<string, unknown>) => object | undefined) =>
  ({
    call: async (_operation: string, { Payload }: { Payload: Uint8Array }) => {
      const event = JSON.parse(new TextDecoder().decode(Payload)) as { ResponseURL: string };
      const answer = respond(event as never);
      if (answer) await fetch(event.ResponseURL, { method: 'PUT', body: JSON.stringify(answer) });
      return {};
    },
  }) as unknown as Neighbours['lambda'];

const create = (f: Fixture, template: object) =>
  f.call('CreateStack', { StackName: 's', TemplateBody: JSON.stringify(template) });
const update = (f: Fixture, template: object) =>
  f.call('UpdateStack', { StackName: 's', TemplateBody: JSON.stringify(template) });
const stackOf = async (f: Fixture, name: string) => {
  const { Stacks } = (await f.call('DescribeStacks', { StackName: name })) as unknown as {
    Stacks: { StackId: string; Outputs: { OutputValue: string }[] }[];
  };
  return Stacks[0]!;
};

const child = (size: number, more: object = {}) =>
  JSON.stringify({
    Resources: { Thing: { Type: 'Fake::Test::Thing', Properties: { Size: size } }, ...more },
    Outputs: { Id: { Value: { Ref: 'Thing' } } },
  });
const parent = (more: object = {}) => ({
  Resources: {
    Child: {
      Type: 'AWS::CloudFormation::Stack',
      Properties: { TemplateURL: 'https://bucket.s3.amazonaws.com/child.json' },
    },
    ...more,
  },
  Outputs: { Id: { Value: { 'Fn::GetAtt': ['Child', 'Outputs.Id'] } } },
});

it('a nested stack is created, updated, rolled back and deleted with its parent', async (test) => {
  const files = new Map([['child.json', child(1)]]);
  const f = await fixture(test, { s3: bucketOf(files) });
  await create(f, parent());
  assert.equal(await f.settled('s'), 'CREATE_COMPLETE');
  const { StackId, Outputs } = await stackOf(f, 's');
  assert.ok(f.world.things.has(Outputs[0]!.OutputValue));

  files.set('child.json', child(2));
  await update(f, parent());
  assert.equal(await f.settled('s'), 'UPDATE_COMPLETE');
  assert.deepEqual([...f.world.things.values()], [{ Size: 2 }]);

  files.set('child.json', child(3));
  f.world.failures.set('create Late', 'no room');
  await update(
    f,
    parent({
      Late: { Type: 'Fake::Test::Thing', Properties: { After: { 'Fn::GetAtt': ['Child', 'Outputs.Id'] } } },
    }),
  );
  assert.equal(await f.settled('s'), 'UPDATE_ROLLBACK_COMPLETE');
  assert.deepEqual([...f.world.things.values()], [{ Size: 2 }]);

  await f.call('DeleteStack', { StackName: 's' });
  assert.equal(await f.settled(StackId), 'DELETE_COMPLETE');
  assert.equal(f.world.things.size, 0);
});

interface DescribedChangeSet {
  ChangeSetId: string;
  Status: string;
  StatusReason?: string;
  RootChangeSetId?: string;
  ParentChangeSetId?: string;
  Changes: { ResourceChange: { LogicalResourceId: string; Action: string; ChangeSetId?: string } }[];
}

it('a change set includes nested stacks when it is asked to', async (test) => {
  const nesting = (url: string, parameters: object = {}) => ({
    Type: 'AWS::CloudFormation::Stack',
    Properties: { TemplateURL: `https://bucket.s3.amazonaws.com/${url}`, Parameters: parameters },
  });
  const leaf = (size: number) =>
    JSON.stringify({
      Parameters: { Of: { Type: 'String', Default: '' } },
      Resources: { Thing: { Type: 'Fake::Test::Thing', Properties: { Size: size, Of: { Ref: 'Of' } } } },
      Outputs: { Id: { Value: { Ref: 'Thing' } } },
    });
  const files = new Map([
    ['middle.json', JSON.stringify({ Resources: { Leaf: nesting('leaf.json') } })],
    ['leaf.json', leaf(1)],
    ['still.json', leaf(7)],
  ]);
  const f = await fixture(test, { s3: bucketOf(files) });
  const root = {
    Resources: {
      Middle: nesting('middle.json'),
      Still: nesting('still.json'),
      After: nesting('still.json', { Of: { 'Fn::GetAtt': ['Still', 'Outputs.Id'] } }),
    },
    Outputs: { Id: { Value: { 'Fn::GetAtt': ['Still', 'Outputs.Id'] } } },
  };
  await create(f, root);
  assert.equal(await f.settled('s'), 'CREATE_COMPLETE');
  const ask = async (ChangeSetName: string, IncludeNestedStacks: boolean) => {
    const TemplateBody = JSON.stringify(root);
    await f.call('CreateChangeSet', { StackName: 's', ChangeSetName, TemplateBody, IncludeNestedStacks });
    return describeChangeSet('s', ChangeSetName);
  };
  const describeChangeSet = async (StackName: string | undefined, ChangeSetName: string) =>
    (await f.call('DescribeChangeSet', { StackName, ChangeSetName })) as unknown as DescribedChangeSet;
  const changed = ({ Changes }: DescribedChangeSet) =>
    Changes.map(({ ResourceChange }) => ResourceChange.LogicalResourceId);

  const without = await ask('without', false);
  assert.deepEqual(changed(without), ['Middle', 'Still', 'After']);
  const nothing = await ask('nothing', true);
  assert.equal(nothing.Status, 'FAILED');
  assert.match(nothing.StatusReason!, /didn't contain changes/);

  files.set('leaf.json', leaf(2));
  const described = await ask('deep', true);
  assert.deepEqual(changed(described), ['Middle']);
  const middle = await describeChangeSet(undefined, described.Changes[0]!.ResourceChange.ChangeSetId!);
  assert.deepEqual([changed(middle), middle.ParentChangeSetId], [['Leaf'], described.ChangeSetId]);
  const bottom = await describeChangeSet(undefined, middle.Changes[0]!.ResourceChange.ChangeSetId!);
  assert.deepEqual(
    [changed(bottom), bottom.ParentChangeSetId, bottom.RootChangeSetId],
    [['Thing'], middle.ChangeSetId, described.ChangeSetId],
  );
  for (const operation of ['ExecuteChangeSet', 'DeleteChangeSet']) {
    const call = f.call(operation, { ChangeSetName: bottom.ChangeSetId });
    await assert.rejects(call, /nested change set .* call it on its root/);
  }
  await f.call('ExecuteChangeSet', { StackName: 's', ChangeSetName: 'deep' });
  assert.equal(await f.settled('s'), 'UPDATE_COMPLETE');
  const sizes = [...f.world.things.values()].map(({ Size }) => Size);
  assert.deepEqual(sizes.sort(), [2, 7, 7]);
  await assert.rejects(describeChangeSet(undefined, bottom.ChangeSetId), /does not exist/);

  files.set('leaf.json', '{');
  await assert.rejects(ask('broken', true), /Template format error/);
});

it('a nested stack that fails rolls its parent back', async (test) => {
  const files = new Map([
    ['child.json', child(1, { Bad: { Type: 'Fake::Test::Thing', DependsOn: 'Thing' } })],
  ]);
  const f = await fixture(test, { s3: bucketOf(files) });
  f.world.failures.set('create Bad', 'no room');
  await create(f, parent());
  assert.equal(await f.settled('s'), 'ROLLBACK_COMPLETE');
  assert.equal(f.world.things.size, 0);
});

it('a nested stack whose update fails reports why', async (test) => {
  const files = new Map([['child.json', child(1)]]);
  const f = await fixture(test, { s3: bucketOf(files) });
  await create(f, parent());
  assert.equal(await f.settled('s'), 'CREATE_COMPLETE');
  files.set('child.json', child(1, { Bad: { Type: 'Fake::Test::Thing' } }));
  f.world.failures.set('create Bad', 'no room');
  await update(f, parent());
  assert.equal(await f.settled('s'), 'UPDATE_ROLLBACK_COMPLETE');
  const { StackEvents } = (await f.call('DescribeStackEvents', { StackName: 's' })) as unknown as {
    StackEvents: { ResourceStatus: string; ResourceStatusReason?: string }[];
  };
  const failed = StackEvents.find(({ ResourceStatus }) => ResourceStatus === 'UPDATE_FAILED');
  assert.match(
    failed?.ResourceStatusReason ?? '',
    /^Embedded stack \S+ was not successfully updated. Currently in UPDATE_ROLLBACK_IN_PROGRESS with reason: The following resource\(s\) failed to create: \[Bad\]. \(line 1, column 15\)$/,
  );
});

const ARN = 'arn:aws:lambda:us-east-1:123456789012:function:maker';
const custom = (properties: object) => ({
  Resources: { Made: { Type: 'Custom::Made', Properties: { ServiceToken: ARN, ...properties } } },
  Outputs: { Where: { Value: { 'Fn::GetAtt': ['Made', 'Place.Name'] } } },
});

it('a custom resource is created, updated, replaced when its function returns another id, and deleted', async (test) => {
  const events: Record<string, unknown>[] = [];
  const f = await fixture(test, {
    lambda: functionOf((event) => {
      events.push(event);
      const { Id } = event.ResourceProperties as { Id: string };
      return { Status: 'SUCCESS', PhysicalResourceId: Id, Data: { Place: { Name: `at ${Id}` } } };
    }),
  });
  await create(f, custom({ Id: 'one', Count: 3 }));
  assert.equal(await f.settled('s'), 'CREATE_COMPLETE');
  const { StackId, Outputs } = await stackOf(f, 's');
  assert.equal(Outputs[0]?.OutputValue, 'at one');
  await update(f, custom({ Id: 'two' }));
  assert.equal(await f.settled('s'), 'UPDATE_COMPLETE');
  await f.call('DeleteStack', { StackName: 's' });
  assert.equal(await f.settled(StackId), 'DELETE_COMPLETE');
  assert.deepEqual(
    events.map((event) => [event.RequestType, event.PhysicalResourceId, event.ResourceType]),
    [
      ['Create', undefined, 'Custom::Made'],
      ['Update', 'one', 'Custom::Made'],
      ['Delete', 'one', 'Custom::Made'],
      ['Delete', 'two', 'Custom::Made'],
    ],
  );
  assert.deepEqual(events[1]?.OldResourceProperties, { ServiceToken: ARN, Id: 'one', Count: '3' });
});

it('a custom resource whose function fails or never answers fails with that reason', async (test) => {
  const f = await fixture(test, {
    lambda: functionOf((event) => {
      const { Says } = event.ResourceProperties as { Says: string };
      if (event.RequestType === 'Delete') return { Status: 'SUCCESS' };
      return Says === 'no' ? { Status: 'FAILED', Reason: 'would not' } : undefined;
    }),
  });
  for (const [Says, reason] of [
    ['no', /Received response status \[FAILED\] from custom resource. Message returned: would not/],
    ['nothing', /did not receive a response from your Custom Resource/],
  ] as const) {
    await create(f, custom({ Says, ServiceTimeout: 1 }));
    assert.equal(await f.settled('s'), 'ROLLBACK_COMPLETE');
    const { StackEvents } = (await f.call('DescribeStackEvents', { StackName: 's' })) as unknown as {
      StackEvents: { ResourceStatusReason?: string }[];
    };
    assert.ok(StackEvents.some((event) => reason.test(event.ResourceStatusReason ?? '')));
    await f.call('DeleteStack', { StackName: 's' });
    await f.cloudformation.idle();
  }
});

it('a wait condition waits for its signals', async (test) => {
  const f = await fixture(test);
  await create(f, {
    Resources: {
      Handle: { Type: 'AWS::CloudFormation::WaitConditionHandle' },
      Wait: {
        Type: 'AWS::CloudFormation::WaitCondition',
        DependsOn: 'Handle',
        Properties: { Handle: { Ref: 'Handle' }, Timeout: '30', Count: 2 },
      },
    },
    Outputs: { Data: { Value: { 'Fn::GetAtt': ['Wait', 'Data'] } } },
  });
  const handle = async (): Promise<string> => {
    const { StackResources } = (await f.call('DescribeStackResources', { StackName: 's' })) as unknown as {
      StackResources: { LogicalResourceId: string; PhysicalResourceId: string; ResourceStatus: string }[];
    };
    const found = StackResources.find((one) => one.LogicalResourceId === 'Handle');
    if (found?.ResourceStatus === 'CREATE_COMPLETE') return found.PhysicalResourceId;
    await new Promise((resolve) => setImmediate(resolve));
    return handle();
  };
  const url = await handle();
  for (const UniqueId of ['a', 'a', 'b']) {
    await fetch(url, {
      method: 'PUT',
      body: JSON.stringify({ Status: 'SUCCESS', UniqueId, Data: `of ${UniqueId}` }),
    });
  }
  assert.equal(await f.settled('s'), 'CREATE_COMPLETE');
  assert.equal((await stackOf(f, 's')).Outputs[0]?.OutputValue, '{"a":"of a","b":"of b"}');
});
