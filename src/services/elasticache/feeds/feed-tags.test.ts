// The feeds that tags ask for, by the operations that change tags.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arnOf } from '../domain/identifiers.ts';
import { context, inMemory, someGroup } from '../in-memory.fixture.ts';
import { AddTagsToResource } from '../tags/operations/add-tags-to-resource.ts';
import { RemoveTagsFromResource } from '../tags/operations/remove-tags-from-resource.ts';

const DEMO = arnOf(context, 'replicationgroup', 'demo');
const MEMBER = arnOf(context, 'cluster', 'demo-001');

function withDemo() {
  const { elasticache, run } = inMemory();
  elasticache.groups.create(context, someGroup('demo'));
  elasticache.groups.create(context, someGroup('other'));
  const add = (ResourceName: string, Key: string, Value: string) =>
    run(AddTagsToResource, { ResourceName, Tags: [{ Key, Value }] });
  const remove = (...TagKeys: string[]) => run(RemoveTagsFromResource, { ResourceName: DEMO, TagKeys });
  const feeds = () =>
    elasticache.feeds
      .views()
      .map(({ name, source, targets, by }) => `${name}: ${source} to ${targets} by ${by}`);
  return { elasticache, add, remove, feeds };
}

test('a tag makes a feed with the name of its cache or one of its own, changes it and ends it', async () => {
  const { add, remove, feeds } = withDemo();
  await add(DEMO, 'millpond:feed', 'dynamodb:Carts');
  await add(DEMO, 'millpond:feed:orders', 'lambda:orders sqs:audit');
  assert.deepEqual(feeds(), [
    'demo: demo to dynamodb Carts by tag millpond:feed of demo',
    'orders: demo to lambda orders,sqs audit by tag millpond:feed:orders of demo',
  ]);
  await add(DEMO, 'millpond:feed', 'dynamodb:Others');
  await add(DEMO, 'team', 'a');
  await remove('millpond:feed:orders');
  assert.deepEqual(feeds(), ['demo: demo to dynamodb Others by tag millpond:feed of demo']);
  await remove('millpond:feed');
  assert.deepEqual(feeds(), []);
});

test('a tag that asks for no feed that can be is refused, and changes nothing', async () => {
  const { elasticache, add, feeds } = withDemo();
  const refused = { shape: 'InvalidParameterValueException' };
  await assert.rejects(add(DEMO, 'millpond:feed', 'nowhere'), refused);
  await assert.rejects(add(DEMO, 'millpond:feed', ''), refused);
  await assert.rejects(add(DEMO, 'millpond:feed:1 2', 'lambda:orders'), refused);
  await assert.rejects(add(MEMBER, 'millpond:feed', 'lambda:orders'), /is for replication groups/);
  await add(DEMO, 'millpond:feed:orders', 'lambda:orders');
  const others = arnOf(context, 'replicationgroup', 'other');
  await assert.rejects(
    add(others, 'millpond:feed:orders', 'lambda:orders'),
    /There is a feed orders already/,
  );
  assert.equal(feeds().length, 1);
  assert.deepEqual(elasticache.records.tags.get(context, others)?.tags ?? {}, {});
});

test('a node inherits the tag of its group without a feed of its own', async () => {
  const { add, feeds } = withDemo();
  await add(DEMO, 'millpond:feed', 'lambda:orders');
  await add(MEMBER, 'team', 'a');
  assert.equal(feeds().length, 1);
});
