// Puts a request's names and values into a parsed condition, and checks its operands. Pure.
//
// AWS checks one comparison or function after the other, and in each: undefined placeholders, then the number of
// operands, then that the first operand is not repeated, then the types.

import {
  betweenBounds,
  betweenTypes,
  operandsNotDistinct,
  pathRequired,
  tooManyInOperands,
  unknownTypeName,
  wrongOperandCount,
  wrongOperandType,
} from '../../faults/expressions.ts';
import { compare } from '../comparison.ts';
import { Condition, type Operand, type Test } from '../condition.ts';
import { type Path, pathText } from '../paths.ts';
import { type AnyValue, type TypeName, typeOf, type Value } from '../values.ts';
import type { Placeholders } from './placeholders.ts';
import type { CallSyntax, ConditionSyntax, OperandSyntax } from './syntax.ts';

const OPERAND_COUNTS: Readonly<Record<string, number>> = {
  attribute_exists: 1,
  attribute_not_exists: 1,
  attribute_type: 2,
  begins_with: 2,
  contains: 2,
  size: 1,
};
const TYPE_NAMES: readonly string[] = ['S', 'N', 'B', 'NULL', 'SS', 'BOOL', 'L', 'BS', 'NS', 'M'];
/** AWS: how a type is shown that a path may have. */
const ANY_TYPE = '{NS,SS,L,BS,N,M,B,BOOL,NULL,S}';
const ORDERED: readonly string[] = ['S', 'N', 'B'];
const WITHOUT_SIZE: readonly string[] = ['N', 'BOOL', 'NULL'];
/** AWS: the most values of IN. */
const MOST_IN_OPERANDS = 100;

/** Throws ExpressionProblem. */
export function bindCondition(syntax: ConditionSyntax, placeholders: Placeholders): Condition {
  const binder = new ConditionBinder(placeholders);
  return new Condition(binder.test(syntax), binder.paths);
}

/** An operand whose calls are not yet checked. */
type Bound = Exclude<Operand, { kind: 'size' }> | BoundCall;
interface BoundCall {
  kind: 'call';
  name: string;
  arguments: readonly Bound[];
}

class ConditionBinder {
  readonly paths: Path[] = [];
  readonly #placeholders: Placeholders;

  constructor(placeholders: Placeholders) {
    this.#placeholders = placeholders;
  }

