// The hashes of mappings that a cache has, read from a real engine.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ENGINES, startBareEngine } from '../../../test/support/bare-engine.ts';
import { type Ask, readMetaRecords } from './meta-records.ts';

it('are read from every shard, among many other keys, and a node that is gone is asked again', async () => {
  await using engine = await startBareEngine(ENGINES[0]!);
  const { client } = engine;
  await client.mset(Array.from({ length: 5_000 }, (_, index) => [`key-${index}`, '1']).flat());
  await client.hset('__meta_record__Dynamo', 'name', 'x', 'pattern', '*', 'lambda', 'f');
  await client.set('__meta_record__text', 'no hash');
  let failures = 1;
  const ask: Ask = async (commands) => {
    failures -= 1;
    if (failures >= 0) throw new Error('gone');
    const pipeline = client.pipeline();
    for (const [name, ...rest] of commands) pipeline.callBuffer(name!, ...rest);
    return (await pipeline.exec())!.map(([error, reply]) => error ?? reply);
  };
  const empty: Ask = async () => [[Buffer.from('0'), []]];
  const found = await readMetaRecords(() => [ask, empty], new AbortController().signal);
  const fields = new Map([
    ['name', 'x'],
    ['pattern', '*'],
    ['lambda', 'f'],
  ]);
  assert.deepEqual(found, [{ key: '__meta_record__Dynamo', fields }]);
});

it('are waited for until the delivery ends', async () => {
  const ending = new AbortController();
  const reading = readMetaRecords(() => [], ending.signal);
  ending.abort(new Error('the end'));
  await assert.rejects(reading);
});
