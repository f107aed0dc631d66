// The engine's keyspace events that have another name than the commands that cause them. A mapping's `commands` may name
// either, so that it means the same for every source. https://redis.io/docs/latest/develop/pubsub/keyspace-notifications/

/** Upper-case names of commands by the name of their event. Events that have the command's own name are left out. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  set: ['SETEX', 'PSETEX', 'SETNX', 'MSET', 'MSETNX', 'GETSET'],
  del: ['UNLINK', 'GETDEL'],
  incrby: ['INCR', 'DECR', 'DECRBY'],
  expire: ['PEXPIRE', 'EXPIREAT', 'PEXPIREAT'],
  hset: ['HMSET', 'HSETNX'],
  lpush: ['LPUSHX'],
  rpush: ['RPUSHX'],
  zincr: ['ZINCRBY'],
};

/** The upper-case names of commands that names of commands or events stand for. */
export const commandsOf = (names: readonly string[]): ReadonlySet<string> =>
  new Set(names.flatMap((name) => [name.toUpperCase(), ...(COMMANDS[name.toLowerCase()] ?? [])]));
