// Puts a request's names and values into a parsed update, and checks its operands. Pure.

import {
  pathRequired,
  wrongOperandCount,
  wrongOperandType,
  wrongSectionOperand,
} from '../../faults/expressions.ts';
import type { Path } from '../paths.ts';
import { type Action, type Assigned, Update } from '../update.ts';
import { type TypeName, typeOf, type Value } from '../values.ts';
import { distinctPaths } from './bind-paths.ts';
import type { Placeholders } from './placeholders.ts';
import type { ActionSyntax, AssignedSyntax, CallSyntax, ParsedUpdate, PathSyntax } from './syntax.ts';

/** AWS: the names of types in errors of ADD and DELETE. */
const LONG_TYPES: Readonly<Partial<Record<TypeName, string>>> = {
  S: 'STRING',
  N: 'NUMBER',
  B: 'BINARY',
  NULL: 'NULL',
  BOOL: 'BOOLEAN',
  L: 'LIST',
  M: 'MAP',
};

/**
 * Throws ExpressionProblem. AWS looks through the whole expression for one kind of problem after the other: undefined
 * names, undefined values, paths that overlap, paths that conflict, operands of ADD and DELETE, functions.
 */
export function bindUpdate({ actions }: ParsedUpdate, placeholders: Placeholders): Update {
  return new UpdateBinder(placeholders).update(actions);
}

const NO_PATH: Path = [''];
const NO_VALUE: Value = { NULL: true };

class UpdateBinder {
  readonly #placeholders: Placeholders;
  readonly #paths: Path[] = [];
  #undefinedName: unknown;
  #undefinedValue: unknown;
  #wrongSection: Error | undefined;
  #wrongFunction: Error | undefined;

  constructor(placeholders: Placeholders) {
    this.#placeholders = placeholders;
  }

  update(syntax: readonly ActionSyntax[]): Update {
    const actions = syntax.map((one) => this.#action(one));
    if (this.#undefinedName) throw this.#undefinedName;
    if (this.#undefinedValue) throw this.#undefinedValue;
    const targets = distinctPaths(actions.map(({ path }) => path));
    const wrong = this.#wrongSection ?? this.#wrongFunction;
    if (wrong) throw wrong;
    return new Update({ actions, targets, paths: this.#paths, isLegacy: false });
  }

  #action(syntax: ActionSyntax): Action {
    const path = this.#path(syntax.path);
    if (syntax.kind === 'REMOVE') return { kind: 'REMOVE', path };
    if (syntax.kind === 'SET') {
      const value = this.#assigned(syntax.value);
      return { kind: 'SET', path, value, type: knownType(value) };
    }
    const value = this.#value(syntax.value.name);
    const type = typeOf(value);
    const isNumber = syntax.kind === 'ADD' && type === 'N';
    const name = LONG_TYPES[type];
    if (name && !isNumber) this.#wrongSection ??= wrongSectionOperand(syntax.kind, name);
    return { kind: syntax.kind, path, value };
  }

  #assigned(syntax: AssignedSyntax): Assigned {
    switch (syntax.kind) {
      case 'path':
        return { kind: 'path', path: this.#path(syntax) };
      case 'value':
        return { kind: 'value', value: this.#value(syntax.name) };
      case 'call':
        return this.#call(syntax);
      default: {
        const left = this.#assigned(syntax.left);
        const right = this.#assigned(syntax.right);
        for (const operand of [left, right]) this.#checkValue(syntax.operator, 'N', operand);
        return { kind: 'sum', isMinus: syntax.operator === '-', left, right };
      }
    }
  }

  #call({ name, arguments: given }: CallSyntax): Assigned {
    const operands = given.map((one) => this.#assigned(one));
    if (operands.length !== 2) this.#wrongFunction ??= wrongOperandCount(name, operands.length);
    const [left, right = left] = operands as [Assigned, Assigned?];
    if (name === 'if_not_exists') {
      if (left.kind !== 'path') this.#wrongFunction ??= pathRequired(name);
      return { kind: 'if_not_exists', path: left.kind === 'path' ? left.path : NO_PATH, otherwise: right };
    }
    for (const operand of [left, right]) this.#checkValue(name, 'L', operand);
    return { kind: 'list_append', left, right };
  }

  /** AWS: only values are checked; what is read from the item, and results of functions, are not. */
  #checkValue(name: string, wanted: TypeName, operand: Assigned): void {
    if (operand.kind !== 'value') return;
    const type = typeOf(operand.value);
    if (type !== wanted) this.#wrongFunction ??= wrongOperandType(name, type);
  }

  #path(syntax: PathSyntax): Path {
    try {
      const path = this.#placeholders.path(syntax);
      this.#paths.push(path);
      return path;
    } catch (error) {
      this.#undefinedName ??= error;
      return NO_PATH;
    }
  }

  #value(name: string): Value {
    try {
      return this.#placeholders.value(name);
    } catch (error) {
      this.#undefinedValue ??= error;
      return NO_VALUE;
    }
  }
}

/** The type that is assigned, as far as it does not depend on the item. AWS: if_not_exists has that of its value. */
function knownType(source: Assigned): TypeName | undefined {
  switch (source.kind) {
    case 'value':
      return typeOf(source.value);
    case 'sum':
      return 'N';
    case 'list_append':
      return 'L';
    case 'if_not_exists':
      return knownType(source.otherwise);
    default:
      return undefined;
  }
}
