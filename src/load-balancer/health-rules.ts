// When a target is healthy. Pure.
//
// AWS: docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html

import type { HealthCheck, TargetHealth } from './load-balancers.ts';

/** What one check found. */
export type CheckOutcome = { is: 'answered'; status: number } | { is: 'timed out' } | { is: 'failed' };

/** What is known of a target. */
export interface HealthState {
  health: TargetHealth;
  /** Consecutive checks that passed or failed. */
  passed: number;
  failed: number;
}

/** Before the first check. */
export const REGISTERING: HealthState = {
  health: {
    state: 'initial',
    reason: 'Elb.RegistrationInProgress',
    description: 'Target registration is in progress',
  },
  passed: 0,
  failed: 0,
};

const CHECKING: TargetHealth = {
  state: 'initial',
  reason: 'Elb.InitialHealthChecking',
  description: 'Initial health checks in progress',
};

/** A target that is being deregistered. */
export const DRAINING: TargetHealth = {
  state: 'draining',
  reason: 'Target.DeregistrationInProgress',
  description: 'Target deregistration is in progress',
};

const HEALTHY: TargetHealth = { state: 'healthy' };

/** AWS: a new target is healthy after its first check that passes. */
export function afterCheck(before: HealthState, outcome: CheckOutcome, check: HealthCheck): HealthState {
  if (outcome.is === 'answered' && matchesCode(check.matches, outcome.status)) {
    const passed = before.passed + 1;
    const isHealthy = before.health.state !== 'unhealthy' || passed >= check.healthyCount;
    return { health: isHealthy ? HEALTHY : before.health, passed, failed: 0 };
  }
  const failed = before.failed + 1;
  const isUnhealthy = before.health.state === 'unhealthy' || failed >= check.unhealthyCount;
  const health = isUnhealthy
    ? unhealthy(outcome)
    : before.health.state === 'initial'
      ? CHECKING
      : before.health;
  return { health, passed: 0, failed };
}

function unhealthy(outcome: CheckOutcome): TargetHealth {
  switch (outcome.is) {
    case 'answered':
      return {
        state: 'unhealthy',
        reason: 'Target.ResponseCodeMismatch',
        description: `Health checks failed with these codes: [${outcome.status}]`,
      };
    case 'timed out':
      return { state: 'unhealthy', reason: 'Target.Timeout', description: 'Request timed out' };
    case 'failed':
      return { state: 'unhealthy', reason: 'Target.FailedHealthChecks', description: 'Health checks failed' };
  }
}

/** `matches` is a list of codes and ranges: `200`, `200-299`, `200,302`. */
export function matchesCode(matches: string, status: number): boolean {
  return matches.split(',').some((part) => {
    const [from, to = from] = part.split('-').map(Number);
    return from! <= status && status <= to!;
  });
}
