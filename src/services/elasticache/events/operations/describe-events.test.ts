import assert from 'node:assert/strict';
import { test } from 'node:test';
import { context, inMemory, NOW } from '../../in-memory.fixture.ts';
import type { Input } from '../../sdk.ts';
import type { EventSource } from '../domain/event.ts';
import { DescribeEvents } from './describe-events.ts';

const MINUTE = 60_000;
const minutesAgo = (minutes: number) => new Date(NOW - minutes * MINUTE);

function withEvents(...events: [minutesAgo: number, sourceType: EventSource, sourceId: string][]) {
  const fixture = inMemory();
  for (const [minutes, sourceType, sourceId] of events) {
    const message = `${sourceId} ${minutes} minutes ago`;
    fixture.elasticache.events.append(context, NOW - minutes * MINUTE, {
      sourceType,
      sourceId,
      message,
      notification: 'Something',
    });
  }
  return fixture;
}

test('the default window is the last hour, newest first, without notification names', async () => {
  const { run } = withEvents(
    [61, 'replication-group', 'old'],
    [30, 'replication-group', 'demo'],
    [5, 'cache-cluster', 'demo-001'],
  );
  assert.deepEqual((await run(DescribeEvents, {})).Events, [
    {
      SourceIdentifier: 'demo-001',
      SourceType: 'cache-cluster',
      Message: 'demo-001 5 minutes ago',
      Date: minutesAgo(5),
    },
    {
      SourceIdentifier: 'demo',
      SourceType: 'replication-group',
      Message: 'demo 30 minutes ago',
      Date: minutesAgo(30),
    },
  ]);
});

test('StartTime, EndTime and Duration select a window', async () => {
  const { run } = withEvents([10, 'user', 'u10'], [100, 'user', 'u100'], [1000, 'user', 'u1000']);
  const ids = async (input: Input<'DescribeEvents'>) =>
    (await run(DescribeEvents, input)).Events?.map((event) => event.SourceIdentifier);
  assert.deepEqual(await ids({ Duration: 20_160 }), ['u10', 'u100', 'u1000']);
  assert.deepEqual(await ids({ StartTime: minutesAgo(150) }), ['u10', 'u100']);
  assert.deepEqual(await ids({ StartTime: minutesAgo(150), Duration: 60 }), ['u100']);
  assert.deepEqual(await ids({ EndTime: minutesAgo(50) }), ['u100']);
  assert.deepEqual(await ids({ StartTime: minutesAgo(2000), EndTime: minutesAgo(50) }), ['u100', 'u1000']);
});

test('events are filtered by source', async () => {
  const { run } = withEvents(
    [1, 'cache-cluster', 'demo'],
    [2, 'replication-group', 'demo'],
    [3, 'cache-cluster', 'b'],
  );
  const count = async (input: object) => (await run(DescribeEvents, input)).Events?.length;
  assert.equal(await count({ SourceType: 'cache-cluster' }), 2);
  assert.equal(await count({ SourceType: 'cache-cluster', SourceIdentifier: 'DEMO' }), 1);
  assert.equal(await count({ SourceType: 'replication-group', SourceIdentifier: 'none' }), 0);
});

test('invalid windows and pages are refused', async () => {
  const { run } = inMemory();
  const cases: [object, string][] = [
    [{ SourceIdentifier: 'demo' }, 'InvalidParameterCombinationException'],
    [{ Duration: 0 }, 'InvalidParameterValueException'],
    [{ Duration: 20_161 }, 'InvalidParameterValueException'],
    [{ StartTime: minutesAgo(1), EndTime: minutesAgo(2) }, 'InvalidParameterCombinationException'],
    [{ StartTime: minutesAgo(30_000) }, 'InvalidParameterValueException'],
    [{ StartTime: new Date(Number.NaN) }, 'InvalidParameterValueException'],
    [{ MaxRecords: 10 }, 'InvalidParameterValueException'],
    [{ Marker: 'noise' }, 'InvalidParameterValueException'],
  ];
  for (const [input, shape] of cases) {
    await assert.rejects(run(DescribeEvents, input), { shape }, JSON.stringify(input));
  }
});

test('pages show each event exactly once while new events arrive', async () => {
  const { run, elasticache, clock } = withEvents(
    ...Array.from({ length: 50 }, (_item, index): [number, EventSource, string] => [20, 'user', `u${index}`]),
  );
  const seen: string[] = [];
  let Marker: string | undefined;
  do {
    const page = await run(DescribeEvents, { MaxRecords: 20, ...(Marker && { Marker }) });
    for (const event of page.Events!) seen.push(event.SourceIdentifier!);
    Marker = page.Marker;
    clock.time += 1000;
    elasticache.events.append(context, clock.time, { sourceType: 'user', sourceId: 'new', message: '' });
  } while (Marker);
  assert.deepEqual(
    seen,
    Array.from({ length: 50 }, (_item, index) => `u${49 - index}`),
  );
});
