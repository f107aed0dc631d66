import assert from 'node:assert/strict';
import { it } from 'node:test';
import { afterCheck, type CheckOutcome, matchesCode, REGISTERING } from './health-rules.ts';
import type { HealthCheck } from './load-balancers.ts';

const CHECK: HealthCheck = {
  ...{ protocol: 'HTTP', path: '/', intervalSeconds: 30, timeoutSeconds: 5, matches: '200' },
  ...{ healthyCount: 3, unhealthyCount: 2 },
};
const passed: CheckOutcome = { is: 'answered', status: 200 };
const failed: CheckOutcome = { is: 'answered', status: 500 };
const states = (...outcomes: CheckOutcome[]) => {
  let state = REGISTERING;
  return outcomes.map((outcome) => {
    state = afterCheck(state, outcome, CHECK);
    return state.health.state;
  });
};

it('makes a new target healthy after one check, and an unhealthy one after as many as the group says', () => {
  assert.deepEqual(states(passed), ['healthy']);
  assert.deepEqual(states(passed, failed, passed, failed, failed), [
    ...['healthy', 'healthy', 'healthy', 'healthy', 'unhealthy'],
  ]);
  assert.deepEqual(states(failed, failed, passed, passed, failed, passed, passed, passed), [
    ...['initial', 'unhealthy', 'unhealthy', 'unhealthy', 'unhealthy', 'unhealthy', 'unhealthy', 'healthy'],
  ]);
  assert.deepEqual(states(failed, passed), ['initial', 'healthy']);
});

it('says why, in the words of AWS', () => {
  assert.equal(afterCheck(REGISTERING, failed, CHECK).health.reason, 'Elb.InitialHealthChecking');
  const unhealthy = (outcome: CheckOutcome) =>
    afterCheck(afterCheck(REGISTERING, failed, CHECK), outcome, CHECK).health;
  assert.deepEqual(unhealthy(failed), {
    state: 'unhealthy',
    reason: 'Target.ResponseCodeMismatch',
    description: 'Health checks failed with these codes: [500]',
  });
  assert.equal(unhealthy({ is: 'timed out' }).reason, 'Target.Timeout');
  assert.equal(unhealthy({ is: 'failed' }).reason, 'Target.FailedHealthChecks');
});

it('reads codes, lists and ranges', () => {
  assert.ok(matchesCode('200', 200) && !matchesCode('200', 201));
  assert.ok(matchesCode('200,302', 302) && !matchesCode('200,302', 301));
  assert.ok(matchesCode('200-299', 299) && !matchesCode('200-299', 300));
  assert.ok(matchesCode('200-299,404', 404));
});
