// Delivery policies: how often and when a failed delivery is retried, and the content type of the request. Pure.

import { invalidParameter } from '../faults.ts';

/** A retry policy, in AWS's spelling. Delays are in seconds. */
export interface RetryPolicy {
  minDelayTarget: number;
  maxDelayTarget: number;
  numRetries: number;
  numNoDelayRetries: number;
  numMinDelayRetries: number;
  numMaxDelayRetries: number;
  backoffFunction: 'linear' | 'arithmetic' | 'geometric' | 'exponential';
}

/** AWS: the default for HTTP endpoints. */
export const HTTP_RETRIES: RetryPolicy = {
  minDelayTarget: 20,
  maxDelayTarget: 20,
  numRetries: 3,
  numMaxDelayRetries: 0,
  numNoDelayRetries: 0,
  numMinDelayRetries: 0,
  backoffFunction: 'linear',
};

/** AWS: the fixed policy for Lambda and SQS: 100,015 retries over 23 days. */
export const LAMBDA_RETRIES: RetryPolicy = {
  minDelayTarget: 1,
  maxDelayTarget: 20,
  numRetries: 100_015,
  numMaxDelayRetries: 100_000,
  numNoDelayRetries: 3,
  numMinDelayRetries: 2,
  backoffFunction: 'exponential',
};

/** Seconds until the next attempt after `failures` failed attempts; `undefined` if that was the last one. */
export function retryDelay(policy: RetryPolicy, failures: number): number | undefined {
  const { minDelayTarget: min, maxDelayTarget: max, numNoDelayRetries, numMinDelayRetries } = policy;
  if (failures > policy.numRetries) return undefined;
  const inBackoff = failures - numNoDelayRetries - numMinDelayRetries;
  if (failures <= numNoDelayRetries) return 0;
  if (inBackoff <= 0) return min;
  const steps = policy.numRetries - numNoDelayRetries - numMinDelayRetries - policy.numMaxDelayRetries;
  if (inBackoff > steps) return max;
  // 0 at the first step of the backoff, 1 at the last.
  const part = steps === 1 ? 1 : (inBackoff - 1) / (steps - 1);
  switch (policy.backoffFunction) {
    case 'arithmetic':
      return min + (max - min) * ((part * (part + 1)) / 2);
    case 'geometric':
      return min + (max - min) * part ** 2;
    case 'exponential':
      return min * (max / min) ** part;
    default:
      return min + (max - min) * part;
  }
}

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const NUMBERS = [
  'minDelayTarget',
  'maxDelayTarget',
  'numRetries',
  'numNoDelayRetries',
  'numMinDelayRetries',
  'numMaxDelayRetries',
] as const;
const FUNCTIONS = ['linear', 'arithmetic', 'geometric', 'exponential'];
const MOST_RETRIES = 100;
const LONGEST_DELAY_SECONDS = 3_600;

/**
 * The retry policy in a subscription's DeliveryPolicy, or in the `http` member of a topic's; `{}` if there is none.
 * Throws InvalidParameter.
 */
export function readRetryPolicy(text: string, of: 'subscription' | 'topic'): Partial<RetryPolicy> {
  const policy = parseObject(text);
  const part = of === 'topic' ? (policy.http ?? {}) : policy;
  if (!isObject(part)) throw invalid('http must be a JSON object');
  const retries = part[of === 'topic' ? 'defaultHealthyRetryPolicy' : 'healthyRetryPolicy'];
  if (retries === undefined || retries === null) return {};
  if (!isObject(retries)) throw invalid('healthyRetryPolicy must be a JSON object');
  const read: Json = {};
  for (const name of NUMBERS) {
    const value = retries[name];
    if (value === undefined || value === null) continue;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) {
      throw invalid(`${name} must be a whole number and not negative`);
    }
    read[name] = value;
  }
  if (retries.backoffFunction !== undefined) {
    if (!FUNCTIONS.includes(String(retries.backoffFunction))) {
      throw invalid(`backoffFunction must be one of ${FUNCTIONS.join(', ')}`);
    }
    read.backoffFunction = retries.backoffFunction;
  }
  check({ ...HTTP_RETRIES, ...read });
  return read;
}

