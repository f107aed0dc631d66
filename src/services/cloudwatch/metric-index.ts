// Which metrics there are, each with a number that is never another's. In memory, and in a table from which that is
// read at the start. Bounded: when there are too many, those that were silent for longest are forgotten.

import { type Scope, scopeKey } from '../../aws/scope.ts';
import type { Store } from '../../store/store.ts';

export interface Metric {
  readonly id: number;
  readonly scope: string;
  /** See identityKey. */
  readonly key: string;
  /** When something was last put, in seconds since the epoch. */
  lastPutAt: number;
}

export interface MetricIndex {
  find(scope: Scope, key: string): Metric | undefined;
  /** Each key's metric, made known where it is not yet. */
  findOrAdd(scope: Scope, keys: readonly string[], now: number): Metric[];
  /** In no order. */
  of(scope: Scope): Iterable<Metric>;
  /** Something of that time, in seconds, was put. */
  seen(id: number, at: number): void;
  /** Keeps `lastPutAt` of these for the next start. */
  save(ids: Iterable<number>): void;
  /** Forgets those of which nothing was put since then. */
  forgetBefore(at: number): void;
}

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

  /** More than is needed at once, so that it happens rarely. */
  function makeRoom(count: number): void {
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
        // Before any of this call is looked up: none of those can be forgotten meanwhile.
        makeRoom(unknown.size);
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
