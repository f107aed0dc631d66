// The health of a task, from that of its containers. Pure.

import { hasHealthCheck } from './dependencies.ts';
import type { Health, Task } from './model.ts';

/**
 * AWS: UNHEALTHY when an essential container is, UNKNOWN while one has not been checked or none has a check, else HEALTHY.
 * The health of other containers does not count.
 */
export function taskHealth({ containers }: Pick<Task, 'containers'>): Health {
  const checked = containers
    .filter(({ definition }) => definition.essential !== false && hasHealthCheck(definition))
    .map(({ health }) => health);
  if (checked.includes('UNHEALTHY')) return 'UNHEALTHY';
  return checked.length === 0 || checked.includes('UNKNOWN') ? 'UNKNOWN' : 'HEALTHY';
}

/** What the results of a container's checks say so far. */
export interface HealthCount {
  health: Health;
  /** Failures in a row. */
  failures: number;
}

/** The rules of a check, in milliseconds. Source: AWS's reference of HealthCheck. */
export interface HealthRules {
  intervalMs: number;
  timeoutMs: number;
  retries: number;
  startPeriodMs: number;
}

/** AWS: 30 s, 5 s, 3, and no start period. */
export function healthRules(given: {
  interval?: number | undefined;
  timeout?: number | undefined;
  retries?: number | undefined;
  startPeriod?: number | undefined;
}): HealthRules {
  return {
    intervalMs: (given.interval ?? 30) * 1_000,
    timeoutMs: (given.timeout ?? 5) * 1_000,
    retries: given.retries ?? 3,
    startPeriodMs: (given.startPeriod ?? 0) * 1_000,
  };
}

/** The state after a check. Failures in the start period do not count, unless a check has passed. */
export function afterCheck(
  before: HealthCount,
  passed: boolean,
  { retries, isInStartPeriod }: { retries: number; isInStartPeriod: boolean },
): HealthCount {
  if (passed) return { health: 'HEALTHY', failures: 0 };
  if (isInStartPeriod && before.health === 'UNKNOWN') return before;
  const failures = before.failures + 1;
  return { failures, health: failures >= retries ? 'UNHEALTHY' : before.health };
}
