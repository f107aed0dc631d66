// Tests the event and the log line of a group whose engine the host lacks.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EngineBinary } from '../../../engine/fleet.ts';
import { silentLog } from '../../../kernel/log.ts';
import { DescribeEvents } from '../events/operations/describe-events.ts';
import { context, inMemory, someGroup } from '../in-memory.fixture.ts';

const REDIS: EngineBinary = { engine: 'redis', version: '7.0.15' };
const VALKEY: EngineBinary = { engine: 'valkey', version: '8.0.1' };
const AS_VALKEY = { engine: 'valkey', engineVersion: '8.0.1' } as const;

function setUp(...binaries: EngineBinary[]) {
  const warnings: string[] = [];
  const log = { ...silentLog, warn: (_fields: object, text: string) => void warnings.push(text) };
  const { elasticache, run } = inMemory({ binaries, log });
  return {
    elasticache,
    warnings,
    events: async () =>
      (await run(DescribeEvents, {})).Events!.map((event) => [event.SourceType, event.Message]),
  };
}

test('a Valkey group on a host with only Redis reports once what it runs instead', async () => {
  const { elasticache, events, warnings } = setUp(REDIS);
  elasticache.groups.create(context, someGroup('demo', AS_VALKEY));
  elasticache.groups.create(context, someGroup('lone', { ...AS_VALKEY, kind: 'cache-cluster' }));
  elasticache.groups.update(context, 'demo', () => []);
  const [demo, lone] = ['demo', 'lone'].map(
    (id) => `There is no valkey on this machine: ${id} runs redis 7.0.15 in place of valkey 8.0.1.`,
  );
  assert.deepEqual((await events()).sort(), [
    ['cache-cluster', lone],
    ['replication-group', demo],
  ]);
  assert.deepEqual(warnings, [demo, lone]);
});

test('a group that changes to an engine that the host lacks reports it', async () => {
  const { elasticache, events } = setUp(REDIS);
  elasticache.groups.create(context, someGroup('demo'));
  assert.deepEqual(await events(), []);
  elasticache.groups.update(context, 'demo', (group) => {
    Object.assign(group, AS_VALKEY);
    return [];
  });
  assert.equal((await events()).length, 1);
});

test('nothing is reported when the host has the engine, whatever its version', async () => {
  const { elasticache, events } = setUp(REDIS, VALKEY);
  elasticache.groups.create(context, someGroup('demo', AS_VALKEY));
  elasticache.groups.create(context, someGroup('other', { engineVersion: '6.2.6' }));
  assert.deepEqual(await events(), []);
});
