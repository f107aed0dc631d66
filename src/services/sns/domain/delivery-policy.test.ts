// Retry delays and validation of delivery policies.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import {
  checkDeliveryPolicy,
  contentTypeOf,
  effectiveRetries,
  HTTP_RETRIES,
  LAMBDA_RETRIES,
  type RetryPolicy,
  readRetryPolicy,
  retryDelay,
} from './delivery-policy.ts';

function delays(policy: RetryPolicy, most = 100): (number | undefined)[] {
  const all: (number | undefined)[] = [];
  for (let failures = 1; failures <= most; failures++) {
    const delay = retryDelay(policy, failures);
    all.push(delay);
    if (delay === undefined) break;
  }
  return all;
}

it('an endpoint gets three retries, 20 s apart', () => {
  assert.deepEqual(delays(HTTP_RETRIES), [20, 20, 20, undefined]);
});

it('retries to a function start at once, back off to 20 s, and go on for weeks', () => {
  const first = delays(LAMBDA_RETRIES, 17).map((delay) => Math.round(delay! * 10) / 10);
  assert.deepEqual(first, [0, 0, 0, 1, 1, 1, 1.4, 1.9, 2.7, 3.8, 5.3, 7.4, 10.3, 14.3, 20, 20, 20]);
  assert.equal(retryDelay(LAMBDA_RETRIES, 100_015), 20);
  assert.equal(retryDelay(LAMBDA_RETRIES, 100_016), undefined);
});

it('the phases follow each other, and each backoff function rises from the minimum to the maximum', () => {
  const policy = {
    ...HTTP_RETRIES,
    ...{ minDelayTarget: 2, maxDelayTarget: 10 },
    ...{ numRetries: 8, numNoDelayRetries: 1, numMinDelayRetries: 1, numMaxDelayRetries: 1 },
  };
  assert.deepEqual(delays(policy), [0, 2, 2, 4, 6, 8, 10, 10, undefined]);
  for (const backoffFunction of ['arithmetic', 'geometric', 'exponential'] as const) {
    const all = delays({ ...policy, backoffFunction }).slice(2, 7) as number[];
    assert.deepEqual([all[0], Math.round(all[4]!)], [2, 10], backoffFunction);
    assert.deepEqual(
      all.toSorted((a, b) => a - b),
      all,
    );
    assert.ok(all[2]! < 6, backoffFunction);
  }
});

it('the subscription’s policy overrides the topic’s, unless the topic forbids it', () => {
  const topic = (more: object) =>
    JSON.stringify({ http: { defaultHealthyRetryPolicy: { numRetries: 5, minDelayTarget: 1 }, ...more } });
  const own = JSON.stringify({ healthyRetryPolicy: { numRetries: 7 } });
  assert.equal(effectiveRetries(undefined, undefined).numRetries, 3);
  assert.equal(effectiveRetries(topic({}), undefined).numRetries, 5);
  assert.deepEqual(
    [effectiveRetries(topic({}), own).numRetries, effectiveRetries(topic({}), own).minDelayTarget],
    [7, 1],
  );
  assert.equal(effectiveRetries(topic({ disableSubscriptionOverrides: true }), own).numRetries, 5);
  const request = (type: string) => JSON.stringify({ requestPolicy: { headerContentType: type } });
  assert.equal(contentTypeOf(request('application/json'), 'subscription'), 'application/json');
  assert.equal(contentTypeOf(request('text/plain\r\nx: y'), 'subscription'), undefined);
});

it('invalid values and documents are refused', () => {
  for (const retries of [
    { minDelayTarget: 0 },
    { minDelayTarget: 30 },
    { maxDelayTarget: 3_601 },
    { numRetries: 101 },
    { numRetries: -1 },
    { numRetries: 1.5 },
    { numRetries: '3' },
    { numRetries: 1, numNoDelayRetries: 2 },
    { backoffFunction: 'quadratic' },
  ]) {
    const text = JSON.stringify({ healthyRetryPolicy: retries });
    assert.throws(
      () => readRetryPolicy(text, 'subscription'),
      /^InvalidParameterException: .*DeliveryPolicy/,
      text,
    );
  }
  for (const text of ['{', '[]', '1', '{"healthyRetryPolicy":3}']) {
    assert.throws(() => readRetryPolicy(text, 'subscription'), /DeliveryPolicy/, text);
  }
});

it('an unknown member is refused in a request and ignored in a stored policy', () => {
  for (const [policy, of, member] of [
    [{ throttlePolicy: {} }, 'topic', 'throttlePolicy'],
    [{ http: { healthyRetryPolicy: {} } }, 'topic', 'healthyRetryPolicy'],
    [{ http: {} }, 'subscription', 'http'],
    [{ healthyRetryPolicy: { numTries: 1 } }, 'subscription', 'numTries'],
    [{ requestPolicy: { headerContentType: { a: 1 } } }, 'subscription', 'a'],
    [{ constructor: {} }, 'subscription', 'constructor'],
  ] as const) {
    assert.throws(() => checkDeliveryPolicy(JSON.stringify(policy), of), {
      message: `Invalid parameter: DeliveryPolicy: Unexpected JSON member: ${member}`,
    });
    readRetryPolicy(JSON.stringify(policy), of);
  }
  checkDeliveryPolicy('{"http":{"defaultThrottlePolicy":{"maxReceivesPerSecond":10}}}', 'topic');
  checkDeliveryPolicy('{"sicklyRetryPolicy":null,"guaranteed":false,"throttlePolicy":null}', 'subscription');
});
