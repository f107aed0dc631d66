// Filter policies decide which messages a subscription receives, by message attributes or by the body. A policy is
// parsed and validated once, and then applied to messages. Pure.

import type { Message } from '../domain/model.ts';
import { type Condition, invalidPolicy, isPrimitive, type Primitive, readCondition } from './conditions.ts';

/** What a filter policy looks at; the subscription's FilterPolicyScope. */
export type FilterScope = 'MessageAttributes' | 'MessageBody';

const MOST_KEYS = 5;
const MOST_COMBINATIONS = 150;
const DEEPEST = 20;
const DEEPEST_ARRAY = 100;

/** The test of one object: all conditions must hold, and one alternative of every `$or`. */
interface Rule {
  conditions: [key: string, values: Condition[]][];
  nested: [key: string, rule: Rule][];
  either: Rule[][];
}

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
  const budget = { keys: 0, combinations: 1 };
  const rule = readRule(policy, scope === 'MessageBody', budget, 1);
  if (budget.keys > MOST_KEYS) throw invalidPolicy('Filter policy can not have more than 5 keys');
  if (budget.combinations > MOST_COMBINATIONS) throw invalidPolicy('Filter policy is too complex');
  if (scope === 'MessageAttributes') {
    return ({ attributes }) => holdsFor(rule, (key) => attributeValues(attributes, key));
  }
  return (_message, body) => {
    const parsed = parseBody(body);
    return isObject(parsed) && holdsIn(rule, parsed, 0);
  };
}

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function readRule(
  policy: Json,
  mayNest: boolean,
  budget: { keys: number; combinations: number },
  depth: number,
): Rule {
  if (depth > DEEPEST) throw invalidPolicy('Filter policy is nested too deeply');
  const rule: Rule = { conditions: [], nested: [], either: [] };
  for (const [key, value] of Object.entries(policy)) {
    if (isAlternatives(key, value)) {
      let combinations = 0;
      rule.either.push(
        value.map((one) => {
          const own = { keys: 0, combinations: 1 };
          const alternative = readRule(one, mayNest, own, depth + 1);
          budget.keys += own.keys;
          combinations += own.combinations;
          return alternative;
        }),
      );
      budget.combinations *= combinations;
    } else if (Array.isArray(value)) {
      if (value.length === 0) throw invalidPolicy('Empty arrays are not allowed');
      budget.keys += 1;
      budget.combinations *= value.length * depth;
      rule.conditions.push([key, value.map(readCondition)]);
    } else if (isObject(value)) {
      if (!mayNest) {
        throw invalidPolicy('Filter policy scope MessageAttributes does not support nested filter policy');
      }
      if (Object.keys(value).length === 0) throw invalidPolicy('Empty objects are not allowed');
      rule.nested.push([key, readRule(value, mayNest, budget, depth + 1)]);
    } else {
      throw invalidPolicy(`"${key.slice(0, 100)}" must be an object or an array`);
    }
  }
  return rule;
}

/** AWS: `$or` is an operator only if it lists at least two objects. Otherwise it is an ordinary key. */
const isAlternatives = (key: string, value: unknown): value is Json[] =>
  key === '$or' && Array.isArray(value) && value.length > 1 && value.every(isObject);

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

function holdsFor(rule: Rule, valuesOf: (key: string) => Primitive[]): boolean {
  return (
    rule.conditions.every(([key, anyOf]) => anyOf.some((holds) => holds(valuesOf(key)))) &&
    rule.either.every((alternatives) => alternatives.some((one) => holdsFor(one, valuesOf)))
  );
}

/** `arrays` is the number of arrays around the value. */
function holdsIn(rule: Rule, value: unknown, arrays: number): boolean {
  if (Array.isArray(value)) {
    // A single element must satisfy the whole rule.
    return arrays < DEEPEST_ARRAY && value.some((element) => holdsIn(rule, element, arrays + 1));
  }
  if (!isObject(value)) return false;
  const at = (key: string) => (Object.hasOwn(value, key) ? value[key] : undefined);
  return (
    rule.conditions.every(([key, anyOf]) => {
      const candidates = leavesOf(at(key), 0);
      return anyOf.some((holds) => holds(candidates));
    }) &&
    rule.nested.every(([key, inner]) => holdsIn(inner, at(key) ?? {}, arrays)) &&
    rule.either.every((alternatives) => alternatives.some((one) => holdsIn(one, value, arrays)))
  );
}

function leavesOf(value: unknown, arrays: number): Primitive[] {
  if (isPrimitive(value)) return [value];
  if (!Array.isArray(value) || arrays >= DEEPEST_ARRAY) return [];
  return value.flatMap((element) => leavesOf(element, arrays + 1));
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
