// `stats … by …`: collects the rows of each group, and makes one result of each.

import { type Aggregate, aggregateOf, Percentiles } from './language/aggregates.ts';
import { type Compiled, compile, type Read, type Scope } from './language/compile.ts';
import { signatureOf } from './language/functions.ts';
import { MalformedQuery } from './language/malformed.ts';
import type { Command, Expression } from './language/syntax.ts';
import { compareValues, numberOf, textOf, type Value } from './language/values.ts';
import type { Table } from './rows.ts';
import { ownValue, type StageScope } from './stage-scope.ts';

type Stats = Extract<Command, { kind: 'stats' }>;
type Call = Extract<Expression, { kind: 'call' }>;

interface Group {
  by: Value[];
  aggregates: Aggregate[];
  percentiles: Percentiles[];
}

/** Something that each group collects; equal ones are collected once. */
interface Collected {
  read: Read;
  isTime: boolean;
}

/** Collects rows, and then results in a table: one row for each group. */
export class Grouping {
  readonly #stats: Stats;
  readonly #query: string;
  readonly #scope: StageScope;
  readonly #timeOf: Read;
  readonly #by: readonly Compiled[];
  readonly #aggregates = new Map<string, Collected & { name: string }>();
  readonly #percentiles = new Map<string, Collected>();
  readonly #groups = new Map<Value, Group>();
  readonly #columns: readonly Compiled[];
  #list: Group[] = [];
  #slots: readonly (Collected & { name: string })[] = [];
  #numbers: readonly Collected[] = [];

  constructor(stats: Stats, query: string, scope: StageScope) {
    this.#stats = stats;
    this.#query = query;
    this.#scope = scope;
    this.#timeOf = scope.field('@timestamp').read;
    this.#by = stats.by.map(({ expression }) => scope.compile(expression));
    const results: Scope = {
      now: scope.now,
      field: (name) => this.#resultField(name),
      aggregate: (call) => this.#aggregate(call),
    };
    this.#columns = stats.columns.map(({ expression }) => compile(expression, results));
    this.#slots = [...this.#aggregates.values()];
    this.#numbers = [...this.#percentiles.values()];
  }

  add(row: number): void {
    const group = this.#groupOf(row);
    const at = numberOf(this.#timeOf(row));
    for (let index = 0; index < this.#slots.length; index++) {
      group.aggregates[index]!.add(this.#slots[index]!.read(row), at);
    }
    for (let index = 0; index < this.#numbers.length; index++) {
      group.percentiles[index]!.add(this.#numbers[index]!.read(row));
    }
  }

  /** AWS does not say in which order; here times descend, and other values ascend. */
  table(): Table {
    this.#list = [...this.#groups.values()];
    // AWS: without `by` there is a result even when no event matches.
    if (this.#by.length === 0 && this.#list.length === 0) this.#list = [this.#newGroup([])];
    const directions = this.#by.map(({ isTime }) => (isTime ? -1 : 1));
    this.#list.sort((a, b) => {
      for (const [index, direction] of directions.entries()) {
        const order = compareValues(a.by[index], b.by[index]);
        if (order !== 0) return direction * order;
      }
      return 0;
    });
    const columns = [
      ...this.#stats.by.map(({ name }, index) => ({ name, isTime: this.#by[index]!.isTime === true })),
      ...this.#stats.columns.map(({ name }, index) => ({ name, isTime: this.#columns[index]!.isTime === true })),
    ];
    const rows = this.#list.map(({ by }, index) => [...by, ...this.#columns.map(({ read }) => ownValue(read(index)))]);
    return { columns, rows, areEvents: false };
  }

  #groupOf(row: number): Group {
    const by = this.#by;
    const key = by.length === 1 ? by[0]!.read(row) : by.length === 0 ? undefined : this.#joinedKey(row);
    const group = this.#groups.get(typeof key === 'object' ? textOf(key) : key);
    if (group) return group;
    const created = this.#newGroup(by.map(({ read }) => ownValue(read(row))));
    this.#groups.set(typeof key === 'object' ? textOf(key) : (ownValue(key) as Value), created);
    return created;
  }

  #joinedKey(row: number): string {
    let key = '';
    for (const { read } of this.#by) {
      const value = read(row);
      key += value === undefined ? '\u0001\u0000' : `${textOf(value)}\u0000`;
    }
    return key;
  }

  #newGroup(by: Value[]): Group {
    return {
      by,
      aggregates: this.#slots.map(({ name }) => aggregateOf(name)),
      percentiles: this.#numbers.map(() => new Percentiles()),
    };
  }

  /** Outside of aggregates, only what the groups are made by. */
  #resultField(name: string): Compiled {
    const index = this.#stats.by.findIndex((column) => column.name === name);
    if (index >= 0) return { read: (row) => this.#list[row]!.by[index], isTime: this.#by[index]!.isTime === true };
    throw new MalformedQuery(`The field ${name} must be in an aggregation function or in by.`, this.#stats.place);
  }

  #aggregate({ name, arguments: [argument, percent], place }: Call): Compiled {
    const isEvery = !argument || argument.kind === 'star';
    const text = isEvery ? '*' : this.#query.slice(argument.place.start, argument.place.end);
    const collected = (): Collected => {
      if (isEvery) return { read: () => 1, isTime: false };
      const { read, isTime } = this.#scope.compile(argument);
      return { read, isTime: isTime === true && signatureOf(name)!.keepsTime === true };
    };
    if (name === 'pct') {
      if (percent?.kind !== 'literal' || !(Number(percent.value) >= 0 && Number(percent.value) <= 100)) {
        throw new MalformedQuery('The second argument of pct must be a number from 0 to 100.', place);
      }
      const index = indexIn(this.#percentiles, text, collected);
      return { read: (row) => this.#list[row]!.percentiles[index]!.at(Number(percent.value)) };
    }
    const index = indexIn(this.#aggregates, `${name} ${text}`, () => ({ name, ...collected() }));
    const { isTime } = [...this.#aggregates.values()][index]!;
    return { read: (row) => this.#list[row]!.aggregates[index]!.result(), isTime };
  }
}

/** The place of the entry among those of the map; it is added when it is new. */
function indexIn<T>(map: Map<string, T>, key: string, make: () => T): number {
  if (!map.has(key)) map.set(key, make());
  return [...map.keys()].indexOf(key);
}
