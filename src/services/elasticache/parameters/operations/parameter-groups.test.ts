import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ElastiCacheEvent } from '../../events/domain/event.ts';
import { context, inMemory, NOW, someGroup } from '../../in-memory.fixture.ts';
import { CreateCacheParameterGroup } from './create-cache-parameter-group.ts';
import { DeleteCacheParameterGroup } from './delete-cache-parameter-group.ts';
import { DescribeCacheParameterGroups } from './describe-cache-parameter-groups.ts';
import { DescribeCacheParameters } from './describe-cache-parameters.ts';
import { DescribeEngineDefaultParameters } from './describe-engine-default-parameters.ts';
import { ModifyCacheParameterGroup } from './modify-cache-parameter-group.ts';
import { ResetCacheParameterGroup } from './reset-cache-parameter-group.ts';

const set = (CacheParameterGroupName: string, values: Record<string, string>) => ({
  CacheParameterGroupName,
  ParameterNameValues: Object.entries(values).map(([ParameterName, ParameterValue]) => ({
    ParameterName,
    ParameterValue,
  })),
});

async function withTuned() {
  const fixture = inMemory();
  await fixture.run(CreateCacheParameterGroup, {
    CacheParameterGroupName: 'Tuned',
    CacheParameterGroupFamily: 'redis7',
    Description: 'tuned',
    Tags: [{ Key: 'team', Value: 'a' }],
  });
  return fixture;
}

const named = (CacheParameterGroupName: string) => ({ CacheParameterGroupName });

test('a group is created once, in lower case, of an existing family', async () => {
  const { run, elasticache } = await withTuned();
  const { CacheParameterGroups } = await run(DescribeCacheParameterGroups, named('TUNED'));
  const arn = 'arn:aws:elasticache:us-east-1:000000000000:parametergroup:tuned';
  assert.deepEqual(CacheParameterGroups, [
    {
      CacheParameterGroupName: 'tuned',
      CacheParameterGroupFamily: 'redis7',
      Description: 'tuned',
      IsGlobal: false,
      ARN: arn,
    },
  ]);
  assert.deepEqual(elasticache.records.tags.get(context, arn)?.tags, { team: 'a' });
  const again = { CacheParameterGroupName: 'tuned', CacheParameterGroupFamily: 'redis7', Description: 'x' };
  await assert.rejects(run(CreateCacheParameterGroup, again), {
    shape: 'CacheParameterGroupAlreadyExistsFault',
  });
  const wrong = { ...again, CacheParameterGroupName: 'other', CacheParameterGroupFamily: 'redis99' };
  await assert.rejects(run(CreateCacheParameterGroup, wrong), {
    shape: 'InvalidParameterValueException',
    message: 'CacheParameterGroupFamily redis99 is not a valid parameter group family.',
  });
  await assert.rejects(run(DescribeCacheParameterGroups, named('none')), {
    shape: 'CacheParameterGroupNotFoundFault',
    message: 'CacheParameterGroup none not found.',
  });
});

test('default groups and own groups are described together, sorted and in pages', async () => {
  const { run, elasticache } = await withTuned();
  for (let i = 0; i < 10; i++) {
    const group = { name: `many-${i}`, family: 'redis7', description: '', values: {} };
    elasticache.records.parameterGroups.put(context, group);
  }
  const first = await run(DescribeCacheParameterGroups, { MaxRecords: 20 });
  const second = await run(DescribeCacheParameterGroups, { MaxRecords: 20, Marker: first.Marker });
  const names = [...first.CacheParameterGroups!, ...second.CacheParameterGroups!].map(
    (group) => group.CacheParameterGroupName!,
  );
  assert.equal(names.length, 18 + 11);
  assert.deepEqual(names, [...names].sort());
  assert.equal(second.Marker, undefined);
  for (const MaxRecords of [19, 101, 0]) {
    await assert.rejects(run(DescribeCacheParameterGroups, { MaxRecords }), {
      shape: 'InvalidParameterValueException',
    });
  }
});

test('a modification is stored, gives events, and wakes the groups that use it', async () => {
  const { run, elasticache, woken } = await withTuned();
  elasticache.records.groups.put(context, 'demo', someGroup('demo', { parameterGroupName: 'tuned' }));
  elasticache.records.groups.put(context, 'other', someGroup('other'));
  const values = { 'maxmemory-policy': 'allkeys-lru', timeout: '0' };
  assert.deepEqual(await run(ModifyCacheParameterGroup, set('tuned', values)), named('tuned'));
  assert.deepEqual(woken, ['demo']);
  const events: ElastiCacheEvent[] = [];
  for await (const batch of elasticache.events.batches(context, 0, NOW))
    events.push(...batch.map(({ value }) => value));
  assert.deepEqual(
    events.map(({ sourceType, sourceId, message }) => [sourceType, sourceId, message]).reverse(),
    [
      ['cache-parameter-group', 'tuned', 'Updated parameter maxmemory-policy to allkeys-lru'],
      ['cache-cluster', 'demo-001', 'Updated parameter maxmemory-policy to allkeys-lru'],
      ['cache-cluster', 'demo-002', 'Updated parameter maxmemory-policy to allkeys-lru'],
    ],
    'an unchanged value gives no event',
  );
  const user = await run(DescribeCacheParameters, { ...named('tuned'), Source: 'user' });
  assert.deepEqual(
    user.Parameters?.map((parameter) => [
      parameter.ParameterName,
      parameter.ParameterValue,
      parameter.Source,
    ]),
    [
      ['maxmemory-policy', 'allkeys-lru', 'user'],
      ['timeout', '0', 'user'],
    ],
  );
});

