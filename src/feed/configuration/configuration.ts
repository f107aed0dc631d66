// What a feed is: the form that its YAML file, its tag and its stack resource are read into. Pure.

/** A feed's configuration. */
export interface FeedConfiguration {
  name: string;
  source: SourceConfiguration;
  /** `after`: changes carry the value of their key. `none`: only the command. */
  value: 'after' | 'none';
  mappings: readonly Mapping[];
  /** `first`, or absent: the first mapping that matches a change decides. `all`: every one that matches. */
  matching?: 'first' | 'all';
  /** The hashes of the article: `__meta_record__…` name patterns and functions, and are read from the cache itself. */
  readsMetaRecords: boolean;
}

/** Where changes come from. */
export type SourceConfiguration =
  /**
   * A cache of Millpond. `resync`: what a full resynchronization delivers. `start`: a new feed begins with what the cache
   * contains; absent: with what changes from then on.
   */
  | { kind: 'replication'; cache: string; resync: 'diff' | 'upserts'; start?: 'all' }
  /** Streams of any Redis: an entry is a change of the key that its field `key` names, or of the stream. */
  | {
      kind: 'stream';
      server: Server;
      streams: readonly string[];
      group: string;
      consumer: string;
      claimAfterMs: number;
      /** Where a group begins that does not exist yet; `now` when absent. */
      start?: 'now' | 'all';
    }
  /** Keyspace notifications of any Redis. */
  | { kind: 'keyspace'; server: Server; pattern: string; database: number };

/** Any Redis: a cache of Millpond by its id, or a URL (`redis://`, `rediss://`), with or without cluster mode. */
export type Server = { cache: string } | { url: string; isCluster: boolean };

/** Which changes go where, and how. */
export interface Mapping {
  /** For people and metrics; unique within the feed. */
  name: string;
  /** Glob patterns of the engine's own kind; a key matches one of them. */
  keys: readonly string[];
  types: readonly string[];
  /**
   * Names of commands in lower case, or of the engine's events (`hset` is also HMSET and HSETNX); empty: all. A `sync` has
   * no command and always matches.
   */
  commands: readonly string[];
  /** Of hashes: only these are delivered; empty: all. */
  fields: readonly string[];
  /** As `FilterCriteria` of an event source mapping, over the change record. Empty: all. */
  filters: readonly unknown[];
  /** A JSON text whose `<$.path>` parts are replaced, as an input transformer's; absent: the payload as it is. */
  transform?: string;
  payload: 'change' | 'article';
  target: Target;
  batch: { size: number; windowMs: number; parallel: number };
  /** How often a message is tried again, and how old it may become; -1: without a limit. */
  retry: { attempts: number; maxAgeMs: number; bisects: boolean };
  /** How long one call of the sink may take; absent: as long as the kind of target allows. */
  timeoutMs?: number;
  /** Where a message goes that was given up; absent: it is dropped, and counted. */
  deadLetters?: { kind: 'sqs' | 'sns'; arn: string };
}

/** Where changes go. */
export type Target =
  | { kind: 'null' }
  | { kind: 'lambda'; function: string; reportsItemFailures: boolean }
  | { kind: 'dynamodb'; table: string; row: RowShape; sequenceAttribute?: string }
  | { kind: 'sql'; url: string; table: string; row: RowShape; sequenceColumn?: string }
  | { kind: 'sns'; topic: string }
  | { kind: 'sqs'; queue: string };

/** How a change becomes a row: columns by paths into the change record, `$.key`, `$.value.firstName`. */
export interface RowShape {
  key: Readonly<Record<string, string>>;
  /** Absent: every field of a hash is a column of its name. */
  columns?: Readonly<Record<string, string>>;
}
