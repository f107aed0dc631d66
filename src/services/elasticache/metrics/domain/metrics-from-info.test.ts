// Tests metrics from the recorded INFO of real engines, before and after some thousand commands a minute apart.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parseInfo } from '../../../../engine/info.ts';
import { FAMILIES } from './command-families.ts';
import { metricsFromInfo, replicationLagOf } from './metrics-from-info.ts';

const MINUTE_MS = 60_000;

const infoOf = (name: string) =>
  parseInfo(
    readFileSync(new URL(`../../../../../test/support/info-texts/${name}.txt`, import.meta.url), 'utf8'),
  );

type Changes = Record<string, string | number>;

const changed = (name: string, changes: Changes) =>
  new Map([...infoOf(name), ...Object.entries(changes).map(([key, value]) => [key, String(value)] as const)]);

function between(before: string, after: string, changes: Changes = {}, earlier: Changes = {}) {
  const { counters } = metricsFromInfo(changed(before, earlier), 0, undefined, undefined);
  const { metrics } = metricsFromInfo(changed(after, changes), MINUTE_MS, counters, undefined);
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}

const same = (actual: Record<string, number>, expected: Record<string, number | undefined>) =>
  assert.deepEqual(Object.fromEntries(Object.keys(expected).map((name) => [name, actual[name]])), expected);

it('all metrics of the host are published, except those of credits and packets', () => {
  const metrics = between('redis-7.0-primary-before', 'redis-7.0-primary-after');
  for (const name of ['CPUUtilization', 'FreeableMemory', 'NetworkBytesIn', 'NetworkBytesOut']) {
    assert.ok(metrics[name]! > 0, name);
  }
  same(metrics, {
    ...{ NetworkBandwidthInAllowanceExceeded: 0, NetworkBandwidthOutAllowanceExceeded: 0 },
    ...{ NetworkConntrackAllowanceExceeded: 0, NetworkLinkLocalAllowanceExceeded: 0 },
    ...{ NetworkPacketsPerSecondAllowanceExceeded: 0, SwapUsage: 0 },
    ...{ CPUCreditBalance: undefined, CPUCreditUsage: undefined },
    ...{ NetworkPacketsIn: undefined, NetworkPacketsOut: undefined },
  });
});

describe('a primary', () => {
  const cases: [engine: string, expected: Record<string, number | undefined>][] = [
    ['redis-7.0', { AuthenticationFailures: undefined, BytesUsedForCache: 0, ErrorCount: 3 }],
    ['valkey-8.0', { AuthenticationFailures: 1, BytesUsedForCache: 0, ErrorCount: 3 }],
  ];
  for (const [engine, own] of cases) {
    it(`of ${engine}`, () => {
      const info = infoOf(`${engine}-primary-after`);
      const metrics = between(`${engine}-primary-before`, `${engine}-primary-after`);
      const used = Number(info.get('used_memory'));
      same(metrics, {
        ...own,
        BytesUsedForCache: used,
        CacheHits: 2000,
        CacheMisses: 1,
        CacheHitRate: Math.round((2000 / 2001) * 10_000) / 10_000,
        ClusterBasedCmds: 1,
        CurrItems: 14,
        CurrVolatileItems: 2,
        DatabaseMemoryUsagePercentage: Math.round((used / 67_108_864) * 1_000_000) / 10_000,
        EvalBasedCmds: 1,
        Evictions: 0,
        GeoSpatialBasedCmds: 1,
        GetTypeCmds: 2001,
        HashBasedCmds: 2000,
        HyperLogLogBasedCmds: 1,
        IsMaster: 1,
        KeyBasedCmds: 1,
        ListBasedCmds: 2000,
        MasterLinkHealthStatus: undefined,
        PubSubBasedCmds: 1,
        Reclaimed: 1,
        RejectedConnections: 0,
        ReplicationBytes: Number(info.get('master_repl_offset')),
        ReplicationLag: undefined,
        SaveInProgress: 0,
        SetBasedCmds: 1,
        // set, lpush, hset, zadd, and one each of set twice, xadd, pfadd, geoadd, sadd, expire
        SetTypeCmds: 8007,
        SortedSetBasedCmds: 2000,
        StreamBasedCmds: 1,
        StringBasedCmds: 4003,
      });
      assert.ok(metrics.NewConnections! >= 25 && metrics.NewConnections! < 60, `${metrics.NewConnections}`);
      assert.ok(metrics.EngineCPUUtilization! > 0 && metrics.EngineCPUUtilization! < 5);
      assert.ok(metrics.CPUUtilization! >= metrics.EngineCPUUtilization! - 0.01);
      assert.ok(metrics.NetworkBytesIn! > 50_000 && metrics.NetworkBytesOut! > 50_000);
      assert.ok(metrics.GetTypeCmdsLatency! > 0 && metrics.GetTypeCmdsLatency! < 50);
      assert.equal(metrics.SuccessfulReadRequestLatency, metrics.GetTypeCmdsLatency);
      assert.ok(metrics.FreeableMemory! > 0);
    });
  }
});

