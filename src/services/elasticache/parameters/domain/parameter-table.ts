// Every parameter of every Redis and Valkey family: the families that have it, its default and its allowed values.
// Data only; parameter-families.ts reads it.
//
// AWS: names, defaults and allowed values are the service's, from DescribeCacheParameters of redis5.0 and the user
// guide's tables of changes; where the two differ, from the former. Descriptions are Millpond's own words.

/** Oldest first. A family has the parameters of its predecessor, except those whose `until` has passed. */
export const FAMILIES = [
  'redis2.6',
  'redis2.8',
  'redis3.2',
  'redis4.0',
  'redis5.0',
  'redis6.x',
  'redis7',
  'valkey7',
  'valkey8',
  'valkey9',
] as const;

/** The name of a family. */
export type Family = (typeof FAMILIES)[number];

/** The attributes that can differ between families. */
export interface ParameterTraits {
  value: string;
  /** As `Parameter.allowed`. */
  allowed?: string;
  /** Customers cannot change it. */
  fixed?: boolean;
}

/** A row of the table. */
export interface ParameterRow extends ParameterTraits {
  name: string;
  type: 'string' | 'integer';
  since: Family;
  /** The last family that shows it. */
  until?: Family;
  /** The value that applies in later families, which do not show the parameter. */
  hidden?: string;
  /** Changes take effect after a reboot, instead of immediately. */
  reboot?: boolean;
  /** The first version that has it, when that is not the family's first. */
  minimumVersion?: string;
  /** Attributes that change with a family and stay so in later ones. */
  changes?: Partial<Record<Family, Partial<ParameterTraits>>>;
  /** The value depends on the node type. */
  perNodeType?: boolean;
  description: string;
}

type Options = Omit<Partial<ParameterRow>, 'name' | 'value' | 'type' | 'since' | 'description'>;

const number =
  (allowed: string) =>
  (name: string, since: Family, value: number, description: string, options: Options = {}): ParameterRow => ({
    name,
    type: 'integer',
    since,
    value: String(value),
    allowed,
    description,
    ...options,
  });

const text = (
  name: string,
  since: Family,
  value: string,
  description: string,
  options: Options = {},
): ParameterRow => ({ name, type: 'string', since, value, description, ...options });

const flag = (
  name: string,
  since: Family,
  value: 'yes' | 'no',
  description: string,
  options: Options = {},
): ParameterRow => text(name, since, value, description, { allowed: 'yes,no', ...options });

const count = number('0-');
const positive = number('1-');
const percent = number('1-100');

const POLICIES = 'volatile-lru,allkeys-lru,volatile-random,allkeys-random,volatile-ttl,noeviction';
const POLICIES_WITH_LFU =
  'volatile-lru,allkeys-lru,volatile-lfu,allkeys-lfu,volatile-random,allkeys-random,volatile-ttl,noeviction';

