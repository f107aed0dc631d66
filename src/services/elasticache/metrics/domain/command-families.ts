// The families by which ElastiCache counts commands: `StringBasedCmds`, `GetTypeCmds`… A command belongs to the
// family of its data type. If it reads or writes data, it also belongs to GetType or SetType. Pure data.

// AWS: publishes some members of each family. The rest is assigned by the engines' own command tables.
const BY_DATA: Record<string, string> = {
  ClusterBased: 'asking cluster readonly readwrite',
  EvalBased: 'eval eval_ro evalsha evalsha_ro fcall fcall_ro function script',
  GeoSpatialBased:
    'geoadd geodist geohash geopos georadius georadius_ro georadiusbymember georadiusbymember_ro geosearch ' +
    'geosearchstore',
  HashBased:
    'hdel hexists hexpire hexpireat hexpiretime hget hgetall hgetdel hgetex hincrby hincrbyfloat hkeys hlen hmget ' +
    'hmset hpersist hpexpire hpexpireat hpexpiretime hpttl hrandfield hscan hset hsetex hsetnx hstrlen httl hvals',
  HyperLogLogBased: 'pfadd pfcount pfdebug pfmerge pfselftest',
  KeyBased:
    'copy del dump exists expire expireat expiretime keys migrate move object persist pexpire pexpireat pexpiretime ' +
    'pttl randomkey rename renamenx restore scan sort sort_ro touch ttl type unlink',
  ListBased:
    'blmove blmpop blpop brpop brpoplpush lindex linsert llen lmove lmpop lpop lpos lpush lpushx lrange lrem lset ' +
    'ltrim rpop rpoplpush rpush rpushx',
  NonKeyType:
    'acl auth bgrewriteaof bgsave client command config dbsize debug discard echo exec failover flushall flushdb ' +
    'hello info lastsave latency lolwut memory module monitor multi ping psync quit replconf replicaof reset role ' +
    'save select shutdown slaveof slowlog swapdb sync time unwatch wait waitaof watch',
  PubSubBased:
    'psubscribe publish pubsub punsubscribe spublish ssubscribe subscribe sunsubscribe unsubscribe',
  SetBased:
    'sadd scard sdiff sdiffstore sinter sintercard sinterstore sismember smembers smismember smove spop srandmember ' +
    'srem sscan sunion sunionstore',
  SortedSetBased:
    'bzmpop bzpopmax bzpopmin zadd zcard zcount zdiff zdiffstore zincrby zinter zintercard zinterstore zlexcount ' +
    'zmpop zmscore zpopmax zpopmin zrandmember zrange zrangebylex zrangebyscore zrangestore zrank zrem ' +
    'zremrangebylex zremrangebyrank zremrangebyscore zrevrange zrevrangebylex zrevrangebyscore zrevrank zscan ' +
    'zscore zunion zunionstore',
  StreamBased:
    'xack xadd xautoclaim xclaim xdel xgroup xinfo xlen xpending xrange xread xreadgroup xrevrange xsetid xtrim',
  StringBased:
    'append bitcount bitfield bitfield_ro bitop bitpos decr decrby delifeq get getbit getdel getex getrange getset ' +
    'incr incrby incrbyfloat lcs mget mset msetnx psetex set setbit setex setnx setrange strlen substr',
};

const READS = new Set(
  (
    'bitcount bitfield_ro bitpos dump eval_ro evalsha_ro exists expiretime fcall_ro geodist geohash geopos ' +
    'georadius_ro georadiusbymember_ro geosearch get getbit getrange hexists hexpiretime hget hgetall hkeys hlen ' +
    'hmget hpexpiretime hpttl hrandfield hscan hstrlen httl hvals keys lcs lindex llen lpos lrange mget pexpiretime ' +
    'pfcount pttl randomkey scan scard sdiff sinter sintercard sismember smembers smismember sort_ro srandmember ' +
    'sscan strlen substr sunion touch ttl type xlen xpending xrange xread xrevrange zcard zcount zdiff zinter ' +
    'zintercard zlexcount zmscore zrandmember zrange zrangebylex zrangebyscore zrank zrevrange zrevrangebylex ' +
    'zrevrangebyscore zrevrank zscan zscore zunion'
  ).split(' '),
);

/** Commands of the families above that neither read nor write data. */
const NEITHER = new Set(
  (
    'eval evalsha fcall function object pfselftest pubsub psubscribe publish punsubscribe script spublish ssubscribe ' +
    'subscribe sunsubscribe unsubscribe xgroup xinfo'
  ).split(' '),
);
const ALSO_CHANGE = ['flushall', 'flushdb', 'swapdb'];
const WITHOUT_DATA = ['ClusterBased', 'NonKeyType'];

/** The families of each command. Commands are in lower case. */
export const FAMILIES: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ...Object.entries(BY_DATA).flatMap(([family, commands]) =>
    commands.split(' ').map((command) => [command, familiesOf(family, command)] as const),
  ),
  ...ALSO_CHANGE.map((command) => [command, ['NonKeyType', 'SetType']] as const),
]);

function familiesOf(family: string, command: string): string[] {
  if (READS.has(command)) return [family, 'GetType'];
  if (WITHOUT_DATA.includes(family) || NEITHER.has(command)) return [family];
  return [family, 'SetType'];
}
