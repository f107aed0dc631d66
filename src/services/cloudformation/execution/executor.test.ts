// Stacks of fake resources are created, updated, rolled back, deleted, and interrupted at every step.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type Fixture, fixture } from '../testing.fixture.ts';

const template = (things: Record<string, unknown>, outputs: Record<string, unknown> = {}) =>
  JSON.stringify({ Resources: things, Outputs: outputs });
const thing = (properties: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  Type: 'Fake::Test::Thing',
  Properties: properties,
  ...more,
});

const CHAIN = {
  A: thing({ Size: 1 }),
  B: thing({ Of: { Ref: 'A' }, Size: 1 }),
  C: thing({ Of: { 'Fn::GetAtt': ['B', 'Arn'] }, Name: 'one' }),
};

const create = (f: Fixture, body: string, more: object = {}) =>
  f.call('CreateStack', { StackName: 's', TemplateBody: body, ...more });
const update = (f: Fixture, body: string) => f.call('UpdateStack', { StackName: 's', TemplateBody: body });

async function events(f: Fixture, stackName = 's'): Promise<string[]> {
  const { StackEvents } = (await f.call('DescribeStackEvents', { StackName: stackName })) as unknown as {
    StackEvents: { LogicalResourceId: string; ResourceStatus: string; ResourceStatusReason?: string }[];
  };
  return StackEvents.reverse().map(
    ({ LogicalResourceId: id, ResourceStatus: status, ResourceStatusReason: reason }) =>
      [id, status, ...(reason ? [reason] : [])].join(' '),
  );
}

it('creates resources in the order of their dependencies, with events and outputs', async (test) => {
  const f = await fixture(test);
  await create(f, template(CHAIN, { Out: { Value: { Ref: 'C' } } }));
  assert.equal(await f.settled('s'), 'CREATE_COMPLETE');
  assert.deepEqual(f.world.calls, ['create A', 'create B', 'create C']);
  assert.deepEqual((await events(f)).slice(0, 5), [
    's CREATE_IN_PROGRESS User Initiated',
    'A CREATE_IN_PROGRESS',
    'A CREATE_IN_PROGRESS Resource creation Initiated',
    'A CREATE_COMPLETE',
    'B CREATE_IN_PROGRESS',
  ]);
  await f.call('DeleteStack', { StackName: 's' });
  await f.cloudformation.idle();
  assert.equal(f.world.things.size, 0);
  assert.deepEqual(f.world.calls.slice(3), ['delete C', 'delete B', 'delete A']);
});

it('a failed create rolls back to nothing', async (test) => {
  const f = await fixture(test);
  f.world.failures.set('create C', 'no room');
  await create(f, template(CHAIN));
  assert.equal(await f.settled('s'), 'ROLLBACK_COMPLETE');
  assert.equal(f.world.things.size, 0);
  const lines = await events(f);
  assert.ok(
    lines.some((line) => /^C CREATE_FAILED no room \(line \d+, column \d+\)$/.test(line)),
    'with its place',
  );
  assert.ok(
    lines.includes(
      's ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [C]. Rollback requested by user.',
    ),
  );
});

it('an update modifies in place, replaces, removes and cleans up', async (test) => {
  const f = await fixture(test);
  await create(f, template({ ...CHAIN, D: thing({}) }));
  await f.settled('s');
  await update(
    f,
    template({
      A: thing({ Size: 2 }),
      B: CHAIN.B,
      C: { ...CHAIN.C, Properties: { ...CHAIN.C.Properties, Name: 'two' } },
    }),
  );
  assert.equal(await f.settled('s'), 'UPDATE_COMPLETE');
  assert.deepEqual(f.world.calls.slice(4).sort(), ['create C', 'delete C', 'delete D', 'update A']);
  assert.equal(f.world.things.size, 3);
  await assert.rejects(
    update(
      f,
      template({
        A: thing({ Size: 2 }),
        B: CHAIN.B,
        C: { ...CHAIN.C, Properties: { ...CHAIN.C.Properties, Name: 'two' } },
      }),
    ),
    {
      message: 'No updates are to be performed.',
    },
  );
});

it('a failed update is rolled back', async (test) => {
  const f = await fixture(test);
  await create(f, template(CHAIN));
  await f.settled('s');
  const before = new Map(f.world.things);
  f.world.failures.set('create D', 'no room');
  await update(
    f,
    template({
      A: thing({ Size: 2 }),
      B: CHAIN.B,
      C: { ...CHAIN.C, Properties: { ...CHAIN.C.Properties, Name: 'two' } },
      D: thing({ After: { Ref: 'C' }, Other: { 'Fn::GetAtt': ['A', 'Arn'] } }),
    }),
  );
  assert.equal(await f.settled('s'), 'UPDATE_ROLLBACK_COMPLETE');
  assert.deepEqual(f.world.things, before);
});

it('a failed rollback can be continued', async (test) => {
  const f = await fixture(test);
  await create(f, template(CHAIN));
  await f.settled('s');
  f.world.failures.set('create D', 'no room');
  f.world.beforeCall = (call) => {
    if (call === 'create D') f.world.failures.set('update A', 'stuck');
  };
  await update(f, template({ ...CHAIN, A: thing({ Size: 2 }), D: thing({ After: { Ref: 'A' } }) }));
  assert.equal(await f.settled('s'), 'UPDATE_ROLLBACK_FAILED');
  await f.call('ContinueUpdateRollback', { StackName: 's', ResourcesToSkip: ['A'] });
  assert.equal(await f.settled('s'), 'UPDATE_ROLLBACK_COMPLETE');
});

