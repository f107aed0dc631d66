// The health of containers and tasks.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { afterCheck, type HealthCount, healthRules, taskHealth } from './health.ts';
import type { Health, TaskContainer } from './model.ts';

test('retries in a row make a container unhealthy, and one pass makes it healthy', () => {
  let count: HealthCount = { health: 'UNKNOWN', failures: 0 };
  const check = (passed: boolean, isInStartPeriod = false) => {
    count = afterCheck(count, passed, { retries: 2, isInStartPeriod });
    return count.health;
  };
  const seen = [
    check(false, true),
    check(false, true),
    check(false),
    check(true),
    check(false),
    check(false),
    check(true),
  ];
  assert.deepEqual(seen, ['UNKNOWN', 'UNKNOWN', 'UNKNOWN', 'HEALTHY', 'HEALTHY', 'UNHEALTHY', 'HEALTHY']);
  // Once it was healthy, failures count in the start period, too.
  assert.deepEqual([check(false, true), check(false, true)], ['HEALTHY', 'UNHEALTHY']);
});

test('a check without numbers has those of AWS', () => {
  assert.deepEqual(healthRules({}), { intervalMs: 30_000, timeoutMs: 5_000, retries: 3, startPeriodMs: 0 });
});

test('a task is as healthy as its essential containers with checks', () => {
  const containerOf = (health: Health, essential = true, hasCheck = true): TaskContainer => ({
    ...{ name: 'a', id: 'a', metadataId: 'a', lastStatus: 'RUNNING', health },
    definition: { essential, ...(hasCheck && { healthCheck: { command: ['CMD', 'x'] } }) },
  });
  const of = (...containers: TaskContainer[]) => taskHealth({ containers });
  assert.equal(of(containerOf('HEALTHY'), containerOf('UNHEALTHY', false)), 'HEALTHY');
  assert.equal(of(containerOf('HEALTHY'), containerOf('UNHEALTHY')), 'UNHEALTHY');
  assert.equal(of(containerOf('HEALTHY'), containerOf('UNKNOWN')), 'UNKNOWN');
  assert.equal(of(containerOf('UNKNOWN', true, false)), 'UNKNOWN');
});