test('a modification with an invalid value changes nothing', async () => {
  const { run, elasticache } = await withTuned();
  const values = { timeout: '60', 'maxmemory-policy': 'none' };
  await assert.rejects(run(ModifyCacheParameterGroup, set('tuned', values)), {
    shape: 'InvalidParameterValueException',
  });
  assert.deepEqual(elasticache.records.parameterGroups.find(context, 'tuned')?.values, {});
  await assert.rejects(run(ModifyCacheParameterGroup, set('tuned', {})), {
    shape: 'InvalidParameterValueException',
  });
});

test('cluster-enabled cannot change while a cluster uses the group', async () => {
  const { run, elasticache } = await withTuned();
  await run(ModifyCacheParameterGroup, set('tuned', { 'cluster-enabled': 'yes' }));
  const group = someGroup('demo', { parameterGroupName: 'tuned', clusterEnabled: true });
  elasticache.records.groups.put(context, 'demo', group);
  const refused = {
    shape: 'InvalidParameterValueException',
    message: 'The parameter cluster-enabled cannot be modified.',
  };
  await assert.rejects(run(ModifyCacheParameterGroup, set('tuned', { 'cluster-enabled': 'no' })), refused);
  await assert.rejects(
    run(ResetCacheParameterGroup, { ...named('tuned'), ResetAllParameters: true }),
    refused,
  );
});

test('default groups cannot be modified, reset or deleted', async () => {
  const { run } = inMemory();
  const refused = { shape: 'InvalidCacheParameterGroupStateFault' };
  await assert.rejects(run(ModifyCacheParameterGroup, set('default.redis7', { timeout: '60' })), refused);
  await assert.rejects(run(DeleteCacheParameterGroup, named('default.redis7.cluster.on')), refused);
  const reset = { ...named('default.redis7'), ResetAllParameters: true };
  await assert.rejects(run(ResetCacheParameterGroup, reset), refused);
});

test('a reset restores all parameters, or the named ones', async () => {
  const { run, elasticache } = await withTuned();
  const values = () => elasticache.records.parameterGroups.find(context, 'tuned')?.values;
  await run(ModifyCacheParameterGroup, set('tuned', { timeout: '60', 'latency-tracking': 'yes' }));
  await run(ResetCacheParameterGroup, set('tuned', { timeout: '' }));
  assert.deepEqual(values(), { 'latency-tracking': 'yes' });
  await run(ResetCacheParameterGroup, { ...named('tuned'), ResetAllParameters: true });
  assert.deepEqual(values(), {});
  const refused = { shape: 'InvalidParameterCombinationException' };
  await assert.rejects(run(ResetCacheParameterGroup, named('tuned')), refused);
  const both = { ...set('tuned', { timeout: '' }), ResetAllParameters: true };
  await assert.rejects(run(ResetCacheParameterGroup, both), refused);
});

test('a group in use cannot be deleted, and a deleted group loses its tags', async () => {
  const { run, elasticache } = await withTuned();
  elasticache.records.groups.put(context, 'demo', someGroup('demo', { parameterGroupName: 'tuned' }));
  await assert.rejects(run(DeleteCacheParameterGroup, named('tuned')), {
    shape: 'InvalidCacheParameterGroupStateFault',
    message:
      'One or more cache clusters are still members of this parameter group tuned, so the group cannot be deleted.',
  });
  elasticache.records.groups.delete(context, 'demo');
  await run(DeleteCacheParameterGroup, named('tuned'));
  assert.deepEqual(elasticache.records.tags.list(context), []);
  await assert.rejects(run(DeleteCacheParameterGroup, named('tuned')), {
    shape: 'CacheParameterGroupNotFoundFault',
  });
});

test('parameters are described by source, by node type and in pages', async () => {
  const { run } = await withTuned();
  const all = await run(DescribeCacheParameters, named('default.redis7.cluster.on'));
  const find = (name: string) => all.Parameters?.find((parameter) => parameter.ParameterName === name);
  assert.deepEqual(find('cluster-enabled')?.ParameterValue, 'yes');
  assert.deepEqual(find('maxmemory-policy')?.ParameterValue, 'volatile-lru');
  assert.ok(all.Parameters?.every((parameter) => parameter.Source === 'system'));
  const maxmemory = all.CacheNodeTypeSpecificParameters?.find(
    (parameter) => parameter.ParameterName === 'maxmemory',
  );
  const micro = maxmemory?.CacheNodeTypeSpecificValues?.find(
    (value) => value.CacheNodeType === 'cache.t3.micro',
  );
  assert.equal(micro?.Value, '536870912');
  assert.deepEqual(
    (await run(DescribeCacheParameters, { ...named('tuned'), Source: 'user' })).Parameters,
    [],
  );
  await assert.rejects(run(DescribeCacheParameters, { ...named('tuned'), Source: 'mine' }), {
    shape: 'InvalidParameterValueException',
  });
  const names: string[] = [];
  let Marker: string | undefined;
  do {
    const page = await run(DescribeEngineDefaultParameters, {
      CacheParameterGroupFamily: 'redis7',
      MaxRecords: 20,
      ...(Marker && { Marker }),
    });
    const { Parameters, CacheNodeTypeSpecificParameters } = page.EngineDefaults!;
    for (const parameter of [...Parameters!, ...CacheNodeTypeSpecificParameters!])
      names.push(parameter.ParameterName!);
    Marker = page.EngineDefaults!.Marker;
  } while (Marker);
  assert.equal(names.length, all.Parameters!.length + all.CacheNodeTypeSpecificParameters!.length);
  assert.equal(new Set(names).size, names.length);
});