const RETRY_MEMBERS = [...NUMBERS, 'backoffFunction'];
/** The members that each object of a policy may have, by its path. An object that is not listed here may not occur. */
const MEMBERS: Record<'subscription' | 'topic', Record<string, readonly string[]>> = {
  subscription: {
    '': ['healthyRetryPolicy', 'sicklyRetryPolicy', 'throttlePolicy', 'requestPolicy', 'guaranteed'],
    '.healthyRetryPolicy': RETRY_MEMBERS,
    '.sicklyRetryPolicy': RETRY_MEMBERS,
    '.throttlePolicy': ['maxReceivesPerSecond'],
    '.requestPolicy': ['headerContentType'],
  },
  topic: {
    '': ['http'],
    '.http': [
      ...['defaultHealthyRetryPolicy', 'defaultSicklyRetryPolicy', 'disableSubscriptionOverrides'],
      ...['defaultThrottlePolicy', 'defaultRequestPolicy'],
    ],
    '.http.defaultHealthyRetryPolicy': RETRY_MEMBERS,
    '.http.defaultSicklyRetryPolicy': RETRY_MEMBERS,
    '.http.defaultThrottlePolicy': ['maxReceivesPerSecond'],
    '.http.defaultRequestPolicy': ['headerContentType'],
  },
};

/** Validates a policy in a request. Stored policies may be older than this check. Throws InvalidParameter. */
export function checkDeliveryPolicy(text: string, of: 'subscription' | 'topic'): void {
  checkMembers(parseObject(text), MEMBERS[of], '');
  readRetryPolicy(text, of);
}

function checkMembers(given: Json, members: Record<string, readonly string[]>, path: string): void {
  for (const [name, value] of Object.entries(given)) {
    // The text is AWS's, from public reports of refused policies.
    if (!members[path]?.includes(name)) throw invalid(`Unexpected JSON member: ${name.slice(0, 100)}`);
    if (isObject(value)) checkMembers(value, members, `${path}.${name}`);
  }
}

function check(policy: RetryPolicy): void {
  const { minDelayTarget: min, maxDelayTarget: max, numRetries } = policy;
  if (min < 1) throw invalid('minDelayTarget must be at least 1');
  if (max < min) throw invalid('maxDelayTarget must be greater than or equal to minDelayTarget');
  if (max > LONGEST_DELAY_SECONDS) throw invalid(`maxDelayTarget must be at most ${LONGEST_DELAY_SECONDS}`);
  if (numRetries > MOST_RETRIES) throw invalid(`numRetries must be at most ${MOST_RETRIES}`);
  const phases = policy.numNoDelayRetries + policy.numMinDelayRetries + policy.numMaxDelayRetries;
  if (phases > numRetries) throw invalid('numRetries must be at least the sum of the phases');
}

/** The content type that a policy sets for HTTP requests; `undefined` if it sets none or an unsafe one. */
export function contentTypeOf(text: string | undefined, of: 'subscription' | 'topic'): string | undefined {
  if (text === undefined) return undefined;
  const policy = parseObject(text);
  const part = of === 'topic' ? policy.http : policy;
  const request = isObject(part)
    ? part[of === 'topic' ? 'defaultRequestPolicy' : 'requestPolicy']
    : undefined;
  const type = isObject(request) ? request.headerContentType : undefined;
  return typeof type === 'string' && /^[\w.+/-]+(; ?charset=[\w-]+)?$/.test(type) ? type : undefined;
}

function parseObject(text: string): Json {
  let policy: unknown;
  try {
    policy = JSON.parse(text);
  } catch {
    throw invalid('failed to parse JSON.');
  }
  if (!isObject(policy)) throw invalid('must be a JSON object');
  return policy;
}

const invalid = (reason: string) => invalidParameter(`DeliveryPolicy: ${reason}`);

/** The retry policy that applies: the subscription's values override the topic's, unless the topic forbids it. */
export function effectiveRetries(topicPolicy: string | undefined, own: string | undefined): RetryPolicy {
  const ofTopic = topicPolicy === undefined ? {} : readRetryPolicy(topicPolicy, 'topic');
  const mayOverride = topicPolicy === undefined || !forbidsOverrides(topicPolicy);
  const ofSubscription = own === undefined || !mayOverride ? {} : readRetryPolicy(own, 'subscription');
  return { ...HTTP_RETRIES, ...ofTopic, ...ofSubscription };
}

function forbidsOverrides(topicPolicy: string): boolean {
  const { http } = parseObject(topicPolicy);
  return isObject(http) && http.disableSubscriptionOverrides === true;
}
