// Computes the CloudWatch metrics of one node for one minute from the engine's INFO. Counters become differences to
// the previous sample; an engine that restarted meanwhile has counted from zero. Pure.

import { FAMILIES } from './command-families.ts';

/** The fields of INFO, by name. */
export type InfoFields = ReadonlyMap<string, string>;

/** CloudWatch's units, as far as they are used here. */
export type MetricUnit = 'Bytes' | 'Count' | 'Microseconds' | 'Milliseconds' | 'None' | 'Percent' | 'Seconds';

/** One data point, without its time. */
export interface NodeMetric {
  name: string;
  value: number;
  unit: MetricUnit;
}

/** The counters of one sample, which the next sample needs. */
export interface Counters {
  /** The `run_id` of the engine's process. */
  runId: string;
  /** Milliseconds. */
  at: number;
  values: ReadonlyMap<string, number>;
}

/** The sections of INFO that metrics need. */
export const METRIC_SECTIONS = [
  'server',
  'clients',
  'memory',
  'persistence',
  'stats',
  'replication',
  'cpu',
  'commandstats',
  'keyspace',
] as const;

const GAUGES: [name: string, field: string, unit: MetricUnit][] = [
  ['AllocatorFragmentationBytes', 'allocator_frag_bytes', 'Bytes'],
  ['AllocatorFragmentationRatio', 'allocator_frag_ratio', 'None'],
  ['BlockedConnections', 'blocked_clients', 'Count'],
  ['BytesUsedForCache', 'used_memory', 'Bytes'],
  ['CurrConnections', 'connected_clients', 'Count'],
  ['KeysTracked', 'tracking_total_keys', 'Count'],
  ['MemoryFragmentationRatio', 'mem_fragmentation_ratio', 'None'],
  ['PubSubChannels', 'pubsub_channels', 'Count'],
  ['PubSubShardChannels', 'pubsubshard_channels', 'Count'],
  ['SaveInProgress', 'rdb_bgsave_in_progress', 'Count'],
  ['UsedMemoryDataset', 'used_memory_dataset', 'Bytes'],
];

const COUNTERS: [name: string, field: string, unit: MetricUnit][] = [
  ['ActiveDefragHits', 'active_defrag_hits', 'Count'],
  ['AuthenticationFailures', 'acl_access_denied_auth', 'Count'],
  ['CacheHits', 'keyspace_hits', 'Count'],
  ['CacheMisses', 'keyspace_misses', 'Count'],
  ['ChannelAuthorizationFailures', 'acl_access_denied_channel', 'Count'],
  ['CommandAuthorizationFailures', 'acl_access_denied_cmd', 'Count'],
  ['ErrorCount', 'total_error_replies', 'Count'],
  ['Evictions', 'evicted_keys', 'Count'],
  ['KeyAuthorizationFailures', 'acl_access_denied_key', 'Count'],
  ['NetworkBytesIn', 'total_net_input_bytes', 'Bytes'],
  ['NetworkBytesOut', 'total_net_output_bytes', 'Bytes'],
  ['NewConnections', 'total_connections_received', 'Count'],
  ['ProcessedCommands', 'total_commands_processed', 'Count'],
  ['Reclaimed', 'expired_keys', 'Count'],
  ['RejectedConnections', 'rejected_connections', 'Count'],
];

/**
 * AWS publishes these for every node. They are 0 here: a node is a host without swap, and neither its bandwidth nor its
 * packets and connections have an allowance.
 */
const ALWAYS_ZERO: [name: string, unit: MetricUnit][] = [
  ['NetworkBandwidthInAllowanceExceeded', 'Count'],
  ['NetworkBandwidthOutAllowanceExceeded', 'Count'],
  ['NetworkConntrackAllowanceExceeded', 'Count'],
  ['NetworkLinkLocalAllowanceExceeded', 'Count'],
  ['NetworkPacketsPerSecondAllowanceExceeded', 'Count'],
  ['SwapUsage', 'Bytes'],
];

const MAIN_THREAD_CPU = ['used_cpu_sys_main_thread', 'used_cpu_user_main_thread'];
const ALL_CPU = ['used_cpu_sys', 'used_cpu_user', 'used_cpu_sys_children', 'used_cpu_user_children'];