// biome-ignore format: a table, one row an entry
/** By topic; see parameter-families.ts for the order that AWS uses. */
export const PARAMETER_TABLE: readonly ParameterRow[] = [
  // Memory
  number('-')('maxmemory', 'redis2.6', 0, 'Memory of a node in bytes, before the reserved share is taken off.', { fixed: true, perNodeType: true }),
  text('maxmemory-policy', 'redis2.6', 'volatile-lru', 'Which keys make room when memory is full.', { allowed: POLICIES, changes: { 'redis4.0': { allowed: POLICIES_WITH_LFU } } }),
  positive('maxmemory-samples', 'redis2.6', 3, 'How many keys are looked at to find one to evict.'),
  count('reserved-memory', 'redis2.6', 0, 'Bytes of a node that are kept free of data.', { until: 'redis3.2' }),
  number('0-100')('reserved-memory-percent', 'redis3.2', 25, 'Percentage of a node that is kept free of data.'),
  positive('lfu-log-factor', 'redis4.0', 10, 'How slowly the counter of a key\'s uses saturates.'),
  count('lfu-decay-time', 'redis4.0', 1, 'Minutes after which the counter of a key\'s uses is lowered.'),
  flag('activedefrag', 'redis4.0', 'no', 'Whether memory is defragmented while serving.'),
  percent('active-defrag-threshold-lower', 'redis4.0', 10, 'Percentage of fragmentation at which defragmentation begins.'),
  percent('active-defrag-threshold-upper', 'redis4.0', 100, 'Percentage of fragmentation at which it uses all its effort.'),
  number('1-75')('active-defrag-cycle-min', 'redis4.0', 5, 'Least effort of defragmentation, in percent of the processor.'),
  number('1-75')('active-defrag-cycle-max', 'redis4.0', 75, 'Greatest effort of defragmentation, in percent of the processor.'),
  number('1048576-')('active-defrag-ignore-bytes', 'redis4.0', 104857600, 'Fragmentation in bytes below which nothing is done.'),
  number('1-1000000')('active-defrag-max-scan-fields', 'redis5.0', 1000, 'Largest collection that is defragmented in one go, in fields.'),
  flag('activerehashing', 'redis2.6', 'yes', 'Whether idle time is used to grow and shrink the main tables.', { reboot: true, until: 'redis6.x', hidden: 'yes' }),
  number('1-10')('active-expire-effort', 'redis6.x', 1, 'Effort to find keys whose time has passed.'),
  flag('lazyfree-lazy-eviction', 'redis4.0', 'no', 'Whether evicted keys are freed in the background.', { until: 'valkey7', hidden: 'yes' }),
  flag('lazyfree-lazy-expire', 'redis4.0', 'no', 'Whether expired keys are freed in the background.', { until: 'valkey7', hidden: 'yes' }),
  flag('lazyfree-lazy-server-del', 'redis4.0', 'no', 'Whether values that a command replaces are freed in the background.', { until: 'valkey7', hidden: 'yes' }),
  flag('lazyfree-lazy-user-del', 'redis6.x', 'no', 'Whether DEL frees in the background, as UNLINK does.', { until: 'valkey7', hidden: 'yes' }),

  // Encodings of small values
  count('hash-max-ziplist-entries', 'redis2.6', 512, 'Most fields of a hash in the compact encoding.', { until: 'redis6.x' }),
  count('hash-max-ziplist-value', 'redis2.6', 64, 'Longest field of a hash in the compact encoding, in bytes.', { until: 'redis6.x' }),
  count('hash-max-listpack-entries', 'redis7', 512, 'Most fields of a hash in the compact encoding.'),
  count('hash-max-listpack-value', 'redis7', 64, 'Longest field of a hash in the compact encoding, in bytes.'),
  count('list-max-ziplist-entries', 'redis2.6', 512, 'Most elements of a list in the compact encoding.', { until: 'redis2.8' }),
  count('list-max-ziplist-value', 'redis2.6', 64, 'Longest element of a list in the compact encoding, in bytes.', { until: 'redis2.8' }),
  number('-5,-4,-3,-2,-1,1-')('list-max-ziplist-size', 'redis3.2', -2, 'Size of a list\'s inner nodes: elements, or -1 to -5 for 4 to 64 KiB.', { fixed: true, until: 'redis6.x' }),
  number('-5,-4,-3,-2,-1,1-')('list-max-listpack-size', 'redis7', -2, 'Size of a list\'s inner nodes: elements, or -1 to -5 for 4 to 64 KiB.', { fixed: true }),
  count('list-compress-depth', 'redis3.2', 0, 'Inner nodes at each end of a list that stay uncompressed; 0 compresses none.'),
  count('set-max-intset-entries', 'redis2.6', 512, 'Most members of a set of integers in the compact encoding.'),
  count('zset-max-ziplist-entries', 'redis2.6', 128, 'Most members of a sorted set in the compact encoding.', { until: 'redis6.x' }),
  count('zset-max-ziplist-value', 'redis2.6', 64, 'Longest member of a sorted set in the compact encoding, in bytes.', { until: 'redis6.x' }),
  count('zset-max-listpack-entries', 'redis7', 128, 'Most members of a sorted set in the compact encoding.'),
  count('zset-max-listpack-value', 'redis7', 64, 'Longest member of a sorted set in the compact encoding, in bytes.'),
  number('1-16000')('hll-sparse-max-bytes', 'redis3.2', 3000, 'Size at which a HyperLogLog takes its dense form, in bytes.'),
  count('stream-node-max-bytes', 'redis5.0', 4096, 'Size of a stream\'s inner nodes in bytes; 0 for no limit.'),
  count('stream-node-max-entries', 'redis5.0', 100, 'Entries in a stream\'s inner node; 0 for no limit.'),

  // Clients
  number('1-65000')('maxclients', 'redis2.6', 65000, 'Most clients at a time.', { fixed: true, reboot: true }),
  number('0,20-')('timeout', 'redis2.6', 0, 'Seconds after which an idle client is cut off; 0 for never.'),
  count('tcp-keepalive', 'redis2.6', 0, 'Seconds between probes of idle clients; 0 for none.', { changes: { 'redis3.2': { value: '300' } } }),
  number('1048576-1073741824')('client-query-buffer-limit', 'redis4.0', 1073741824, 'Largest query buffer of a client, in bytes.'),
  number('1048576-536870912')('proto-max-bulk-len', 'redis4.0', 536870912, 'Largest element of a request, in bytes.'),
  count('client-output-buffer-limit-normal-hard-limit', 'redis2.6', 0, 'Output buffer at which a client is cut off, in bytes; 0 for never.'),
  count('client-output-buffer-limit-normal-soft-limit', 'redis2.6', 0, 'Output buffer at which a client is cut off after a while, in bytes; 0 for never.'),
  count('client-output-buffer-limit-normal-soft-seconds', 'redis2.6', 0, 'How long a client may stay above the soft limit.'),
  count('client-output-buffer-limit-pubsub-hard-limit', 'redis2.6', 33554432, 'Output buffer at which a subscriber is cut off, in bytes; 0 for never.'),
  count('client-output-buffer-limit-pubsub-soft-limit', 'redis2.6', 8388608, 'Output buffer at which a subscriber is cut off after a while, in bytes; 0 for never.'),
  count('client-output-buffer-limit-pubsub-soft-seconds', 'redis2.6', 60, 'How long a subscriber may stay above the soft limit.'),
  count('client-output-buffer-limit-slave-hard-limit', 'redis2.6', 0, 'Output buffer at which a replica is cut off, in bytes.', { fixed: true, perNodeType: true, until: 'redis4.0' }),
  count('client-output-buffer-limit-slave-soft-limit', 'redis2.6', 0, 'Output buffer at which a replica is cut off after a while, in bytes.', { fixed: true, perNodeType: true, until: 'redis4.0' }),
  count('client-output-buffer-limit-slave-soft-seconds', 'redis2.6', 60, 'How long a replica may stay above the soft limit.', { fixed: true, until: 'redis4.0' }),
  count('client-output-buffer-limit-replica-hard-limit', 'redis5.0', 0, 'Output buffer at which a replica is cut off, in bytes.', { fixed: true, perNodeType: true }),
  count('client-output-buffer-limit-replica-soft-limit', 'redis5.0', 0, 'Output buffer at which a replica is cut off after a while, in bytes.', { fixed: true, perNodeType: true }),
  count('client-output-buffer-limit-replica-soft-seconds', 'redis5.0', 60, 'How long a replica may stay above the soft limit.', { fixed: true }),
  number('1-100000000')('tracking-table-max-keys', 'redis6.x', 1000000, 'Most keys that are remembered for client-side caching.'),
  text('notify-keyspace-events', 'redis2.8', '', 'Which changes of keys are published: letters of KEg$lshzxedtmnA.'),
  text('rename-commands', 'redis5.0', '', 'Commands with the names they are to have instead, in pairs.', { minimumVersion: '5.0.3' }),
  text('acl-pubsub-default', 'redis6.x', 'allchannels', 'Channels of new users.', { allowed: 'resetchannels,allchannels' }),
  number('1-10000')('acllog-max-len', 'redis6.x', 128, 'Most entries of the log of denied access.'),
  flag('extended-redis-compatibility', 'valkey8', 'yes', 'Whether the engine passes itself off as Redis OSS 7.2 where clients look.'),

  // Replication
  flag('close-on-slave-write', 'redis2.8', 'yes', 'Whether a client that writes to a replica is cut off.', { minimumVersion: '2.8.23', until: 'redis4.0' }),
  flag('close-on-replica-write', 'redis5.0', 'yes', 'Whether a client that writes to a replica is cut off.'),
  count('min-slaves-to-write', 'redis2.8', 0, 'Replicas without which the primary takes no writes; 0 for none.', { until: 'redis4.0' }),
  count('min-slaves-max-lag', 'redis2.8', 10, 'Seconds since its last sign of life at which a replica no longer counts.', { until: 'redis4.0' }),
  count('min-replicas-to-write', 'redis5.0', 0, 'Replicas without which the primary takes no writes; 0 for none.'),
  count('min-replicas-max-lag', 'redis5.0', 10, 'Seconds since its last sign of life at which a replica no longer counts.'),
  number('16384-')('repl-backlog-size', 'redis2.8', 1048576, 'History a node keeps for replicas that come back, in bytes.', { changes: { valkey8: { value: '10485760' } } }),
  count('repl-backlog-ttl', 'redis2.8', 3600, 'Seconds without replicas after which that history is dropped; 0 for never.'),
  positive('repl-timeout', 'redis2.8', 60, 'Seconds of silence after which a replication link is given up.', { until: 'redis4.0', changes: { 'redis3.2': { fixed: true } } }),
  flag('slave-allow-chaining', 'redis2.6', 'no', 'Whether replicas may have replicas.', { fixed: true, until: 'redis4.0' }),
  flag('replica-allow-chaining', 'redis5.0', 'no', 'Whether replicas may have replicas.', { fixed: true }),
  flag('slave-lazy-flush', 'redis4.0', 'no', 'Whether a replica empties itself in the background before a full sync.', { fixed: true, until: 'redis4.0' }),
  flag('replica-lazy-flush', 'redis5.0', 'no', 'Whether a replica empties itself in the background before a full sync.', { fixed: true }),
  flag('replica-ignore-maxmemory', 'redis5.0', 'yes', 'Whether replicas leave eviction to their primary.', { fixed: true }),

  // Persistence
  flag('appendonly', 'redis2.6', 'no', 'Whether every write is logged to disk.', { changes: { 'redis3.2': { fixed: true } } }),
  text('appendfsync', 'redis2.6', 'everysec', 'When that log is brought to disk.', { allowed: 'always,everysec,no', changes: { 'redis3.2': { fixed: true } } }),

  // Cluster mode
  flag('cluster-enabled', 'redis3.2', 'no', 'Cluster mode, chosen when a replication group is created.', { reboot: true }),
  flag('cluster-require-full-coverage', 'redis3.2', 'no', 'Whether nothing is served while any slot has no node.'),
  flag('cluster-allow-reads-when-down', 'redis6.x', 'no', 'Whether a node serves reads while the cluster is down.'),
  flag('cluster-allow-pubsubshard-when-down', 'redis7', 'yes', 'Whether a node serves sharded publish and subscribe while the cluster is down.'),
  text('cluster-preferred-endpoint-type', 'redis7', 'tls-dynamic', 'What redirections name: addresses, or host names where TLS is on.', { allowed: 'ip,tls-dynamic' }),
  number('1-10000')('cluster-databases', 'valkey9', 1, 'Databases in cluster mode.', { reboot: true }),
  number('1-1200000')('databases', 'redis2.6', 16, 'Databases in a node.', { reboot: true, fixed: true, changes: { 'redis3.2': { fixed: false } } }),

  // Scripts
  number('5000')('lua-time-limit', 'redis2.6', 5000, 'Milliseconds after which a script may be stopped.', { fixed: true }),
  flag('lua-replicate-commands', 'redis5.0', 'yes', 'Whether scripts are replicated by their effects.', { until: 'redis5.0' }),

  // Logs
  number('-')('slowlog-log-slower-than', 'redis2.6', 10000, 'Microseconds from which a command is logged as slow.'),
  count('slowlog-max-len', 'redis2.6', 128, 'Most entries of the log of slow commands.'),
  flag('latency-tracking', 'redis7', 'no', 'Whether the latencies of each command are recorded.'),
  number('-')('commandlog-request-larger-than', 'valkey8', 1048576, 'Bytes from which a request is logged as large.', { minimumVersion: '8.1.0' }),
  number('0-1024')('commandlog-large-request-max-len', 'valkey8', 128, 'Most entries of the log of large requests.', { minimumVersion: '8.1.0' }),
  number('-')('commandlog-reply-larger-than', 'valkey8', 1048576, 'Bytes from which a reply is logged as large.', { minimumVersion: '8.1.0' }),
  number('0-1024')('commandlog-large-reply-max-len', 'valkey8', 128, 'Most entries of the log of large replies.', { minimumVersion: '8.1.0' }),

  // Search
  text('search-fanout-target-mode', 'valkey8', 'client', 'Which nodes of a shard answer a search.', { allowed: 'client,throughput', minimumVersion: '8.2.0' }),
  number('1-60000')('search-default-timeout-ms', 'valkey8', 50000, 'Milliseconds after which a search ends.', { minimumVersion: '8.2.0' }),
  flag('search-enable-partial-results', 'valkey8', 'yes', 'Whether a search that fails on some nodes answers with the rest.', { minimumVersion: '8.2.0' }),
];

