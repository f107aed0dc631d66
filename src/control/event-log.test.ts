// The event log: order, scope, transactions, subscribers and retention.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { openStore } from '../store/store.ts';
import { createEventLog, type EventLog, type EventPlace, type LoggedEvent } from './event-log.ts';

const here = { accountId: '000000000000', region: 'us-east-1' };
const there = { accountId: '000000000000', region: 'eu-west-1' };
const RETENTION_MS = 1_000;

/** Batch by batch. */
async function batchesOf<T>(
  log: EventLog<T>,
  from: number,
  to: number,
  after?: EventPlace,
): Promise<LoggedEvent<T>[][]> {
  const batches: LoggedEvent<T>[][] = [];
  for await (const batch of log.batches(here, from, to, after)) batches.push(batch);
  return batches;
}

const all = async <T>(log: EventLog<T>, from: number, to: number) => (await batchesOf(log, from, to)).flat();

function open() {
  const store = openStore(':memory:');
  return { store, log: createEventLog<string>(store, 'test', RETENTION_MS) };
}

it('reads the newest events first, within the time range and the scope', async () => {
  const { store, log } = open();
  log.append(here, 10, 'first');
  log.append(here, 20, 'second');
  log.append(here, 20, 'second as well');
  log.append(there, 20, 'elsewhere');
  createEventLog<string>(store, 'other', RETENTION_MS).append(here, 20, 'of another service');
  const valuesIn = async (from: number, to: number) => (await all(log, from, to)).map(({ value }) => value);
  assert.deepEqual(await valuesIn(0, 100), ['second as well', 'second', 'first']);
  assert.deepEqual(await valuesIn(10, 10), ['first']);
  assert.deepEqual(await valuesIn(11, 19), []);
});

it('an event is part of its transaction, and subscribers get it after the commit', async () => {
  const { store, log } = open();
  const heard: string[] = [];
  const unsubscribe = log.subscribe(({ value, at, scope }) => heard.push(`${scope.region} ${at} ${value}`));
  assert.throws(() =>
    store.transaction(() => {
      log.append(here, 1, 'never');
      throw new Error('no');
    }),
  );
  store.transaction(() => {
    log.append(here, 2, 'a');
    log.append(here, 3, 'b');
    assert.deepEqual(heard, []);
  });
  assert.deepEqual(heard, ['us-east-1 2 a', 'us-east-1 3 b']);
  assert.equal((await all(log, 0, 10)).length, 2);
  unsubscribe();
  log.append(here, 4, 'c');
  assert.equal(heard.length, 2);
});

it('reads on after an event, batch by batch', async () => {
  const { store, log } = open();
  store.transaction(() => {
    for (let count = 0; count < 500; count++) log.append(here, 5, `${count}`);
  });
  const batches = await batchesOf(log, 0, 10);
  assert.deepEqual(
    batches.map((batch) => batch.length),
    [200, 200, 100],
  );
  const [first] = await batchesOf(log, 0, 10, batches[0]!.at(-1));
  assert.equal(first![0]!.value, '299');
});

it('drops events that are older than the retention', async () => {
  const { store, log } = open();
  store.transaction(() => {
    for (let at = 1; at <= 5_000; at++) log.append(here, at, 'x');
  });
  const kept = await all(log, 0, 10_000);
  assert.ok(kept.length >= RETENTION_MS, 'nothing is forgotten early');
  assert.ok(kept.length <= RETENTION_MS + 1_001, `${kept.length} are kept`);
  assert.equal(kept[0]!.at, 5_000);
});
