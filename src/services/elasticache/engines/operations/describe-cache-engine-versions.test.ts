import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inMemory } from '../../in-memory.fixture.ts';
import type { Input } from '../../sdk.ts';
import { DescribeCacheEngineVersions } from './describe-cache-engine-versions.ts';

const { run } = inMemory();

const versions = async (input: Input<'DescribeCacheEngineVersions'>) =>
  (await run(DescribeCacheEngineVersions, input)).CacheEngineVersions?.map(
    (version) => version.EngineVersion,
  );

test('versions are described and sorted as on AWS', async () => {
  const { CacheEngineVersions } = await run(DescribeCacheEngineVersions, {
    Engine: 'Redis',
    EngineVersion: '7.1',
  });
  assert.deepEqual(CacheEngineVersions, [
    {
      Engine: 'redis',
      EngineVersion: '7.1',
      CacheParameterGroupFamily: 'redis7',
      CacheEngineDescription: 'Redis',
      CacheEngineVersionDescription: 'redis version 7.1',
    },
  ]);
  assert.deepEqual(await versions({ CacheParameterGroupFamily: 'redis3.2' }), ['3.2.10', '3.2.4', '3.2.6']);
  assert.deepEqual(await versions({ Engine: 'valkey' }), ['7.2', '8.0', '8.1', '8.2', '9.0', '9.1']);
  assert.deepEqual(await versions({ Engine: 'memcached' }), []);
});

test('DefaultOnly returns one version for each engine', async () => {
  assert.deepEqual(await versions({ Engine: 'redis', DefaultOnly: true }), ['7.1']);
  assert.equal((await versions({ DefaultOnly: true }))?.length, 2);
  assert.deepEqual(await versions({ CacheParameterGroupFamily: 'redis6.x', DefaultOnly: true }), ['6.2']);
});

test('versions are returned in pages', async () => {
  const first = await run(DescribeCacheEngineVersions, { MaxRecords: 20 });
  const second = await run(DescribeCacheEngineVersions, { MaxRecords: 20, Marker: first.Marker });
  assert.equal(first.CacheEngineVersions?.length, 20);
  assert.equal(
    first.CacheEngineVersions!.length + second.CacheEngineVersions!.length,
    (await versions({}))!.length,
  );
  assert.equal(second.Marker, undefined);
});
