// RollbackStack with fake resources, and how long superseded definitions are stored.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type Fixture, fixture, SCOPE } from '../testing.fixture.ts';

const template = (things: Record<string, unknown>) =>
  JSON.stringify({
    Resources: Object.fromEntries(
      Object.entries(things).map(([name, Properties]) => [name, { Type: 'Fake::Test::Thing', Properties }]),
    ),
  });
const send = (f: Fixture, operation: string, body: string, more: object = {}) =>
  f.call(operation, { StackName: 's', TemplateBody: body, ...more });
const definitions = (f: Fixture) => f.store.collection('cloudformation/definition').list(SCOPE).length;
const texts = (f: Fixture) => f.store.collection('cloudformation/text').list(SCOPE).length;

it('RollbackStack rolls back a create that failed with rollback disabled', async (test) => {
  const f = await fixture(test);
  f.world.failures.set('create B', 'no room');
  await send(f, 'CreateStack', template({ A: { Size: 1 }, B: { After: { Ref: 'A' } } }), {
    OnFailure: 'DO_NOTHING',
  });
  assert.equal(await f.settled('s'), 'CREATE_FAILED');
  assert.equal(f.world.things.size, 1);
  await f.call('RollbackStack', { StackName: 's' });
  assert.equal(await f.settled('s'), 'ROLLBACK_COMPLETE');
  assert.equal(f.world.things.size, 0);
  await assert.rejects(f.call('RollbackStack', { StackName: 's' }), /can not be rolled back/);
});

it('RollbackStack rolls back several failed updates together', async (test) => {
  const f = await fixture(test);
  await send(f, 'CreateStack', template({ A: { Size: 1 }, B: { Size: 1 } }));
  assert.equal(await f.settled('s'), 'CREATE_COMPLETE');
  const before = new Map(f.world.things);
  f.world.failures.set('create C', 'no room');
  const leave = { DisableRollback: true };
  await send(
    f,
    'UpdateStack',
    template({ A: { Size: 2 }, B: { Size: 1 }, C: { After: { Ref: 'A' } } }),
    leave,
  );
  assert.equal(await f.settled('s'), 'UPDATE_FAILED');
  await send(
    f,
    'UpdateStack',
    template({ A: { Size: 3 }, B: { Size: 2 }, C: { After: { Ref: 'A' } } }),
    leave,
  );
  assert.equal(await f.settled('s'), 'UPDATE_FAILED');
  assert.notDeepEqual(f.world.things, before);
  await f.restart();
  await f.call('RollbackStack', { StackName: 's' });
  assert.equal(await f.settled('s'), 'UPDATE_ROLLBACK_COMPLETE');
  assert.deepEqual(f.world.things, before);
  assert.deepEqual([definitions(f), texts(f)], [1, 1]);
});

it('a failed update can be repaired by another update', async (test) => {
  const f = await fixture(test);
  await send(f, 'CreateStack', template({ A: { Size: 1 } }));
  await f.settled('s');
  f.world.failures.set('update A', 'no room');
  await send(f, 'UpdateStack', template({ A: { Size: 2 } }), { DisableRollback: true });
  assert.equal(await f.settled('s'), 'UPDATE_FAILED');
  f.world.failures.clear();
  await send(f, 'UpdateStack', template({ A: { Size: 2 } }));
  assert.equal(await f.settled('s'), 'UPDATE_COMPLETE');
  assert.deepEqual([...f.world.things.values()], [{ Size: 2 }]);
  assert.deepEqual([definitions(f), texts(f)], [1, 1]);
});

it('a template is stored as long as a stack or a change set refers to it', async (test) => {
  const f = await fixture(test);
  await send(f, 'CreateStack', template({ A: { Size: 1 } }));
  await f.settled('s');
  for (const Size of [2, 3]) {
    await send(f, 'UpdateStack', template({ A: { Size } }));
    assert.equal(await f.settled('s'), 'UPDATE_COMPLETE');
  }
  f.world.failures.set('create B', 'no room');
  await send(f, 'UpdateStack', template({ A: { Size: 4 }, B: {} }));
  assert.equal(await f.settled('s'), 'UPDATE_ROLLBACK_COMPLETE');
  assert.equal(definitions(f), 1);
  await send(f, 'CreateChangeSet', template({ A: { Size: 5 } }), { ChangeSetName: 'first' });
  await send(f, 'CreateChangeSet', template({ A: { Size: 6 } }), { ChangeSetName: 'second' });
  assert.equal(definitions(f), 3);
  await f.call('ExecuteChangeSet', { StackName: 's', ChangeSetName: 'second' });
  assert.equal(await f.settled('s'), 'UPDATE_COMPLETE');
  assert.equal(definitions(f), 1);
  const second = { StackName: 's', ChangeSetName: 'second' };
  assert.equal((await f.call('DescribeChangeSet', second)).ExecutionStatus, 'EXECUTE_COMPLETE');
  await assert.rejects(f.call('DescribeChangeSet', { ...second, ChangeSetName: 'first' }), /does not exist/);
});

it('RetainExceptOnCreate deletes retained resources of a failed create', async (test) => {
  const f = await fixture(test);
  const kept = (more: object) =>
    JSON.stringify({
      Resources: {
        A: { Type: 'Fake::Test::Thing', DeletionPolicy: 'Retain' },
        B: { Type: 'Fake::Test::Thing', DeletionPolicy: 'RetainExceptOnCreate' },
        ...more,
      },
    });
  const bad = { Bad: { Type: 'Fake::Test::Thing', DependsOn: ['A', 'B'] } };
  f.world.failures.set('create Bad', 'no room');
  for (const [RetainExceptOnCreate, left] of [
    [true, 0],
    [false, 1],
  ] as const) {
    f.world.things.clear();
    await send(f, 'CreateStack', kept(bad), { RetainExceptOnCreate });
    assert.equal(await f.settled('s'), 'ROLLBACK_COMPLETE');
    assert.equal(f.world.things.size, left);
    await f.call('DeleteStack', { StackName: 's' });
    await f.cloudformation.idle();
  }
  f.world.things.clear();
  await send(f, 'CreateStack', JSON.stringify({ Resources: { First: { Type: 'Fake::Test::Thing' } } }));
  await f.settled('s');
  await send(f, 'UpdateStack', kept({ First: { Type: 'Fake::Test::Thing' }, ...bad }));
  assert.equal(await f.settled('s'), 'UPDATE_ROLLBACK_COMPLETE');
  assert.deepEqual([...f.world.things.keys()].map((id) => id.split('-')[0]).sort(), ['A', 'First']);
});
