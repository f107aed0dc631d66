// The rules of filters: which conditions must hold, at which keys, and which alternatives there are. A rule is parsed and
// validated once, and then applied to attributes or to JSON. Pure.

import {
  type Condition,
  InvalidFilter,
  isPrimitive,
  type Primitive,
  readCondition,
} from './filter-conditions.ts';

const DEEPEST = 20;
const DEEPEST_ARRAY = 100;

/** The test of one object: all conditions must hold, and one alternative of every `$or`. */
export interface Rule {
  conditions: [key: string, values: Condition[]][];
  nested: [key: string, rule: Rule][];
  either: Rule[][];
}

type Json = Record<string, unknown>;
/** Whether a JSON value is an object. */
export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a filter may contain. */
export interface RuleLimits {
  /** Conditions are at the top only; a deeper one is refused with this sentence. */
  notNested?: string;
  /** Operators that are refused. */
  without?: readonly string[];
}

/** A rule with the counts that AWS limits. */
export interface ReadRule {
  rule: Rule;
  keys: number;
  /** The product of the numbers of alternatives, each times its depth. */
  combinations: number;
}

/** Parses and validates a filter. Throws an InvalidFilter. */
export function readRule(filter: Json, limits: RuleLimits = {}): ReadRule {
  const budget = { keys: 0, combinations: 1 };
  return { rule: ruleAt(filter, limits, budget, 1), ...budget };
}

function ruleAt(
  filter: Json,
  limits: RuleLimits,
  budget: { keys: number; combinations: number },
  depth: number,
): Rule {
  if (depth > DEEPEST) throw new InvalidFilter('Filter policy is nested too deeply');
  const rule: Rule = { conditions: [], nested: [], either: [] };
  for (const [key, value] of Object.entries(filter)) {
    if (isAlternatives(key, value)) {
      let combinations = 0;
      rule.either.push(
        value.map((one) => {
          const own = { keys: 0, combinations: 1 };
          const alternative = ruleAt(one, limits, own, depth + 1);
          budget.keys += own.keys;
          combinations += own.combinations;
          return alternative;
        }),
      );
      budget.combinations *= combinations;
    } else if (Array.isArray(value)) {
      if (value.length === 0) throw new InvalidFilter('Empty arrays are not allowed');
      budget.keys += 1;
      budget.combinations *= value.length * depth;
      rule.conditions.push([key, value.map((one) => readCondition(one, limits.without))]);
    } else if (isObject(value)) {
      if (limits.notNested !== undefined) throw new InvalidFilter(limits.notNested);
      if (Object.keys(value).length === 0) throw new InvalidFilter('Empty objects are not allowed');
      rule.nested.push([key, ruleAt(value, limits, budget, depth + 1)]);
    } else {
      throw new InvalidFilter(`"${key.slice(0, 100)}" must be an object or an array`);
    }
  }
  return rule;
}

/** AWS: `$or` is an operator only if it lists at least two objects. Otherwise it is an ordinary key. */
const isAlternatives = (key: string, value: unknown): value is Json[] =>
  key === '$or' && Array.isArray(value) && value.length > 1 && value.every(isObject);

/** Whether a rule holds for the values under keys. */
export function holdsFor(rule: Rule, valuesOf: (key: string) => Primitive[]): boolean {
  return (
    rule.conditions.every(([key, anyOf]) => anyOf.some((holds) => holds(valuesOf(key)))) &&
    rule.either.every((alternatives) => alternatives.some((one) => holdsFor(one, valuesOf)))
  );
}

/** Whether a rule holds for a JSON value. `arrays` is the number of arrays around it. */
export function holdsIn(rule: Rule, value: unknown, arrays = 0): boolean {
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