  test(syntax: ConditionSyntax): Test {
    switch (syntax.kind) {
      case 'and':
      case 'or':
        return { kind: syntax.kind, parts: syntax.parts.map((part) => this.test(part)) };
      case 'not':
        return { kind: 'not', part: this.test(syntax.part) };
      case 'compare': {
        const { operator } = syntax;
        const operands = [syntax.left, syntax.right].map((one) => this.#bound(one));
        checkOperands(operator, operands);
        if (operator !== '=' && operator !== '<>') checkOrdered(operator, operands);
        return { kind: 'compare', operator, left: operandOf(operands[0]!), right: operandOf(operands[1]!) };
      }
      case 'between': {
        const operands = [syntax.operand, syntax.lower, syntax.upper].map((one) => this.#bound(one));
        checkOperands('BETWEEN', operands);
        checkOrdered('BETWEEN', operands);
        checkBounds(operands[1]!, operands[2]!);
        const [operand, lower, upper] = operands.map(operandOf);
        return { kind: 'between', operand: operand!, lower: lower!, upper: upper! };
      }
      case 'in': {
        const operand = this.#bound(syntax.operand);
        const list = syntax.list.map((one) => this.#bound(one));
        if (list.length > MOST_IN_OPERANDS) throw tooManyInOperands(list.length);
        checkOperands('IN', [operand, ...list]);
        return { kind: 'in', operand: operandOf(operand), list: list.map(operandOf) };
      }
      default:
        return this.#function(syntax);
    }
  }

  #function(syntax: CallSyntax): Test {
    const call = this.#bound(syntax) as BoundCall;
    checkCounts(call);
    checkDistinct(call);
    checkTypes(call);
    const [first, second] = call.arguments;
    switch (call.name) {
      case 'attribute_exists':
        return { kind: 'exists', path: (first as { path: Path }).path };
      case 'attribute_not_exists':
        return { kind: 'absent', path: (first as { path: Path }).path };
      case 'attribute_type': {
        const { value } = second as { value: { S: TypeName } };
        return { kind: 'type', operand: operandOf(first!), type: value.S };
      }
      default: {
        const kind = call.name === 'contains' ? 'contains' : 'begins';
        return { kind, operand: operandOf(first!), part: operandOf(second!) };
      }
    }
  }

  #bound(syntax: OperandSyntax): Bound {
    if (syntax.kind === 'value') return { kind: 'value', value: this.#placeholders.value(syntax.name) };
    if (syntax.kind === 'call') {
      return { kind: 'call', name: syntax.name, arguments: syntax.arguments.map((one) => this.#bound(one)) };
    }
    const path = this.#placeholders.path(syntax);
    this.paths.push(path);
    return { kind: 'path', path };
  }
}

/** Checks the operands of an operator, apart from its own types. */
function checkOperands(operator: string, operands: readonly Bound[]): void {
  for (const operand of operands) checkCounts(operand);
  for (const operand of operands) checkDistinct(operand);
  checkFirstIsDistinct(operator, operands);
  for (const operand of operands) checkTypes(operand);
}

function checkCounts(operand: Bound): void {
  if (operand.kind !== 'call') return;
  const { name, arguments: given } = operand;
  given.forEach(checkCounts);
  if (OPERAND_COUNTS[name] !== given.length) throw wrongOperandCount(name, given.length);
}

function checkDistinct(operand: Bound): void {
  if (operand.kind !== 'call') return;
  operand.arguments.forEach(checkDistinct);
  checkFirstIsDistinct(operand.name, operand.arguments);
}

function checkFirstIsDistinct(operator: string, [first, ...others]: readonly Bound[]): void {
  if (first?.kind !== 'path') return;
  for (const other of others) {
    if (other.kind !== 'path' || other.path.length !== first.path.length) continue;
    if (other.path.every((step, index) => step === first.path[index])) {
      throw operandsNotDistinct(operator, pathText(first.path));
    }
  }
}

function checkTypes(operand: Bound): void {
  if (operand.kind !== 'call') return;
  const { name, arguments: given } = operand;
  given.forEach(checkTypes);
  switch (name) {
    case 'attribute_exists':
    case 'attribute_not_exists':
      if (given[0]!.kind !== 'path') throw pathRequired(name);
      return;
    case 'attribute_type':
      checkTypeName(given[1]!);
      return;
    case 'begins_with':
      for (const one of given) {
        const type = knownType(one);
        if (type && type !== 'S' && type !== 'B') throw wrongOperandType(name, type);
      }
      return;
    case 'size': {
      const type = knownType(given[0]!);
      if (type && WITHOUT_SIZE.includes(type)) throw wrongOperandType(name, type);
    }
  }
}

/** AWS: the second operand of attribute_type is a value, and one of the types. */
function checkTypeName(operand: Bound): void {
  const type = knownType(operand);
  if (type !== 'S' || operand.kind !== 'value') throw wrongOperandType('attribute_type', type ?? ANY_TYPE);
  const name = (operand.value as AnyValue).S!;
  if (!TYPE_NAMES.includes(name)) throw unknownTypeName(name.slice(0, 1_000));
}

function checkOrdered(operator: string, operands: readonly Bound[]): void {
  for (const operand of operands) {
    const type = knownType(operand);
    if (type && !ORDERED.includes(type)) throw wrongOperandType(operator, type);
  }
}

/** AWS: only bounds that are both values are compared. */
function checkBounds(lower: Bound, upper: Bound): void {
  if (lower.kind !== 'value' || upper.kind !== 'value') return;
  const order = compare(lower.value, upper.value);
  if (order === undefined) throw betweenTypes(shown(lower.value), shown(upper.value));
  if (order > 0) throw betweenBounds(shown(lower.value), shown(upper.value));
}

/** `{S:a}`. AWS: a binary is shown as Java does. */
function shown(value: Value): string {
  const { S, N, B } = value as AnyValue;
  const text = S ?? N ?? `java.nio.HeapByteBuffer[pos=0 lim=${B!.length} cap=${B!.length}]`;
  return `{${typeOf(value)}:${text.slice(0, 1_000)}}`;
}

/** The type that an operand has in every item. */
function knownType(operand: Bound): TypeName | undefined {
  if (operand.kind === 'value') return typeOf(operand.value);
  return operand.kind === 'call' ? 'N' : undefined;
}

/** A checked operand; the only call among operands is `size`. */
const operandOf = (bound: Bound): Operand =>
  bound.kind === 'call' ? { kind: 'size', of: operandOf(bound.arguments[0]!) } : bound;
