// `stats … by …`: collects the rows of each group, and makes one result of each.

import { type Aggregate, aggregateOf, Percentiles } from './language/aggregates.ts';
import { type Compiled, compile, type Read, type Scope } from './language/compile.ts';
import { signatureOf } from './language/functions.ts';
import { MalformedQuery } from './language/malformed.ts';
import { type QueryMemory, sizeOf } from './language/query-memory.ts';
import type { Command, Expression } from './language/syntax.ts';
import { compareValues, keyOf, numberOf, ownValue, textOf, type Value } from './language/values.ts';
import type { Table } from './rows.ts';
import type { StageScope } from './stage-scope.ts';

type Stats = Extract<Command, { kind: 'stats' }>;
type Call = Extract<Expression, { kind: 'call' }>;

/** What is collected of an argument; equal calls share it. */
interface Collected<A> {
  read: Read;
  isTime: boolean;
  into: A;
}

/** The bytes of a group besides its values: in a map and in an order. */
const GROUP = 72;

/** Collects rows, and then results in a table: one row for each group. */
export class Grouping {
  readonly #stats: Stats;
  readonly #query: string;
  readonly #scope: StageScope;
  readonly #memory: QueryMemory;
  readonly #timeOf: Read;
  readonly #by: readonly Compiled[];
  readonly #aggregates = new Map<string, Collected<Aggregate>>();
  readonly #percentiles = new Map<string, Collected<Percentiles>>();
  /** The lists of both maps, for the loop over rows. */
  readonly #toAdd: readonly Collected<Pick<Aggregate, 'add'>>[];
  /** The number of each group. */
  readonly #groups = new Map<Value, number>();
  /** The values that each group is made by, a list for each column of `by`. */
  readonly #byValues: Value[][];
  readonly #columns: readonly Compiled[];

  constructor(stats: Stats, query: string, scope: StageScope, memory: QueryMemory) {
    this.#stats = stats;
    this.#query = query;
    this.#scope = scope;
    this.#memory = memory;
    this.#timeOf = scope.field('@timestamp').read;
    this.#by = stats.by.map(({ expression }) => scope.compile(expression));
    this.#byValues = stats.by.map(() => []);
    const results: Scope = {
      now: scope.now,
      field: (name) => this.#resultField(name),
      aggregate: (call) => this.#aggregate(call),
    };
    this.#columns = stats.columns.map(({ expression }) => compile(expression, results));
    this.#toAdd = [...this.#aggregates.values(), ...this.#percentiles.values()];
  }

  add(row: number): void {
    const group = this.#groupOf(row);
    const at = numberOf(this.#timeOf(row));
    for (const { into, read } of this.#toAdd) into.add(group, read(row), at);
  }

  /** AWS does not say in which order; here times descend, and other values ascend. */
  table(): Table {
    // AWS: without `by` there is a result even when no event matches.
    if (this.#by.length === 0) this.#groups.set(undefined, 0);
    const directions = this.#by.map(({ isTime }) => (isTime ? -1 : 1));
    const order = Array.from(this.#groups.values()).sort((a, b) => {
      for (const [index, direction] of directions.entries()) {
        const values = this.#byValues[index]!;
        const compared = compareValues(values[a], values[b]);
        if (compared !== 0) return direction * compared;
      }
      return 0;
    });
    const named = ({ name }: { name: string }, { isTime }: Compiled) => ({ name, isTime: isTime === true });
    const reads = [
      ...this.#byValues.map((values) => (group: number) => values[group]),
      ...this.#columns.map(({ read }) => read),
    ];
    return {
      columns: [
        ...this.#stats.by.map((column, index) => named(column, this.#by[index]!)),
        ...this.#stats.columns.map((column, index) => named(column, this.#columns[index]!)),
      ],
      rows: order.length,
      valueAt: (row, column) => reads[column]!(order[row]!),
      areEvents: false,
    };
  }

  #groupOf(row: number): number {
    const by = this.#by;
    const key =
      by.length === 0 ? undefined : by.length === 1 ? keyOf(by[0]!.read(row)) : this.#joinedKey(row);
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    const group = this.#groups.size;
    const own = ownValue(key);
    this.#memory.take(GROUP + sizeOf(own));
    this.#groups.set(own, group);
    if (by.length === 1) this.#byValues[0]!.push(own);
    else for (const [index, { read }] of by.entries()) this.#keep(this.#byValues[index]!, read(row));
    return group;
  }

  #keep(values: Value[], value: Value): void {
    const own = ownValue(value);
    this.#memory.take(sizeOf(own));
    values.push(own);
  }

  #joinedKey(row: number): string {
    let key = '';
    for (const { read } of this.#by) {
      const value = read(row);
      key += value === undefined ? '\u0001\u0000' : `${textOf(value)}\u0000`;
    }
    return key;
  }

  /** Outside of aggregates, only what the groups are made by. */
  #resultField(name: string): Compiled {
    const index = this.#stats.by.findIndex((column) => column.name === name);
    if (index < 0) {
      throw new MalformedQuery(
        `The field ${name} must be in an aggregation function or in by.`,
        this.#stats.place,
      );
    }
    const values = this.#byValues[index]!;
    return { read: (group) => values[group], isTime: this.#by[index]!.isTime === true };
  }

  #aggregate({ name, arguments: [argument, percent], place }: Call): Compiled {
    const isEvery = !argument || argument.kind === 'star';
    const text = isEvery ? '*' : this.#query.slice(argument.place.start, argument.place.end);
    const { read, isTime } = isEvery ? EVERY : this.#scope.compile(argument);
    if (name === 'pct') {
      const share = percent?.kind === 'literal' ? Number(percent.value) : Number.NaN;
      if (!(share >= 0 && share <= 100)) {
        throw new MalformedQuery('The second argument of pct must be a number from 0 to 100.', place);
      }
      const { into } = entryOf(this.#percentiles, text, () => ({
        read,
        isTime: false,
        into: new Percentiles(this.#memory),
      }));
      return { read: (group) => into.at(group, share) };
    }
    const keepsTime = isTime === true && signatureOf(name)!.keepsTime === true;
    const { into } = entryOf(this.#aggregates, `${name} ${text}`, () => ({
      ...{ read, isTime: keepsTime },
      into: aggregateOf(name, this.#memory),
    }));
    return { read: (group) => into.result(group), isTime: keepsTime };
  }
}

const EVERY: Compiled = { read: () => 1 };

function entryOf<T>(map: Map<string, T>, key: string, make: () => T): T {
  let entry = map.get(key);
  if (!entry) map.set(key, (entry = make()));
  return entry;
}
