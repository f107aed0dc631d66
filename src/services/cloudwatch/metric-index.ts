// The index of known metrics. Each has a number that is never reused. The index is in memory, and in a table that is
// read at the start. Bounded: when there are too many metrics, those without new points for longest are removed.

import { type Scope, scopeKey } from '../../aws/scope.ts';
import type { Store } from '../../store/store.ts';

/** A known metric. */
export interface Metric {
  readonly id: number;
  readonly scope: string;
  /** See `identityKey`. */
  readonly key: string;
  /** The time of the last call that put a point, in seconds since the epoch. */
  lastPutAt: number;
}

/** `key` is that of `identityKey`. Times are in seconds since the epoch. */
export interface MetricIndex {
  find(scope: Scope, key: string): Metric | undefined;
  /** The metric of each key. Adds unknown metrics. */
  findOrAdd(scope: Scope, keys: readonly string[], now: number): Metric[];
  /** All metrics of the account and region, in no particular order. */
  of(scope: Scope): Iterable<Metric>;
  /** Moves `lastPutAt` forward to this time. */
  seen(id: number, at: number): void;
  /** Stores `lastPutAt` of these metrics for the next start. */
  save(ids: Iterable<number>): void;
  /** Removes the metrics without points since then. */
  forgetBefore(at: number): void;
}

/** Reads the table of metrics. `most` is the maximum number of metrics. */
export function openMetricIndex(store: Store, most: number): MetricIndex {
  const insert = store.prepare(
    'INSERT INTO metrics (account, region, identity, last_put_at) VALUES (?, ?, ?, ?)',
  );
  const update = store.prepare('UPDATE metrics SET last_put_at = ? WHERE id = ?');
  const remove = store.prepare('DELETE FROM metrics WHERE id = ?');
  const byScope = new Map<string, Map<string, Metric>>();
  const byId = new Map<number, Metric>();

  for (const row of store.prepare('SELECT id, account, region, identity, last_put_at FROM metrics').all()) {
    const scope = scopeKey({ accountId: String(row.account), region: String(row.region) });
    remember({ id: Number(row.id), scope, key: String(row.identity), lastPutAt: Number(row.last_put_at) });
  }

  function remember(metric: Metric): void {
    const metrics = byScope.get(metric.scope) ?? new Map<string, Metric>();
    byScope.set(metric.scope, metrics.set(metric.key, metric));
    byId.set(metric.id, metric);
  }

  function forget(metrics: readonly Metric[]): void {
    store.transaction(() => {
      for (const { id } of metrics) remove.run(id);
    });
    for (const { id, scope, key } of metrics) {
      byId.delete(id);
      byScope.get(scope)!.delete(key);
    }
  }

  /** Removes more than necessary at once, so that it rarely happens. */
  function removeSilent(count: number): void {
    if (byId.size + count <= most) return;
    const silent = [...byId.values()].sort((a, b) => a.lastPutAt - b.lastPutAt);
    forget(silent.slice(0, count + Math.ceil(most / 10)));
  }

  function add(scope: Scope, keys: Iterable<string>, now: number): void {
    const added: Metric[] = [];
    store.transaction(() => {
      for (const key of keys) {
        const { lastInsertRowid: id } = insert.run(scope.accountId, scope.region, key, now);
        added.push({ id, scope: scopeKey(scope), key, lastPutAt: now });
      }
    });
    for (const metric of added) remember(metric);
  }

  return {
    find: (scope, key) => byScope.get(scopeKey(scope))?.get(key),
    findOrAdd(scope, keys, now) {
      const known = byScope.get(scopeKey(scope));
      const unknown = new Set(keys.filter((key) => !known?.has(key)));
      if (unknown.size > 0) {
        // Before the lookup, since it may remove metrics that this call names; those are added again.
        removeSilent(unknown.size);
        for (const key of keys) if (!byScope.get(scopeKey(scope))?.has(key)) unknown.add(key);
        add(scope, unknown, now);
      }
      const metrics = byScope.get(scopeKey(scope))!;
      return keys.map((key) => metrics.get(key)!);
    },
    of: (scope) => byScope.get(scopeKey(scope))?.values() ?? [],
    seen(id, at) {
      const metric = byId.get(id);
      if (metric) metric.lastPutAt = Math.max(metric.lastPutAt, at);
    },
    save(ids) {
      for (const id of ids) {
        const metric = byId.get(id);
        if (metric) update.run(metric.lastPutAt, id);
      }
    },
    forgetBefore: (at) => forget([...byId.values()].filter(({ lastPutAt }) => lastPutAt < at)),
  };
}