/** Families that even an unused node reports. */
const ALWAYS_REPORTED = ['GetType', 'SetType'];
const REQUEST_LATENCY: Record<string, string> = {
  GetType: 'SuccessfulReadRequestLatency',
  SetType: 'SuccessfulWriteRequestLatency',
};

/**
 * The metrics of one sample, and its counters. `at`: milliseconds. `lastLook`: the counters of the previous sample;
 * without them, differences are reported only for an engine that started within the last minute.
 * `replicationLagSeconds`: replicas only.
 */
export function metricsFromInfo(
  info: InfoFields,
  at: number,
  lastLook: Counters | undefined,
  replicationLagSeconds: number | undefined,
): { metrics: NodeMetric[]; counters: Counters } {
  const counters = countersOf(info, at);
  const uptimeMs = (numberOf(info, 'uptime_in_seconds') ?? 0) * 1000;
  const before = lastLook ?? (uptimeMs < MINUTE_MS ? { ...NOTHING_YET, at: at - MINUTE_MS } : undefined);
  const isSameRun = before?.runId === counters.runId;
  const since = (name: string): number | undefined => {
    const now = counters.values.get(name);
    if (now === undefined || !before) return undefined;
    const grown = now - (isSameRun ? (before.values.get(name) ?? 0) : 0);
    // A counter that decreased was reset by CONFIG RESETSTAT.
    return grown < 0 ? now : grown;
  };
  const elapsedMs = before ? at - before.at : 0;
  const metrics: NodeMetric[] = [];
  const report = (name: string, value: number | undefined, unit: MetricUnit) => {
    if (value !== undefined && Number.isFinite(value)) metrics.push({ name, value: rounded(value), unit });
  };

  for (const [name, unit] of ALWAYS_ZERO) report(name, 0, unit);
  for (const [name, field, unit] of GAUGES) report(name, numberOf(info, field), unit);
  for (const [name, field, unit] of COUNTERS) report(name, since(field), unit);
  reportRole(info, replicationLagSeconds, report);
  reportMemory(info, report);
  reportKeys(info, report);
  const hits = since('keyspace_hits') ?? 0;
  const lookups = hits + (since('keyspace_misses') ?? 0);
  if (lookups > 0) report('CacheHitRate', hits / lookups, 'Percent');
  const ranMs = isSameRun ? elapsedMs : Math.min(elapsedMs, uptimeMs);
  report('EngineCPUUtilization', shareOf(MAIN_THREAD_CPU.map(since), ranMs), 'Percent');
  report('CPUUtilization', shareOf(ALL_CPU.map(since), ranMs), 'Percent');
  reportFamilies(counters, since, report);
  return { metrics, counters };
}

const MINUTE_MS = 60_000;
const NOTHING_YET: Omit<Counters, 'at'> = { runId: '', values: new Map() };

type Report = (name: string, value: number | undefined, unit: MetricUnit) => void;

function reportRole(info: InfoFields, lagSeconds: number | undefined, report: Report): void {
  const isReplica = info.get('role') === 'slave';
  report('IsMaster', isReplica ? 0 : 1, 'Count');
  report('ReplicationBytes', numberOf(info, 'master_repl_offset'), 'Bytes');
  if (!isReplica) return;
  report('MasterLinkHealthStatus', info.get('master_link_status') === 'up' ? 1 : 0, 'Count');
  report('ReplicationLag', lagSeconds, 'Seconds');
}

/** Without maxmemory, a node can use all the machine's memory. */
function reportMemory(info: InfoFields, report: Report): void {
  const most = numberOf(info, 'maxmemory') || (numberOf(info, 'total_system_memory') ?? 0);
  const used = numberOf(info, 'used_memory');
  if (most === 0 || used === undefined) return;
  const counted = Math.max(0, used - (numberOf(info, 'mem_not_counted_for_evict') ?? 0));
  // AWS: without data tiering, the capacity is the memory.
  for (const kind of ['DatabaseMemoryUsage', 'DatabaseCapacityUsage']) {
    report(`${kind}Percentage`, (used / most) * 100, 'Percent');
    report(`${kind}CountedForEvictPercentage`, (counted / most) * 100, 'Percent');
  }
  report('FreeableMemory', Math.max(0, most - (numberOf(info, 'used_memory_rss') ?? used)), 'Bytes');
}

