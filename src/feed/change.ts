// A change of a key, as sources report it and sinks deliver it.

/** One change of one key. A command that changes several keys is several changes with the same command. */
export interface Change {
  /**
   * Decimal digits, at most 38. For each key, a later change has a larger number, also after failovers, moves to other
   * shards and restarts; a change that is delivered again has the same one. Compare as numbers.
   */
  sequence: string;
  /** The cache: the id of its group or cluster, or the URL's host where it is none of Millpond's. */
  cache: string;
  /** `0001`; absent where the source does not know shards. */
  shard?: string;
  database: number;
  key: Buffer;
  /** What happened to the key. A `sync` reports the state that a full resynchronization found, without a command. */
  kind: 'write' | 'delete' | 'sync';
  /** The command as it was replicated, its name in upper case first. Absent for `sync`. */
  command?: readonly Buffer[];
  /** The value of the key at this change or later; present where the feed asks for `value: after`. */
  value?: Value;
  /** When the source saw it: milliseconds since the epoch. */
  at: number;
  /** How often it had been delivered before, where the source counts it. */
  deliveredBefore?: number;
}

/** The value of a key. */
export type Value =
  /** There is no such key. */
  | { type: 'none' }
  | { type: 'string'; value: Buffer }
  | { type: 'list'; elements: readonly Buffer[] }
  | { type: 'set'; members: readonly Buffer[] }
  | { type: 'hash'; fields: readonly (readonly [field: Buffer, value: Buffer])[] }
  | { type: 'zset'; members: readonly (readonly [member: Buffer, score: number])[] }
  | { type: 'stream'; entries: readonly { id: string; fields: readonly Buffer[] }[] }
  /** A type of a module, or a value that is too large to be read. */
  | { type: 'other'; name: string };