/** The commands that `rename-commands` may name. */
export const RENAMEABLE_COMMANDS = (
  'APPEND BITCOUNT BITFIELD BITOP BITPOS BLPOP BRPOP BRPOPLPUSH BZPOPMIN BZPOPMAX CLIENT COMMAND DBSIZE ' +
  'DECR DECRBY DEL DISCARD DUMP ECHO EVAL EVALSHA EXEC EXISTS EXPIRE EXPIREAT FLUSHALL FLUSHDB GEOADD GEOHASH GEOPOS ' +
  'GEODIST GEORADIUS GEORADIUSBYMEMBER GET GETBIT GETRANGE GETSET HDEL HEXISTS HGET HGETALL HINCRBY HINCRBYFLOAT ' +
  'HKEYS HLEN HMGET HMSET HSET HSETNX HSTRLEN HVALS INCR INCRBY INCRBYFLOAT INFO KEYS LASTSAVE LINDEX LINSERT LLEN ' +
  'LPOP LPUSH LPUSHX LRANGE LREM LSET LTRIM MEMORY MGET MONITOR MOVE MSET MSETNX MULTI OBJECT PERSIST PEXPIRE ' +
  'PEXPIREAT PFADD PFCOUNT PFMERGE PING PSETEX PSUBSCRIBE PUBSUB PTTL PUBLISH PUNSUBSCRIBE RANDOMKEY READONLY ' +
  'READWRITE RENAME RENAMENX RESTORE ROLE RPOP RPOPLPUSH RPUSH RPUSHX SADD SCARD SCRIPT SDIFF SDIFFSTORE SELECT SET ' +
  'SETBIT SETEX SETNX SETRANGE SINTER SINTERSTORE SISMEMBER SLOWLOG SMEMBERS SMOVE SORT SPOP SRANDMEMBER SREM STRLEN ' +
  'SUBSCRIBE SUNION SUNIONSTORE SWAPDB TIME TOUCH TTL TYPE UNSUBSCRIBE UNLINK UNWATCH WAIT WATCH ZADD ZCARD ZCOUNT ' +
  'ZINCRBY ZINTERSTORE ZLEXCOUNT ZPOPMAX ZPOPMIN ZRANGE ZRANGEBYLEX ZREVRANGEBYLEX ZRANGEBYSCORE ZRANK ZREM ' +
  'ZREMRANGEBYLEX ZREMRANGEBYRANK ZREMRANGEBYSCORE ZREVRANGE ZREVRANGEBYSCORE ZREVRANK ZSCORE ZUNIONSTORE SCAN SSCAN ' +
  'HSCAN ZSCAN XINFO XADD XTRIM XDEL XRANGE XREVRANGE XLEN XREAD XGROUP XREADGROUP XACK XCLAIM XPENDING GEORADIUS_RO ' +
  'GEORADIUSBYMEMBER_RO LOLWUT XSETID SUBSTR'
).split(' ');
