// Points over restarts, as they grow old, and when there are too many.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { openCloudWatch, SCOPE } from '../../../test/support/metrics.ts';

const HOUR = 3_600;
const DAY = 24 * HOUR;

function temporaryFile(test: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'millpond-metrics-'));
  test.after(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, 'state.sqlite');
}

const rowsOf = (
  store: { prepare(sql: string): { get(): Record<string, unknown> | undefined } },
  table: string,
) => Number(store.prepare(`SELECT COUNT(*) AS count FROM ${table}`).get()!.count);

/** Puts a point of each metric every minute. There are so many metrics that the journal is folded on the way. */
async function putMinutes(cloudwatch: ReturnType<typeof openCloudWatch>, minutes: number) {
  const others = Array.from({ length: 50 }, (_, index) => `other${index}`);
  for (let minute = 0; minute < minutes; minute++) {
    await cloudwatch.put([
      { MetricName: 'steady', Value: 1 },
      { MetricName: 'counter', Value: minute },
      ...others.map((MetricName) => ({ MetricName, Value: minute / 7 })),
    ]);
    cloudwatch.clock.time += 60_000;
  }
}

describe('points', () => {
  it('survive a restart, folded and not', async (test) => {
    const file = temporaryFile(test);
    const first = openCloudWatch(file);
    await putMinutes(first, 150);
    assert.ok(rowsOf(first.store, 'metric_blocks') > 0 && rowsOf(first.store, 'metric_journal') > 0);
    const before = await first.values('counter');
    assert.equal(before.length, 150);
    assert.deepEqual(before[7], [143 * 60, 7]);
    first.store.close();
    const second = openCloudWatch(file, {}, first.clock.time);
    assert.deepEqual(await second.values('counter'), before);
    const { Metrics } = await second.client.call('ListMetrics', { RecentlyActive: 'PT3H' }, SCOPE);
    assert.equal(Metrics!.length, 52);
    second.store.close();
  });

  it('of one minute are aggregated, before and after a restart', async (test) => {
    const file = temporaryFile(test);
    const first = openCloudWatch(file);
    await first.put([{ MetricName: 'm', Values: [1, 2], Counts: [3, 1] }]);
    first.clock.time += 20_000;
    await first.put([{ MetricName: 'm', Value: 10 }]);
    first.store.close();
    const second = openCloudWatch(file, {}, first.clock.time);
    await second.put([{ MetricName: 'm', Value: 20 }]);
    assert.deepEqual(await second.values('m'), [[20, 35]]);
    assert.deepEqual(await second.values('m', { stat: 'p50' }), [[20, 1]]);
    second.store.close();
  });

  it('make their metric recently active, before and after a restart', async (test) => {
    const file = temporaryFile(test);
    const first = openCloudWatch(file);
    await first.put([
      { MetricName: 'old', Value: 1 },
      { MetricName: 'new', Value: 1 },
    ]);
    first.clock.time += 4 * HOUR * 1000;
    await first.put([{ MetricName: 'new', Value: 1 }]);
    const recent = async ({ client }: typeof first) =>
      (await client.call('ListMetrics', { RecentlyActive: 'PT3H' }, SCOPE)).Metrics!.map(
        (one) => one.MetricName,
      );
    assert.deepEqual(await recent(first), ['new']);
    first.store.close();
    const second = openCloudWatch(file, {}, first.clock.time);
    assert.deepEqual(await recent(second), ['new']);
    second.store.close();
  });

  it('lose resolution with age, whether or not the ageing has run', async () => {
    const cloudwatch = openCloudWatch();
    const start = cloudwatch.clock.time;
    for (let second = 0; second < 600; second++) {
      await cloudwatch.put([{ MetricName: 'm', Value: 1, StorageResolution: 1 }]);
      cloudwatch.clock.time += 1_000;
    }
    const since = () => ({ sinceSeconds: (cloudwatch.clock.time - start) / 1000 });
    const count = async (period: number) => (await cloudwatch.values('m', { period, ...since() })).length;
    const sum = async (period: number) =>
      (await cloudwatch.values('m', { period, ...since() })).reduce((total, [, value]) => total + value!, 0);
    const look = async () => [
      await count(1),
      await count(60),
      await count(300),
      await count(3600),
      await sum(3600),
    ];
    const ages: [ageSeconds: number, expected: number[]][] = [
      [600, [600, 10, 2, 1, 600]],
      [4 * HOUR, [0, 10, 2, 1, 600]],
      [16 * DAY, [0, 0, 2, 1, 600]],
      [64 * DAY, [0, 0, 0, 1, 600]],
      [456 * DAY, [0, 0, 0, 0, 0]],
    ];
    for (const [age, expected] of ages) {
      cloudwatch.clock.time = start + age * 1000;
      assert.deepEqual(await look(), expected, `${age} s`);
      // Points in the journal are aged when it is folded.
      await cloudwatch.age();
      assert.deepEqual(await look(), expected, `${age} s, looked after`);
    }
  });

  it('take less space as they grow old, and finally none', async () => {
    const cloudwatch = openCloudWatch();
    await putMinutes(cloudwatch, 600);
    const bytes = () =>
      Number(cloudwatch.store.prepare('SELECT SUM(bytes) AS bytes FROM metric_blocks').get()!.bytes ?? 0);
    const [fresh, total] = [bytes(), 600];
    const sum = async (period: number, sinceSeconds: number) =>
      (await cloudwatch.values('steady', { period, sinceSeconds })).reduce(
        (all, [, value]) => all + value!,
        0,
      );
    cloudwatch.clock.time += 17 * DAY * 1000;
    await cloudwatch.age();
    const old = bytes();
    assert.ok(old < fresh * 0.7, `${fresh} -> ${old}`);
    assert.equal(await sum(300, 18 * DAY), total);
    cloudwatch.clock.time += 60 * DAY * 1000;
    await cloudwatch.age();
    assert.ok(bytes() < old);
    assert.equal(await sum(3600, 78 * DAY), total);
    cloudwatch.clock.time += 500 * DAY * 1000;
    await cloudwatch.age();
    assert.equal(bytes(), 0);
    assert.equal(rowsOf(cloudwatch.store, 'metrics'), 0);
  });

  it('can be put into the past and into existing blocks', async () => {
    const cloudwatch = openCloudWatch();
    await putMinutes(cloudwatch, 400);
    const Timestamp = new Date(cloudwatch.clock.time - 300 * 60_000);
    await cloudwatch.put([{ MetricName: 'steady', Value: 41, Timestamp }]);
    await putMinutes(cloudwatch, 200);
    const values = await cloudwatch.values('steady', { sinceSeconds: 600 * 60 });
    assert.deepEqual(
      values.filter(([, value]) => value !== 1),
      [[500 * 60, 42]],
    );
    assert.equal(values.length, 600);
  });
});