for (const engine of ['redis-7.0', 'valkey-8.0']) {
  it(`a replica of ${engine}`, () => {
    const metrics = between(`${engine}-replica-before`, `${engine}-replica-after`);
    same(metrics, { IsMaster: 0, MasterLinkHealthStatus: 1, CurrItems: 14, CacheHits: 0, GetTypeCmds: 0 });
    const down = between(`${engine}-replica-before`, `${engine}-replica-after`, {
      master_link_status: 'down',
    });
    same(down, { MasterLinkHealthStatus: 0 });
  });
}

describe('differences', () => {
  const [before, after] = ['redis-7.0-primary-before', 'redis-7.0-primary-after'] as const;
  const hits = (changes: Changes, earlier: Changes = {}) =>
    between(before, after, changes, earlier).CacheHits;

  it('count from zero after a restart of the engine', () => {
    assert.equal(hits({ run_id: 'another', keyspace_hits: 7 }, { keyspace_hits: 5 }), 7);
    // The share of the time since the restart.
    const restarted = { run_id: 'another', uptime_in_seconds: 30, used_cpu_user_main_thread: 3 };
    const { EngineCPUUtilization } = between(before, after, { ...restarted, used_cpu_sys_main_thread: 0 });
    assert.equal(EngineCPUUtilization, 10);
  });
  it('count from zero after CONFIG RESETSTAT', () =>
    assert.equal(hits({ keyspace_hits: 3 }, { keyspace_hits: 5 }), 3));
  it('are not reported in the first sample of an engine that has run longer', () => {
    const { metrics } = metricsFromInfo(changed(after, { uptime_in_seconds: 600 }), 0, undefined, undefined);
    const names = new Set(metrics.map(({ name }) => name));
    assert.ok(names.has('CurrItems') && !names.has('CacheHits') && !names.has('GetTypeCmds'));
  });
  it('count from the start in the first sample of a new engine', () => {
    const { metrics } = metricsFromInfo(changed(after, { uptime_in_seconds: 5 }), 0, undefined, undefined);
    assert.equal(metrics.find(({ name }) => name === 'CacheHits')?.value, 2001);
  });
});

it('omits metrics whose fields the engine does not report', () => {
  const { metrics } = metricsFromInfo(new Map([['used_memory', 'x']]), 0, undefined, undefined);
  assert.ok(metrics.every(({ value }) => Number.isFinite(value)));
  assert.equal(
    metrics.find(({ name }) => name === 'BytesUsedForCache'),
    undefined,
  );
});

it('without maxmemory, the machine’s memory is the limit', () => {
  const changes = { maxmemory: 0, total_system_memory: 1000, used_memory: 250, used_memory_rss: 300 };
  const metrics = between('redis-7.0-primary-before', 'redis-7.0-primary-after', changes);
  same(metrics, { DatabaseMemoryUsagePercentage: 25, FreeableMemory: 700 });
});

describe('replication lag', () => {
  const replica = (changes: Changes) => changed('redis-7.0-replica-after', changes);
  const primary = new Map([['slave0', 'ip=127.0.0.12,port=6379,state=online,offset=9,lag=4']]);
  const cases: [name: string, info: ReturnType<typeof changed>, lag: number | undefined][] = [
    ['as its primary says', replica({}), 4],
    ['since the link broke', replica({ master_link_status: 'down', master_link_down_since_seconds: 9 }), 9],
    ['never linked', replica({ master_link_status: 'down', master_link_down_since_seconds: -1 }), undefined],
    ['of a primary', replica({ role: 'master' }), undefined],
  ];
  for (const [name, info, lag] of cases) {
    it(name, () => assert.equal(replicationLagOf(info, primary, '127.0.0.12'), lag));
  }
  it('is the replica’s own figure when its primary reports none', () => {
    assert.equal(replicationLagOf(replica({}), primary, '127.0.0.1'), 2);
  });
});

it('every command has one family by data type, and at most one of GetType and SetType', () => {
  for (const [command, families] of FAMILIES) {
    const kinds = families.filter((family) => family === 'GetType' || family === 'SetType');
    assert.ok(kinds.length <= 1, command);
    assert.equal(families.length - kinds.length, 1, command);
  }
  assert.deepEqual(FAMILIES.get('get'), ['StringBased', 'GetType']);
  assert.deepEqual(FAMILIES.get('del'), ['KeyBased', 'SetType']);
  assert.deepEqual(FAMILIES.get('publish'), ['PubSubBased']);
});
