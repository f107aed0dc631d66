// Filter policies decide which messages a subscription receives, by message attributes or by the body. A policy is
// parsed and validated once, and then applied to messages. Pure.

import { InvalidFilter, isPrimitive, type Primitive } from '../../../aws/filter-conditions.ts';
import { holdsFor, holdsIn, isObject, readRule } from '../../../aws/filter-rule.ts';
import type { Message } from '../domain/model.ts';
import { invalidParameter } from '../faults.ts';

/** What a filter policy looks at; the subscription's FilterPolicyScope. */
export type FilterScope = 'MessageAttributes' | 'MessageBody';

const MOST_KEYS = 5;
const MOST_COMBINATIONS = 150;

/** InvalidParameter for a filter policy. */
const invalidPolicy = (reason: string) => invalidParameter(`FilterPolicy: ${reason}`);

/** Whether a subscription receives a message. `body` is the text for the subscription's protocol. */
export type Filter = (message: Pick<Message, 'attributes'>, body: string) => boolean;

/** The filter of a subscription with these attributes; `undefined` if it has none. Throws InvalidParameter. */
export const filterIn = ({ FilterPolicy, FilterPolicyScope }: Record<string, string>): Filter | undefined =>
  FilterPolicy === undefined
    ? undefined
    : readFilterPolicy(
        FilterPolicy,
        FilterPolicyScope === 'MessageBody' ? 'MessageBody' : 'MessageAttributes',
      );

/** Parses and validates a filter policy. Throws InvalidParameter. */
export function readFilterPolicy(text: string, scope: FilterScope): Filter {
  let policy: unknown;
  try {
    policy = JSON.parse(text);
  } catch {
    throw invalidPolicy('failed to parse JSON.');
  }
  if (!isObject(policy)) throw invalidPolicy('Filter is not an object');
  const { rule, keys, combinations } = ruleIn(policy, scope);
  if (keys > MOST_KEYS) throw invalidPolicy('Filter policy can not have more than 5 keys');
  if (combinations > MOST_COMBINATIONS) throw invalidPolicy('Filter policy is too complex');
  if (scope === 'MessageAttributes') {
    return ({ attributes }) => holdsFor(rule, (key) => attributeValues(attributes, key));
  }
  return (_message, body) => {
    const parsed = parseBody(body);
    return isObject(parsed) && holdsIn(rule, parsed);
  };
}

function ruleIn(policy: Record<string, unknown>, scope: FilterScope) {
  try {
    return readRule(
      policy,
      scope === 'MessageBody'
        ? {}
        : { notNested: 'Filter policy scope MessageAttributes does not support nested filter policy' },
    );
  } catch (error) {
    throw error instanceof InvalidFilter ? invalidPolicy(error.message) : error;
  }
}

function attributeValues(attributes: Message['attributes'], key: string): Primitive[] {
  const attribute = Object.hasOwn(attributes, key) ? attributes[key] : undefined;
  if (!attribute) return [];
  const { type, value } = attribute;
  if (type === 'String.Array') {
    const parsed = parseBody(value);
    return Array.isArray(parsed) ? parsed.filter(isPrimitive) : [];
  }
  if (type.split('.', 1)[0] === 'Number') return [Number(value)];
  return [value];
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
