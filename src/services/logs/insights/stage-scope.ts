// The names of a stage: the fields of its rows, and those that its commands define (`fields … as`, `parse`). What a
// command defines is computed when it is read, once for each row.

import { type Compiled, compile, memberOf, type Scope } from './language/compile.ts';
import { MalformedQuery } from './language/malformed.ts';
import { compiled, globExpression, groupsOf } from './language/regular-expression.ts';
import type { Column, Command, Expression } from './language/syntax.ts';
import { textOf, type Value } from './language/values.ts';
import type { Rows } from './rows.ts';

/** Resolves names for the expressions of one stage. */
export class StageScope implements Scope {
  readonly now: number;
  readonly #rows: Rows;
  readonly #query: string;
  readonly #defined = new Map<string, Compiled>();

  constructor(rows: Rows, { query, now }: { query: string; now: number }) {
    this.#rows = rows;
    this.#query = query;
    this.now = now;
  }

  compile(expression: Expression): Compiled {
    return compile(expression, this);
  }

  /** `map.member` finds the member of a map that a command defined. */
  field(name: string): Compiled {
    const defined = this.#defined.get(name);
    if (defined) return defined;
    for (let dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
      const map = this.#defined.get(name.slice(0, dot));
      if (!map) continue;
      const keys = name.slice(dot + 1).split('.');
      return { read: (row) => keys.reduce<Value>(memberOf, map.read(row)) };
    }
    return this.#rows.field(name);
  }

  /** After `stats` its columns can be meant by their text. */
  aggregate(call: Extract<Expression, { kind: 'call' }>): Compiled {
    const { start, end } = call.place;
    const column = this.#rows.named(this.#query.slice(start, end));
    if (column) return column;
    throw new MalformedQuery(`The function ${call.name} can only be used in stats.`, call.place);
  }

  /** Defines the columns that are more than a field. */
  define(columns: readonly Column[]): void {
    for (const { expression, name } of columns) {
      if (expression.kind === 'field' && expression.name === name) continue;
      const { read, isTime } = this.compile(expression);
      this.#defined.set(name, { read: this.#once(read), isTime: isTime === true });
    }
  }

  /** Defines the fields of `parse`. A message that does not match has none of them. */
  defineParsed(command: Extract<Command, { kind: 'parse' }>): void {
    const pattern = command.pattern ?? globExpression(command.glob!, command.place);
    const expression = compiled(pattern);
    const groups = groupsOf(pattern);
    const { read } = this.compile(command.field);
    const match = this.#once((row): RegExpExecArray | undefined => {
      const value = read(row);
      return value === undefined ? undefined : (expression.exec(textOf(value)) ?? undefined);
    });
    // Groups without a name are taken in order.
    const isByOrder = command.pattern === undefined || groups.every((name) => name === undefined);
    for (const [index, name] of command.names.entries()) {
      const named = isByOrder ? -1 : groups.indexOf(name);
      const group = 1 + (named >= 0 ? named : index);
      this.#defined.set(name, { read: (row) => match(row)?.[group] });
    }
  }

  /** Remembers the value of the present row. */
  #once<T>(read: (row: number) => T): (row: number) => T {
    let last = -1;
    let value: T;
    this.#rows.onBatch(() => {
      last = -1;
    });
    return (row) => {
      if (row !== last) {
        value = read(row);
        last = row;
      }
      return value;
    };
  }
}