it('a resource that cannot be deleted stays, and a second delete can retain it', async (test) => {
  const f = await fixture(test);
  const { StackId: id } = await create(f, template(CHAIN));
  await f.settled('s');
  f.world.failures.set('delete B', 'in use');
  await f.call('DeleteStack', { StackName: 's' });
  assert.equal(await f.settled('s'), 'DELETE_FAILED');
  assert.equal(f.world.things.size, 2);
  await f.call('DeleteStack', { StackName: 's', RetainResources: ['B'] });
  assert.equal(await f.settled(id as unknown as string), 'DELETE_COMPLETE');
  assert.equal(f.world.things.size, 1);
});

it('a deletion policy of Retain keeps the resource', async (test) => {
  const f = await fixture(test);
  const { StackId: id } = await create(
    f,
    template({ A: thing({}, { DeletionPolicy: 'Retain' }), B: thing({}) }),
  );
  await f.settled('s');
  await f.call('DeleteStack', { StackName: 's' });
  assert.equal(await f.settled(id as unknown as string), 'DELETE_COMPLETE');
  assert.equal(f.world.things.size, 1);
  assert.ok((await events(f, id as unknown as string)).includes('A DELETE_SKIPPED'));
});

it('an invalid template creates no stack', async (test) => {
  const f = await fixture(test);
  const bad: [object | string, RegExp][] = [
    [
      { Resources: { A: { Type: 'AWS::No::Such' } } },
      /Unrecognized resource types: \[AWS::No::Such\] \(line/,
    ],
    [{ Resources: { A: thing({ X: { Ref: 'Z' } }) } }, /Unresolved resource dependencies \[Z\]/],
    [
      { Resources: { A: thing({ X: { Ref: 'B' } }), B: thing({ X: { Ref: 'A' } }) } },
      /Circular dependency between resources: \[A, B\]/,
    ],
    [
      { Parameters: { P: { Type: 'String' } }, Resources: { A: thing({}) } },
      /Parameters: \[P\] must have values/,
    ],
    ['{"Resources": ', /not well-formed/],
  ];
  for (const [body, message] of bad) {
    await assert.rejects(create(f, typeof body === 'string' ? body : JSON.stringify(body)), { message });
  }
  const { Stacks } = (await f.call('DescribeStacks', {})) as unknown as { Stacks: unknown[] };
  assert.deepEqual(Stacks, []);
});

/** Restarts CloudFormation at the nth call, before or after the call takes effect. */
async function interruptedAt(test: Parameters<typeof fixture>[0], nth: number, when: 'before' | 'after') {
  const f = await fixture(test);
  f.world.failures.set('create E', 'no room');
  let calls = 0;
  let drop: (() => void) | undefined;
  const hang = () => {
    if (++calls !== nth) return;
    drop?.();
    return new Promise<void>(() => {});
  };
  const through = async (work: () => Promise<unknown>): Promise<string> => {
    const dropped = new Promise<'dropped'>((resolve) => {
      drop = () => resolve('dropped');
    });
    await work();
    const first = await Promise.race([f.settled('s'), dropped]);
    if (first !== 'dropped') return first;
    await f.restart();
    return f.settled('s');
  };
  f.world[when === 'before' ? 'beforeCall' : 'afterCall'] = hang;
  const statuses = [
    await through(() => create(f, template(CHAIN))),
    await through(() =>
      update(f, template({ ...CHAIN, A: thing({ Size: 3 }), C: { ...CHAIN.C, Properties: { Name: 'x' } } })),
    ),
    await through(() => update(f, template({ ...CHAIN, E: thing({ Of: { Ref: 'C' }, To: { Ref: 'A' } }) }))),
  ];
  const left = f.world.things.size;
  const { Stacks } = (await f.call('DescribeStacks', { StackName: 's' })) as unknown as {
    Stacks: { StackId: string }[];
  };
  const dropped = new Promise<'dropped'>((resolve) => {
    drop = () => resolve('dropped');
  });
  await f.call('DeleteStack', { StackName: 's' });
  const id = Stacks[0]!.StackId;
  if ((await Promise.race([f.settled(id), dropped])) === 'dropped') await f.restart();
  statuses.push(await f.settled(id));
  return { statuses, left, things: f.world.things.size, wasInterrupted: calls >= nth };
}

for (const when of ['before', 'after'] as const) {
  it(`continues after an interruption ${when} any call`, async (test) => {
    for (let nth = 1; nth < 40; nth++) {
      const outcome = await interruptedAt(test, nth, when);
      assert.deepEqual(
        outcome.statuses,
        ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'DELETE_COMPLETE'],
        `dropped ${when} call ${nth}`,
      );
      assert.equal(outcome.left, 3, `left over ${when} call ${nth}`);
      assert.equal(outcome.things, 0, `not deleted ${when} call ${nth}`);
      if (!outcome.wasInterrupted) return;
    }
    assert.fail('40 calls were not enough');
  });
}
