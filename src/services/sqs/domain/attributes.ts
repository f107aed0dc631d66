// A queue's attributes: which exist, which values they take, and their defaults. Pure.

import {
  invalidAttributeValue,
  limitNeedsScope,
  outsideOf,
  queueTypeIsFixed,
  unknownAttribute,
} from '../faults.ts';
import type { Queue } from './model.ts';
import { readRedriveAllowPolicy, readRedrivePolicy } from './redrive.ts';

/** AWS: the most bytes of a message and of a batch, 1 MiB since August 2025. */
export const LONGEST_MESSAGE = 1_048_576;

/** AWS: twelve hours; also the most that a message can be hidden after it was received. */
export const LONGEST_VISIBILITY_SECONDS = 43_200;

/** Integer attributes with minimum, maximum and default, as CreateQueue's reference documents them. */
const NUMBERS: Readonly<Record<string, [least: number, most: number, fallback: number]>> = {
  DelaySeconds: [0, 900, 0],
  MaximumMessageSize: [1_024, LONGEST_MESSAGE, LONGEST_MESSAGE],
  MessageRetentionPeriod: [60, 1_209_600, 345_600],
  ReceiveMessageWaitTimeSeconds: [0, 20, 0],
  VisibilityTimeout: [0, LONGEST_VISIBILITY_SECONDS, 30],
};
const KEY_REUSE: [number, number, number] = [60, 86_400, 300];

/** Attributes of FIFO queues only, with their values; the first is the default. */
const FIFO: Readonly<Record<string, readonly [string, string]>> = {
  ContentBasedDeduplication: ['false', 'true'],
  DeduplicationScope: ['queue', 'messageGroup'],
  FifoThroughputLimit: ['perQueue', 'perMessageGroupId'],
};

/** Attributes that are derived and cannot be set. */
const COMPUTED = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesDelayed',
  'ApproximateNumberOfMessagesNotVisible',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
  'QueueArn',
] as const;

type Reader = (value: string) => string;

const READERS: Readonly<Record<string, Reader>> = {
  ...Object.fromEntries(
    Object.entries({ ...NUMBERS, KmsDataKeyReusePeriodSeconds: KEY_REUSE }).map(([name, [least, most]]) => [
      name,
      (value: string) => {
        const number = Number(value);
        if (!/^\d{1,9}$/.test(value) || number < least || number > most) throw invalidAttributeValue(name);
        return String(number);
      },
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(FIFO).map(([name, values]) => [
      name,
      (value: string) => {
        if (!values.includes(value)) throw invalidAttributeValue(name);
        return value;
      },
    ]),
  ),
  KmsMasterKeyId: (value) => value,
  Policy: (value) => {
    if (!isJsonObject(value)) throw invalidAttributeValue('Policy');
    return value;
  },
  RedrivePolicy: (value) => JSON.stringify(readRedrivePolicy(value)),
  RedriveAllowPolicy: (value) => JSON.stringify(readRedriveAllowPolicy(value)),
  SqsManagedSseEnabled: (value) => {
    if (value !== 'true' && value !== 'false') throw invalidAttributeValue('SqsManagedSseEnabled');
    return value;
  },
};

/** AWS: the most characters of a policy; no other attribute needs as many. */
const LONGEST_VALUE = 8_192;

/** Attributes that an empty value resets to their default. */
const CLEARED_BY_EMPTY = new Set(['KmsMasterKeyId', 'Policy', 'RedriveAllowPolicy', 'RedrivePolicy']);

/**
 * Validates the given attributes and returns the present ones with them. Throws InvalidAttributeName,
 * InvalidAttributeValue. AWS: a queue is a FIFO queue if FifoQueue is `true`; no other value is taken, and it stays one.
 */
export function withAttributes(
  present: Readonly<Record<string, string>>,
  given: Readonly<Record<string, string>>,
  isFifo: boolean,
): Record<string, string> {
  const after = { ...present };
  for (const [name, value] of Object.entries(given)) {
    if (name === 'FifoQueue' && isFifo) after.FifoQueue = fifoQueueOf(value);
    else {
      const isOfThisType = isFifo || !Object.hasOwn(FIFO, name);
      const read = Object.hasOwn(READERS, name) && isOfThisType ? READERS[name] : undefined;
      if (!read) throw unknownAttribute(name);
      if (value.length > LONGEST_VALUE) throw invalidAttributeValue(name);
      if (value === '' && CLEARED_BY_EMPTY.has(name)) delete after[name];
      else after[name] = read(value);
    }
  }
  if (after.FifoThroughputLimit === 'perMessageGroupId' && after.DeduplicationScope !== 'messageGroup') {
    throw limitNeedsScope();
  }
  return after;
}

function fifoQueueOf(value: string): string {
  if (value !== 'true') throw queueTypeIsFixed();
  return value;
}

/** Throws InvalidParameterValue for a visibility timeout, in seconds, that no message can have. */
export function checkVisibilityTimeout(seconds: number): void {
  if (seconds < 0 || seconds > LONGEST_VISIBILITY_SECONDS) {
    throw outsideOf('VisibilityTimeout', seconds, 0, LONGEST_VISIBILITY_SECONDS);
  }
}

/** The value of an attribute, or its default: seconds, or bytes. */
export function numberOf(
  { attributes }: Pick<Queue, 'attributes'>,
  name:
    | 'DelaySeconds'
    | 'MaximumMessageSize'
    | 'MessageRetentionPeriod'
    | 'ReceiveMessageWaitTimeSeconds'
    | 'VisibilityTimeout',
): number {
  return Number(attributes[name] ?? NUMBERS[name]![2]);
}

/** All attributes that are set or have a default. AWS: a queue has one kind of encryption at a time. */
export function effectiveAttributes({ attributes }: Pick<Queue, 'attributes'>): Record<string, string> {
  const defaults = Object.entries(NUMBERS).map(([name, [, , value]]) => [name, String(value)]);
  const ofFifo =
    attributes.FifoQueue === undefined ? [] : Object.entries(FIFO).map(([name, [value]]) => [name, value]);
  const isKms = attributes.KmsMasterKeyId !== undefined;
  return {
    ...Object.fromEntries([...defaults, ...ofFifo]),
    ...(isKms && { KmsDataKeyReusePeriodSeconds: String(KEY_REUSE[2]) }),
    SqsManagedSseEnabled: String(!isKms),
    ...attributes,
  };
}

/** The attributes that a request names; `All` selects all. Throws InvalidAttributeName. */
export function selected(
  all: Readonly<Record<string, string>>,
  names: readonly string[] | undefined,
): Record<string, string> {
  const wanted = new Set(names);
  for (const name of wanted) {
    const isKnown =
      name === 'All' ||
      name === 'FifoQueue' ||
      Object.hasOwn(READERS, name) ||
      (COMPUTED as readonly string[]).includes(name);
    if (!isKnown) throw unknownAttribute(name);
  }
  return Object.fromEntries(Object.entries(all).filter(([name]) => wanted.has('All') || wanted.has(name)));
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
