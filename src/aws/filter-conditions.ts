// One condition of a filter: a value, or an operator with its operand. A condition is parsed and validated once, and then
// applied to candidates. Subscriptions of topics and event source mappings have the same conditions. Pure.

import { BlockList, isIP } from 'node:net';

/** A JSON value that is neither an object nor an array. */
export type Primitive = string | number | boolean | null;
/** Whether the values under a key satisfy the condition. The list is empty if the key is absent. */
export type Condition = (candidates: readonly Primitive[]) => boolean;

/** A filter that is not valid; the message is a sentence of AWS's. */
export class InvalidFilter extends Error {
  override readonly name = 'InvalidFilter';
}

type Test = (candidate: Primitive) => boolean;

const anyOf =
  (test: Test): Condition =>
  (candidates) =>
    candidates.some(test);

const ofText =
  (test: (text: string) => boolean): Test =>
  (candidate) =>
    typeof candidate === 'string' && test(candidate);

const equals =
  (wanted: Primitive): Test =>
  (candidate) =>
    candidate === wanted;

const OPERATORS: Record<string, (operand: unknown) => Condition> = {
  prefix: (operand) => anyOf(prefix(operand)),
  suffix: (operand) => anyOf(suffix(operand)),
  'equals-ignore-case': (operand) => anyOf(equalsIgnoreCase(operand)),
  'anything-but': (operand) => anyOf(anythingBut(operand)),
  numeric: (operand) => anyOf(numeric(operand)),
  cidr: (operand) => anyOf(cidr(operand)),
  exists: (operand) => {
    if (typeof operand !== 'boolean')
      throw new InvalidFilter('exists match pattern must be either true or false.');
    return (candidates) => candidates.length > 0 === operand;
  },
};

/** Parses one condition. Operators in `without` are refused. Throws an InvalidFilter. */
export function readCondition(given: unknown, without: readonly string[] = []): Condition {
  if (isPrimitive(given)) return anyOf(equals(given));
  if (typeof given !== 'object' || Array.isArray(given)) {
    throw new InvalidFilter('Match value must be String, number, true, false, or null');
  }
  const entries = Object.entries(given as object);
  if (entries.length !== 1) throw new InvalidFilter('Only one key allowed in match expression');
  const [name, operand] = entries[0]!;
  if (without.includes(name)) throw new InvalidFilter(`Match type ${name} is not supported here`);
  const read = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  if (!read) throw new InvalidFilter(`Unrecognized match type ${name.slice(0, 100)}`);
  return read(operand);
}

/** Whether a JSON value is neither an object nor an array. */
export const isPrimitive = (value: unknown): value is Primitive =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);

function textOperand(operator: string, operand: unknown): string {
  if (typeof operand !== 'string') throw new InvalidFilter(`${operator} match pattern must be a string`);
  return operand;
}

function prefix(operand: unknown): Test {
  const wanted = textOperand('prefix', operand);
  return ofText((text) => text.startsWith(wanted));
}

function suffix(operand: unknown): Test {
  const wanted = textOperand('suffix', operand);
  return ofText((text) => text.endsWith(wanted));
}

function equalsIgnoreCase(operand: unknown): Test {
  const wanted = textOperand('equals-ignore-case', operand).toLowerCase();
  return ofText((text) => text.toLowerCase() === wanted);
}

function anythingBut(operand: unknown): Test {
  if (typeof operand === 'object' && operand !== null && !Array.isArray(operand)) {
    const entries = Object.entries(operand);
    const [name, inner] = entries[0] ?? [];
    if (entries.length !== 1 || (name !== 'prefix' && name !== 'suffix')) {
      throw new InvalidFilter('Unsupported anything-but pattern.');
    }
    const test = name === 'prefix' ? prefix(inner) : suffix(inner);
    return (candidate) => !test(candidate);
  }
  const unwanted = Array.isArray(operand) ? operand : [operand];
  if (unwanted.length === 0) throw new InvalidFilter('Value of anything-but must not be empty');
  const kinds = new Set(unwanted.map((one) => typeof one));
  if (kinds.size > 1 || !(kinds.has('string') || kinds.has('number'))) {
    throw new InvalidFilter('Value of anything-but must be an array or single string/number value.');
  }
  const set = new Set<Primitive>(unwanted);
  return (candidate) => !set.has(candidate);
}

const COMPARISONS: Record<string, (value: number, bound: number) => boolean> = {
  '=': (value, bound) => value === bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
};

function numeric(operand: unknown): Test {
  if (!Array.isArray(operand) || operand.length === 0 || operand.length % 2 !== 0 || operand.length > 4) {
    throw new InvalidFilter('Invalid member in numeric match: a comparison and a number, or two of each.');
  }
  const tests: { operator: string; bound: number }[] = [];
  for (let at = 0; at < operand.length; at += 2) {
    const [operator, bound] = [operand[at], operand[at + 1]];
    if (typeof operator !== 'string' || !Object.hasOwn(COMPARISONS, operator)) {
      throw new InvalidFilter(`Unrecognized numeric range operator: ${String(operator).slice(0, 100)}`);
    }
    if (typeof bound !== 'number') throw new InvalidFilter(`Value of ${operator} must be numeric`);
    tests.push({ operator, bound });
  }
  const [low, high] = tests;
  if (
    high &&
    (!low!.operator.startsWith('>') || !high.operator.startsWith('<') || high.bound <= low!.bound)
  ) {
    throw new InvalidFilter('Bottom must be less than top');
  }
  return (candidate) =>
    typeof candidate === 'number' &&
    tests.every(({ operator, bound }) => COMPARISONS[operator]!(candidate, bound));
}

function cidr(operand: unknown): Test {
  const [address = '', length, ...rest] = textOperand('cidr', operand).split('/');
  const version = isIP(address);
  const bits = version === 6 ? 128 : 32;
  if (version === 0 || rest.length > 0 || !/^\d{1,3}$/.test(length ?? '') || Number(length) > bits) {
    throw new InvalidFilter('Malformed CIDR, one / is required');
  }
  const block = new BlockList();
  block.addSubnet(address, Number(length), version === 6 ? 'ipv6' : 'ipv4');
  return ofText((text) => {
    const given = isIP(text);
    return given !== 0 && block.check(text, given === 6 ? 'ipv6' : 'ipv4');
  });
}
