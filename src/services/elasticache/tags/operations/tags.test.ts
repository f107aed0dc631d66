import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arnOf, type ResourceType } from '../../domain/identifiers.ts';
import { context, inMemory, someGroup } from '../../in-memory.fixture.ts';
import { AddTagsToResource } from './add-tags-to-resource.ts';
import { ListTagsForResource } from './list-tags-for-resource.ts';
import { RemoveTagsFromResource } from './remove-tags-from-resource.ts';

const arn = (type: ResourceType, id: string) => arnOf(context, type, id);
const DEMO = arn('replicationgroup', 'demo');
const FIRST = arn('cluster', 'demo-001');

function withDemo() {
  const fixture = inMemory();
  fixture.elasticache.groups.create(context, someGroup('demo'));
  const tags = async (ResourceName: string) => {
    const { TagList } = await fixture.run(ListTagsForResource, { ResourceName });
    return Object.fromEntries(TagList!.map(({ Key, Value }) => [Key, Value]));
  };
  const add = (ResourceName: string, given: Record<string, string>) =>
    fixture.run(AddTagsToResource, {
      ResourceName,
      Tags: Object.entries(given).map(([Key, Value]) => ({ Key, Value })),
    });
  const remove = (ResourceName: string, ...TagKeys: string[]) =>
    fixture.run(RemoveTagsFromResource, { ResourceName, TagKeys });
  return { ...fixture, tags, add, remove };
}

test('tags are added, replaced and removed', async () => {
  const { tags, add, remove } = withDemo();
  assert.deepEqual(await tags(DEMO), {});
  await add(DEMO, { team: 'a', stage: 'test' });
  await add(DEMO.replace('demo', 'DEMO'), { team: 'b' });
  await add(DEMO, JSON.parse('{ "__proto__": "x" }'));
  assert.deepEqual(await remove(DEMO, '__proto__'), {
    TagList: [
      { Key: 'team', Value: 'b' },
      { Key: 'stage', Value: 'test' },
    ],
  });
  assert.deepEqual(await tags(DEMO), { team: 'b', stage: 'test' });
  assert.deepEqual(await remove(DEMO, 'stage'), { TagList: [{ Key: 'team', Value: 'b' }] });
  await assert.rejects(remove(DEMO, 'stage'), { shape: 'TagNotFoundFault' });
});

test('members have their group’s tags until they have their own', async () => {
  const { tags, add, remove } = withDemo();
  await add(DEMO, { team: 'a', stage: 'test' });
  assert.deepEqual(await tags(FIRST), { team: 'a', stage: 'test' });
  await remove(FIRST, 'stage');
  assert.deepEqual(await tags(FIRST), { team: 'a' });
  assert.deepEqual(await tags(arn('cluster', 'demo-002')), { team: 'a', stage: 'test' });
  await add(DEMO, { cost: '1' });
  assert.deepEqual(await tags(FIRST), { team: 'a', cost: '1' });
});

test('parameter groups and subnet groups can have tags', async () => {
  const { tags, add } = withDemo();
  for (const name of [arn('parametergroup', 'default.redis7'), arn('subnetgroup', 'default')]) {
    await add(name, { a: 'b' });
    assert.deepEqual(await tags(name), { a: 'b' });
  }
});

test('a missing resource gives the not-found fault of its type', async () => {
  const { tags } = withDemo();
  const cases: [ResourceType, string][] = [
    ['replicationgroup', 'ReplicationGroupNotFoundFault'],
    ['cluster', 'CacheClusterNotFoundFault'],
    ['parametergroup', 'CacheParameterGroupNotFoundFault'],
    ['subnetgroup', 'CacheSubnetGroupNotFoundFault'],
    ['snapshot', 'SnapshotNotFoundFault'],
    ['user', 'UserNotFoundFault'],
    ['usergroup', 'UserGroupNotFoundFault'],
    ['serverlesscache', 'ServerlessCacheNotFoundFault'],
    ['securitygroup', 'CacheSecurityGroupNotFoundFault'],
  ];
  for (const [type, shape] of cases) await assert.rejects(tags(arn(type, 'none')), { shape }, type);
  await assert.rejects(
    tags(arn('cluster', 'demo')),
    { shape: 'CacheClusterNotFoundFault' },
    'a group is no cluster',
  );
  await assert.rejects(tags('demo'), { shape: 'InvalidARNFault' });
});

test('too many tags, reserved keys and long keys are refused', async () => {
  const { add, elasticache } = withDemo();
  const many = (from: number, to: number) =>
    Object.fromEntries(Array.from({ length: to - from }, (_item, index) => [`k${from + index}`, 'v']));
  await add(DEMO, many(0, 50));
  await add(DEMO, { k0: 'replaced' });
  await assert.rejects(add(DEMO, { more: '' }), { shape: 'TagQuotaPerResourceExceeded' });
  await assert.rejects(add(DEMO, { 'aws:mine': '' }), { shape: 'InvalidParameterValueException' });
  await assert.rejects(add(DEMO, { ['k'.repeat(129)]: '' }), { shape: 'InvalidParameterValueException' });
  elasticache.records.groups.put(context, 'demo', someGroup('demo', { status: 'modifying' }));
  await assert.rejects(add(DEMO, { k0: '' }), {
    shape: 'InvalidReplicationGroupStateFault',
    message: 'Cluster not in available state to perform tagging operations.',
  });
});

test('while a group is not available its tags can be neither read nor removed', async () => {
  const { tags, run, elasticache } = withDemo();
  elasticache.records.groups.put(context, 'demo', someGroup('demo', { status: 'creating' }));
  const refused = {
    shape: 'InvalidReplicationGroupStateFault',
    message: 'Cluster not in available state to perform tagging operations.',
  };
  for (const name of [DEMO, FIRST]) {
    await assert.rejects(tags(name), refused);
    await assert.rejects(run(RemoveTagsFromResource, { ResourceName: name, TagKeys: ['absent'] }), refused);
  }
});

test('the default user can have tags', async () => {
  const { add, tags } = withDemo();
  await add(arn('user', 'default'), { a: 'b' });
  assert.deepEqual(await tags(arn('user', 'default')), { a: 'b' });
});

test('a deleted group loses its tags, another group keeps its own', async () => {
  const { add, elasticache } = withDemo();
  elasticache.groups.create(context, someGroup('other'));
  await add(DEMO, { a: '1' });
  await add(FIRST, { b: '2' });
  await add(arn('cluster', 'other-001'), { c: '3' });
  elasticache.groups.update(context, 'demo', (group) => {
    Object.assign(group, { status: 'deleting', shards: [] });
    return [];
  });
  assert.deepEqual(
    elasticache.records.tags.list(context).map((entry) => entry.arn),
    [arn('cluster', 'other-001')],
  );
});
