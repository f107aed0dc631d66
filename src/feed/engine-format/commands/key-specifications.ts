// Which arguments of a command are keys that it writes: the key specifications of COMMAND (Redis and Valkey 7.0 or
// newer), reduced to what that takes.

/** Where the keys of a command are that it writes. Source: https://redis.io/docs/latest/develop/reference/key-specs/ */
export interface KeySpecification {
  /** The index of the first of them, or a keyword before it with the index to search from (negative: from the end). */
  begin: number | { keyword: string; from: number };
  /**
   * `range`: up to `last`, relative to the first (negative: from the end; then only 1/`limit` of them), every `step`.
   * `count`: an argument says how many there are.
   */
  find:
    | { kind: 'range'; last: number; step: number; limit: number }
    | { kind: 'count'; at: number; first: number; step: number };
  /** The keys themselves are deleted, not only elements. */
  deletes?: true;
}

/** By name in lower case, subcommands as `xgroup|create`; empty: the command writes no key that its arguments name. */
export type CommandTable = Readonly<Record<string, readonly KeySpecification[]>>;

/** Appends the indexes of the keys to `found`. Arguments that do not fit have none. */
export function addKeyIndexes(spec: KeySpecification, args: readonly Buffer[], found: number[]): void {
  const first = typeof spec.begin === 'number' ? spec.begin : afterKeyword(spec.begin, args);
  if (first === undefined || first >= args.length) return;
  const { find } = spec;
  if (find.kind === 'range') {
    const last = lastOf(find, first, args.length);
    for (let at = first; at <= last && at < args.length; at += find.step) found.push(at);
    return;
  }
  const count = Number(args[first + find.at]?.toString('latin1'));
  if (!Number.isInteger(count) || count < 0 || count > args.length) return;
  for (let at = first + find.first, left = count; left > 0 && at < args.length; at += find.step, left--) {
    found.push(at);
  }
}

function lastOf({ last, limit }: { last: number; limit: number }, first: number, length: number): number {
  if (last >= 0) return first + last;
  // Only -1 has a limit: the first 1/limit of the arguments from `first` on.
  if (last === -1 && limit > 1) return first + Math.floor((length - first) / limit) - 1;
  return length + last;
}

/** The index after the keyword; `undefined` where it is missing. */
function afterKeyword(
  { keyword, from }: { keyword: string; from: number },
  args: readonly Buffer[],
): number | undefined {
  const forward = from > 0;
  const start = forward ? from : args.length + from;
  // As the engine searches: the keyword is never the last argument, and never the name of the command.
  for (let at = start; forward ? at < args.length - 1 : at >= 1; at += forward ? 1 : -1) {
    if (isWord(args[at], keyword)) return at + 1;
  }
  return undefined;
}

function isWord(argument: Buffer | undefined, word: string): boolean {
  return argument?.length === word.length && argument.toString('latin1').toUpperCase() === word;
}

/** The table of an answer to COMMAND, as RESP2 has it: maps are lists. */
export function readCommands(answer: unknown): Record<string, KeySpecification[]> {
  const table: Record<string, KeySpecification[]> = {};
  for (const command of list(answer)) addCommand(list(command), table);
  return table;
}

function addCommand(command: readonly unknown[], table: Record<string, KeySpecification[]>): void {
  const name = text(command[0]).toLowerCase();
  if (name === '') return;
  const writes = list(command[2]).some((flag) => text(flag) === 'write');
  const specs = writes ? list(command[8]).map((one) => specification(map(one), name)) : [];
  table[name] = specs.filter((one) => one !== undefined);
  for (const subcommand of list(command[9])) addCommand(list(subcommand), table);
}

/** These move a key, so it is not there afterwards. `RM` (DEL, UNLINK) says so itself. */
const MOVES = new Set(['getdel', 'migrate', 'move', 'rename', 'renamenx']);

/** `undefined` where the specification's keys are only read, or cannot be known. */
function specification(spec: ReadonlyMap<string, unknown>, name: string): KeySpecification | undefined {
  const flags = list(spec.get('flags')).map(text);
  const begin = map(spec.get('begin_search'));
  const find = map(spec.get('find_keys'));
  if (flags.includes('RO') || flags.includes('not_key')) return undefined;
  if (text(begin.get('type')) === 'unknown' || text(find.get('type')) === 'unknown') return undefined;
  const at = map(begin.get('spec'));
  const how = map(find.get('spec'));
  return {
    begin:
      text(begin.get('type')) === 'index'
        ? Number(at.get('index'))
        : { keyword: text(at.get('keyword')).toUpperCase(), from: Number(at.get('startfrom')) },
    find:
      text(find.get('type')) === 'range'
        ? {
            kind: 'range',
            last: Number(how.get('lastkey')),
            step: Math.max(1, Number(how.get('keystep'))),
            limit: Number(how.get('limit')),
          }
        : {
            kind: 'count',
            at: Number(how.get('keynumidx')),
            first: Number(how.get('firstkey')),
            step: Math.max(1, Number(how.get('keystep'))),
          },
    ...((flags.includes('RM') || (MOVES.has(name) && flags.includes('delete'))) && { deletes: true }),
  };
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function map(value: unknown): ReadonlyMap<string, unknown> {
  const items = list(value);
  const entries = new Map<string, unknown>();
  for (let at = 0; at + 1 < items.length; at += 2) entries.set(text(items[at]), items[at + 1]);
  return entries;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : Buffer.isBuffer(value) ? value.toString('latin1') : '';
}
