// What a replicated command does: which keys it writes or deletes, and what else a reader of the stream has to know.

import recorded from '../generated/commands.json' with { type: 'json' };
import { addKeyIndexes, type CommandTable, type KeySpecification } from './key-specifications.ts';

/** What a command does. */
export type Effect =
  | { kind: 'keys'; keys: readonly WrittenKey[] }
  /** The commands that follow are for this database. */
  | { kind: 'select'; database: number }
  /** All keys are deleted, of the selected database unless `isAll`. */
  | { kind: 'flush'; isAll: boolean }
  | { kind: 'swap'; databases: readonly [number, number] }
  /** The commands up to `end` take effect together. */
  | { kind: 'begin' }
  | { kind: 'end' }
  /** It writes no key. */
  | { kind: 'none' }
  /** No one knows which keys it writes; the name in lower case. */
  | { kind: 'unknown'; name: string };

/** A key that a command writes. */
export interface WrittenKey {
  /** A slice of the command. */
  key: Buffer;
  /** It is not there afterwards. Others may not be there either: LPOP of the last element, for example. */
  isDeleted: boolean;
  /** Where it is not in the selected database: the targets of COPY and MOVE. */
  database?: number;
}

const NONE: Effect = { kind: 'none' };
const BEGIN: Effect = { kind: 'begin' };
const END: Effect = { kind: 'end' };

type Rule = (args: readonly Buffer[]) => Effect;

/** Commands whose effect is no set of keys, or whose keys the key specifications do not tell. */
const RULES: Readonly<Record<string, Rule>> = {
  multi: () => BEGIN,
  exec: () => END,
  discard: () => END,
  select: (args) => ({ kind: 'select', database: number(args[1]) }),
  flushall: () => ({ kind: 'flush', isAll: true }),
  flushdb: () => ({ kind: 'flush', isAll: false }),
  swapdb: (args) => ({ kind: 'swap', databases: [number(args[1]), number(args[2])] }),
  // Engines replicate what scripts and functions do, never their calls.
  ...Object.fromEntries(
    ['eval', 'evalsha', 'fcall'].map((name) => [name, (): Effect => ({ kind: 'unknown', name })]),
  ),
  copy: (args) => {
    const at = args.findIndex((one, index) => index > 2 && upper(one) === 'DB');
    return keys([written(args[2], false, at > 0 ? args[at + 1] : undefined)]);
  },
  move: (args) => keys([written(args[1], true), written(args[1], false, args[2])]),
  // The last STORE counts; the arguments of the other options are skipped (Redis: src/db.c, `sortGetKeys`).
  sort: (args) => {
    let target: Buffer | undefined;
    for (let at = 2; at < args.length; at++) {
      const word = upper(args[at]);
      if (word === 'LIMIT') at += 2;
      else if (word === 'GET' || word === 'BY') at += 1;
      else if (word === 'STORE') target = args[++at];
    }
    return keys([written(target, false)]);
  },
};

/** Knows the effects of commands. */
export class WrittenKeys {
  readonly #rules = new Map<string, Rule>();

  /**
   * @param own What COMMAND of the node answered (`readCommands`), for commands of modules and of newer engines; others
   *   are known without.
   * @param names The names by which the engine knows renamed commands.
   */
  constructor(own: CommandTable = {}, names: Readonly<Record<string, string>> = {}) {
    const table: CommandTable = { ...own, ...(recorded as CommandTable) };
    for (const [name, specs] of Object.entries(table)) this.#rules.set(name, RULES[name] ?? ruleOf(specs));
    for (const name of Object.keys(table)) {
      const container = name.slice(0, Math.max(0, name.indexOf('|')));
      if (container !== '') this.#rules.set(container, (args) => this.#subcommand(container, args));
    }
    for (const [name, renamed] of Object.entries(names)) {
      const rule = this.#rules.get(name.toLowerCase());
      if (rule) this.#rules.set(renamed.toLowerCase(), rule);
    }
    // Clients and engines mostly send one of these two forms.
    for (const [name, rule] of [...this.#rules]) this.#rules.set(name.toUpperCase(), rule);
  }

  /** What the command does. A key that it names twice is one. */
  effect(args: readonly Buffer[]): Effect {
    const sent = args[0]?.toString('latin1') ?? '';
    const rule = this.#rules.get(sent) ?? this.#rules.get(sent.toLowerCase());
    return rule ? rule(args) : { kind: 'unknown', name: sent.toLowerCase() };
  }

  #subcommand(container: string, args: readonly Buffer[]): Effect {
    const name = `${container}|${args[1]?.toString('latin1').toLowerCase() ?? ''}`;
    return this.#rules.get(name)?.(args) ?? { kind: 'unknown', name };
  }
}

function ruleOf(specs: readonly KeySpecification[]): Rule {
  const [first] = specs;
  if (!first) return () => NONE;
  const isDeleted = first.deletes === true;
  const { begin, find } = first;
  if (specs.length === 1 && typeof begin === 'number' && find.kind === 'range' && find.last === 0) {
    return (args) => {
      const key = args[begin];
      return key ? { kind: 'keys', keys: [{ key, isDeleted }] } : NONE;
    };
  }
  return (args) => {
    const keys: WrittenKey[] = [];
    for (const spec of specs) {
      const indexes: number[] = [];
      addKeyIndexes(spec, args, indexes);
      for (const at of indexes) keys.push({ key: args[at] as Buffer, isDeleted: spec.deletes === true });
    }
    if (keys.length < 2) return keys.length > 0 ? { kind: 'keys', keys } : NONE;
    return {
      kind: 'keys',
      keys: [...new Map(keys.map((one) => [one.key.toString('latin1'), one])).values()],
    };
  };
}

function keys(found: readonly (WrittenKey | undefined)[]): Effect {
  const all = found.filter((one) => one !== undefined);
  return all.length > 0 ? { kind: 'keys', keys: all } : NONE;
}

function written(key: Buffer | undefined, isDeleted: boolean, database?: Buffer): WrittenKey | undefined {
  return key && { key, isDeleted, ...(database && { database: number(database) }) };
}

function number(argument: Buffer | undefined): number {
  return Number(argument?.toString('latin1') ?? 0);
}

function upper(argument: Buffer | undefined): string {
  return argument && argument.length < 16 ? argument.toString('latin1').toUpperCase() : '';
}