describe('bounds', () => {
  it('the oldest points are removed when there are too many', async () => {
    const mostBytes = 8_192;
    const cloudwatch = openCloudWatch(':memory:', { mostBytes });
    await putMinutes(cloudwatch, 3_000);
    const { bytes } = cloudwatch.store.prepare('SELECT SUM(bytes) AS bytes FROM metric_blocks').get()!;
    assert.ok(Number(bytes) > 0 && Number(bytes) <= mostBytes, String(bytes));
    const values = await cloudwatch.values('counter', { sinceSeconds: 3_000 * 60 });
    assert.ok(values.length > 100 && values.length < 3_000, String(values.length));
    assert.deepEqual(values.at(-1), [60, 2_999]);
  });

  it('the metrics without points for longest are removed when there are too many', async () => {
    const cloudwatch = openCloudWatch(':memory:', { mostMetrics: 100 });
    for (let index = 0; index < 250; index++) {
      await cloudwatch.put([
        { MetricName: `m${index}`, Value: 1 },
        { MetricName: 'busy', Value: 1 },
      ]);
      cloudwatch.clock.time += 1_000;
    }
    const names = (await cloudwatch.client.call('ListMetrics', {}, SCOPE)).Metrics!.map(
      (one) => one.MetricName!,
    );
    assert.ok(names.length <= 100 && names.length >= 80, String(names.length));
    assert.ok(names.includes('m249') && names.includes('busy') && !names.includes('m0'));
    assert.equal(rowsOf(cloudwatch.store, 'metrics'), names.length);
    // A metric that comes back has a new number, so it does not get the points of another metric.
    await cloudwatch.put([{ MetricName: 'm0', Value: 5 }]);
    assert.deepEqual(
      (await cloudwatch.values('m0')).map(([, value]) => value),
      [5],
    );
  });

  it('the journal is bounded even if each call puts one point', async () => {
    const cloudwatch = openCloudWatch();
    for (let index = 0; index < 1_000; index++) await cloudwatch.put([{ MetricName: 'm', Value: 1 }]);
    assert.ok(rowsOf(cloudwatch.store, 'metric_journal') <= 256);
    assert.deepEqual(await cloudwatch.values('m'), [[0, 1_000]]);
  });
});

it('an unreadable block loses only its own points', async () => {
  const cloudwatch = openCloudWatch();
  await putMinutes(cloudwatch, 200);
  cloudwatch.store
    .prepare(
      "UPDATE metric_blocks SET points = x'00ff00' WHERE start = (SELECT MIN(start) FROM metric_blocks)",
    )
    .run();
  await putMinutes(cloudwatch, 200);
  const values = await cloudwatch.values('steady', { sinceSeconds: 400 * 60 });
  assert.ok(values.length >= 280 && values.length < 400, String(values.length));
});
