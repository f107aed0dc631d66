// How ElastiCache's parameters map to the directives of real engines: renamed directives, the versions that know
// each, directives that need a restart, and parameters without a directive. Data only; engine-directives.ts reads it.

/**
 * Parameters that are stored and shown, but not passed to an engine. The reasons are sentences for the documentation.
 */
export const NOT_IN_OPEN_ENGINES: Readonly<Record<string, string>> = {
  'close-on-slave-write': 'No open engine cuts off clients that write to a replica; they get READONLY.',
  'close-on-replica-write': 'No open engine cuts off clients that write to a replica; they get READONLY.',
  'slave-allow-chaining': 'ElastiCache decides who follows whom; so does Millpond.',
  'replica-allow-chaining': 'ElastiCache decides who follows whom; so does Millpond.',
  appendonly: 'Nodes keep their data as one file, written at an orderly end.',
  appendfsync: 'Nodes keep their data as one file, written at an orderly end.',
  activedefrag:
    'Most distributions build the engines with an allocator that cannot defragment, and such an engine does not start with it on.',
  'list-max-ziplist-entries': 'Lists have had another encoding since Redis 3.2.',
  'list-max-ziplist-value': 'Lists have had another encoding since Redis 3.2.',
  'lua-replicate-commands': 'Scripts have always been replicated by their effects since Redis 7.',
  'search-fanout-target-mode': 'The search module is not part of the open engines.',
  'search-default-timeout-ms': 'The search module is not part of the open engines.',
  'search-enable-partial-results': 'The search module is not part of the open engines.',
};

/** Parameters that become part of another directive, or that another part of Millpond handles. */
export const SEEN_TO_ELSEWHERE: ReadonlySet<string> = new Set([
  'cluster-enabled',
  'reserved-memory',
  'reserved-memory-percent',
]);

/** Parameters of early families, with their names since engine version 5.0. */
export const RENAMED_SINCE: Readonly<Record<string, string>> = {
  'min-slaves-to-write': 'min-replicas-to-write',
  'min-slaves-max-lag': 'min-replicas-max-lag',
  'slave-lazy-flush': 'replica-lazy-flush',
};

/** Pairs of names: `[Redis 7 and later and every Valkey, earlier]`. */
export const LISTPACK_NAMES: readonly (readonly [string, string])[] = [
  ['hash-max-listpack-entries', 'hash-max-ziplist-entries'],
  ['hash-max-listpack-value', 'hash-max-ziplist-value'],
  ['zset-max-listpack-entries', 'zset-max-ziplist-entries'],
  ['zset-max-listpack-value', 'zset-max-ziplist-value'],
  ['list-max-listpack-size', 'list-max-ziplist-size'],
];

/** Values that only ElastiCache knows, with the values that engines get instead. By directive. */
export const VALUE_IN_ENGINES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'cluster-preferred-endpoint-type': { 'tls-dynamic': 'ip' },
};

/**
 * Directives newer than Redis 6.0, with the first version of each engine that knows them. Absent: the engine does
 * not.
 */
export const KNOWN_SINCE: Readonly<Record<string, { redis?: string; valkey?: string }>> = {
  'acl-pubsub-default': { redis: '6.2', valkey: '7.2' },
  'cluster-allow-pubsubshard-when-down': { redis: '7.0', valkey: '7.2' },
  'cluster-preferred-endpoint-type': { redis: '7.0', valkey: '7.2' },
  'latency-tracking': { redis: '7.0', valkey: '7.2' },
  'extended-redis-compatibility': { valkey: '8.0' },
  'commandlog-request-larger-than': { valkey: '8.1' },
  'commandlog-large-request-max-len': { valkey: '8.1' },
  'commandlog-reply-larger-than': { valkey: '8.1' },
  'commandlog-large-reply-max-len': { valkey: '8.1' },
  'cluster-databases': { valkey: '9.0' },
};

/**
 * Directives that take effect only at the start, because the engine cannot change them, or because AWS requires a
 * reboot. `maxclients` changes only with the node type, and an engine cannot always raise it.
 */
export const AT_START_ONLY: ReadonlySet<string> = new Set([
  'activerehashing',
  'cluster-databases',
  'databases',
  'maxclients',
  'rename-commands',
]);

/** The classes of `client-output-buffer-limit`, with the words for them in parameter names. */
export const OUTPUT_BUFFER_CLASSES: readonly { name: string; parameters: readonly string[] }[] = [
  { name: 'normal', parameters: ['normal'] },
  { name: 'replica', parameters: ['replica', 'slave'] },
  { name: 'pubsub', parameters: ['pubsub'] },
];