/** Parses `db0:keys=3,expires=1,avg_ttl=0`. INFO omits databases without keys. */
function reportKeys(info: InfoFields, report: Report): void {
  let [keys, expiring] = [0, 0];
  for (const [name, value] of info) {
    if (!/^db\d+$/.test(name)) continue;
    const parts = partsOf(value);
    keys += parts.get('keys') ?? 0;
    expiring += parts.get('expires') ?? 0;
    if (name === 'db0') report('DB0AverageTTL', parts.get('avg_ttl'), 'Milliseconds');
  }
  report('CurrItems', keys, 'Count');
  report('CurrVolatileItems', expiring, 'Count');
}

function reportFamilies(
  counters: Counters,
  since: (name: string) => number | undefined,
  report: Report,
): void {
  const used = [...counters.values.keys()]
    .filter((name) => name.startsWith(CALLS))
    .map((name) => name.slice(CALLS.length));
  for (const family of new Set([...ALWAYS_REPORTED, ...used])) {
    const calls = since(CALLS + family);
    report(`${family}Cmds`, calls, 'Count');
    if (!calls) continue;
    const microseconds = (since(TIME + family) ?? 0) / calls;
    report(`${family}CmdsLatency`, microseconds, 'Microseconds');
    if (REQUEST_LATENCY[family]) report(REQUEST_LATENCY[family], microseconds, 'Microseconds');
  }
}

const CALLS = 'calls ';
const TIME = 'time ';
const COMMAND = 'cmdstat_';

function countersOf(info: InfoFields, at: number): Counters {
  const values = new Map<string, number>();
  const add = (name: string, more: number) => values.set(name, (values.get(name) ?? 0) + more);
  for (const family of ALWAYS_REPORTED) add(CALLS + family, 0);
  for (const field of [...COUNTERS.map(([, field]) => field), ...MAIN_THREAD_CPU, ...ALL_CPU]) {
    const value = numberOf(info, field);
    if (value !== undefined) values.set(field, value);
  }
  for (const [name, value] of info) {
    if (!name.startsWith(COMMAND)) continue;
    // INFO reports subcommands separately: `cmdstat_cluster|info`.
    const command = name.slice(COMMAND.length).split('|', 1)[0]!.toLowerCase();
    const families = FAMILIES.get(command);
    if (!families) continue;
    const parts = partsOf(value);
    for (const family of families) {
      add(CALLS + family, parts.get('calls') ?? 0);
      add(TIME + family, parts.get('usec') ?? 0);
    }
  }
  return { runId: info.get('run_id') ?? '', at, values };
}

/** CPU time in seconds as a percentage of `elapsedMs` on one core. */
function shareOf(seconds: readonly (number | undefined)[], elapsedMs: number): number | undefined {
  if (elapsedMs <= 0 || seconds.some((one) => one === undefined)) return undefined;
  const total = seconds.reduce<number>((sum, one) => sum + one!, 0);
  return Math.min(100, (total * 100_000) / elapsedMs);
}

/**
 * The lag of a replica in seconds, as its primary reports it (`slave0:ip=127.0.0.2,…,lag=0`); while the link is down,
 * the time since then. `undefined` for a primary, and for a replica that was never linked.
 */
export function replicationLagOf(
  replica: InfoFields,
  primary: InfoFields | undefined,
  address: string,
): number | undefined {
  if (replica.get('role') !== 'slave') return undefined;
  if (replica.get('master_link_status') !== 'up') {
    const apart = numberOf(replica, 'master_link_down_since_seconds');
    return apart !== undefined && apart >= 0 ? apart : undefined;
  }
  for (const [name, value] of primary ?? []) {
    if (!/^slave\d+$/.test(name) || !value.includes(`ip=${address},`)) continue;
    const lag = partsOf(value).get('lag');
    if (lag !== undefined && lag >= 0) return lag;
  }
  return numberOf(replica, 'master_last_io_seconds_ago');
}

/** Parses `calls=3,usec=12`. */
function partsOf(value: string): Map<string, number> {
  const parts = new Map<string, number>();
  for (const part of value.split(',')) {
    const equals = part.indexOf('=');
    const number = Number(part.slice(equals + 1));
    if (equals > 0 && Number.isFinite(number)) parts.set(part.slice(0, equals), number);
  }
  return parts;
}

function numberOf(info: InfoFields, field: string): number | undefined {
  const text = info.get(field);
  const value = text === undefined || text === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** Four decimals are precise enough, and take little space. */
const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;
