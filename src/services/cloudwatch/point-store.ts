// Where points lie. A call's points are put into a journal before it is answered, so that a kill -9 loses nothing that was
// acknowledged. Metrics that were made one after the other share a bucket; once a bucket's journal is some kilobytes
// long it is folded into blocks, in which the points are sorted, packed and kept by their age (domain/resolution.ts).
// In memory is the journal alone. Bounded: by age, and by the size of all blocks together, where the oldest go first.

import { setImmediate as breathe } from 'node:timers/promises';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Log } from '../../kernel/log.ts';
import type { Store } from '../../store/store.ts';
import type { Point } from './domain/point.ts';
import {
  decodeEntries,
  decodeSeries,
  type Entry,
  encodeEntries,
  encodeSeries,
  type Series,
} from './domain/point-codec.ts';
import { blockStart, isOver, nextTier, summedUp, TIERS, type Tier, tierOf } from './domain/resolution.ts';

export interface PointStoreOptions {
  /** All blocks together. */
  mostBlockBytes: number;
  /** Called within the transaction that folds points of these metrics. */
  onFold(metrics: Iterable<number>): void;
  /** Called at the start for every point that waits in the journal; `at` in seconds. */
  onFound(metric: number, at: number): void;
  log: Log;
}

export interface StoredPoint extends Point {
  /** Seconds that it sums up. */
  resolution: number;
}

export interface PointStore {
  /** `metric` is the metric's number in the index. */
  append(entries: readonly Entry[]): void;
  /** All from `from` to before `to`, in seconds, by metric; in no order. */
  read(metrics: readonly number[], from: number, to: number): Promise<Map<number, StoredPoint[]>>;
  /** Sums up, or forgets, what has grown old. */
  age(now: number, isStopped: () => boolean): Promise<void>;
  /** Of the blocks, as stored. */
  storedBytes(): number;
}

const BUCKET = 64;
const bucketOf = (metric: number): number => Math.floor(metric / BUCKET);
/** A bucket's journal is folded when it is longer, in bytes or in calls. */
const JOURNAL_BYTES = 16_384;
const JOURNAL_PARTS = 256;
/** What one step of the event loop may take for reading. */
const SLICE_MS = 10;
const FORGET_AT_ONCE = 64;
const DEFLATE = { level: 6 } as const;

export function openPointStore(store: Store, options: PointStoreOptions): PointStore {
  const { mostBlockBytes, log } = options;
  const sql = statements(store);
  const journal = new Map<number, { bytes: number; parts: Uint8Array[] }>();
  let storedBytes = Number(sql.total.get()?.total ?? 0);

  for (const row of sql.journal.all()) {
    const part = row.points as Uint8Array;
    addToJournal(Number(row.bucket), part);
    for (const { metric, point } of decodeEntries(part)) options.onFound(metric, point.at);
  }

  function addToJournal(bucket: number, part: Uint8Array): boolean {
    const entry = journal.get(bucket) ?? { bytes: 0, parts: [] };
    entry.bytes += part.length;
    entry.parts.push(part);
    journal.set(bucket, entry);
    return entry.bytes > JOURNAL_BYTES || entry.parts.length > JOURNAL_PARTS;
  }

  function append(entries: readonly Entry[]): void {
    const parts = [...Map.groupBy(entries, ({ metric }) => bucketOf(metric))].map(
      ([bucket, own]) => [bucket, encodeEntries(own)] as const,
    );
    store.transaction(() => {
      for (const [bucket, part] of parts) sql.addToJournal.run(bucket, part);
    });
    const long = parts.filter(([bucket, part]) => addToJournal(bucket, part));
    try {
      for (const [bucket] of long) fold(bucket);
      forgetOldest();
    } catch (error) {
      // The points are safe in the journal; the next call tries again.
      log.warn({ err: error }, 'metrics could not be folded');
    }
  }

  function fold(bucket: number): void {
    const entries = journal.get(bucket)!.parts.flatMap((part) => decodeEntries(part));
    const before = storedBytes;
    try {
      store.transaction(() => {
        for (const [resolution, own] of Map.groupBy(entries, (entry) => entry.resolution)) {
          const tier = tierOf(resolution);
          const blocks = Map.groupBy(own, ({ point }) => blockStart(tier, point.at));
          for (const [start, added] of blocks) mergeInto(bucket, tier, start, seriesOf(added));
        }
        sql.clearJournal.run(bucket);
        options.onFold(new Set(entries.map(({ metric }) => metric)));
      });
    } catch (error) {
      storedBytes = before;
      throw error;
    }
    journal.delete(bucket);
  }

  function mergeInto(bucket: number, tier: Tier, start: number, added: Series): void {
    const row = sql.block.get(bucket, tier.resolution, start);
    const series: Series = row ? unpack(row.points, start) : new Map();
    for (const [metric, points] of added) {
      const all = summedUp([...(series.get(metric) ?? []), ...points], tier.resolution);
      series.set(metric, tier.keepsValues ? all : all.map(withoutValues));
    }
    const packed = deflateRawSync(encodeSeries(series, start), DEFLATE);
    sql.putBlock.run(bucket, tier.resolution, start, packed.length, packed);
    storedBytes += packed.length - Number(row?.bytes ?? 0);
  }

  function forgetOldest(): void {
    while (storedBytes > mostBlockBytes) {
      const rows = sql.oldest.all(FORGET_AT_ONCE);
      if (rows.length === 0) return;
      store.transaction(() => {
        for (const row of rows)
          sql.removeBlock.run(row.bucket as number, row.resolution as number, row.start as number);
      });
      for (const row of rows) storedBytes -= Number(row.bytes);
    }
  }

  async function read(metrics: readonly number[], from: number, to: number) {
    const found = new Map<number, StoredPoint[]>(metrics.map((metric) => [metric, []]));
    let sliceEnd = performance.now() + SLICE_MS;
    const keep = (metric: number, resolution: number, points: readonly Point[]) => {
      const kept = found.get(metric)!;
      for (const point of points) {
        if (point.at >= from && point.at < to) kept.push({ ...point, resolution });
      }
    };
    for (const [bucket, own] of Map.groupBy(metrics, bucketOf)) {
      const wanted = new Set(own);
      // The journal first, and the blocks' names in the same breath: what is folded meanwhile is not read twice.
      for (const { metric, resolution, point } of journal
        .get(bucket)
        ?.parts.flatMap((part) => decodeEntries(part)) ?? []) {
        if (wanted.has(metric)) keep(metric, resolution, [point]);
      }
      const rows = TIERS.flatMap((tier) =>
        sql.blocks.all(bucket, tier.resolution, blockStart(tier, from), to - 1),
      );
      for (const row of rows) {
        const series = unpack(row.points, Number(row.start), wanted);
        for (const [metric, points] of series) keep(metric, Number(row.resolution), points);
        if (performance.now() < sliceEnd) continue;
        await breathe();
        sliceEnd = performance.now() + SLICE_MS;
      }
    }
    return found;
  }

  async function age(now: number, isStopped: () => boolean): Promise<void> {
    for (const tier of TIERS) {
      const next = nextTier(tier);
      for (const row of sql.names.all(tier.resolution, now - tier.keepSeconds - tier.blockSeconds)) {
        const [bucket, start] = [Number(row.bucket), Number(row.start)];
        if (isOver(tier, start, now)) sumUp(bucket, tier, start, next);
        await breathe();
        if (isStopped()) return;
      }
    }
  }

  function sumUp(bucket: number, tier: Tier, start: number, next: Tier | undefined): void {
    const before = storedBytes;
    try {
      store.transaction(() => {
        const row = sql.block.get(bucket, tier.resolution, start);
        if (!row) return;
        if (next) mergeIntoAll(bucket, next, unpack(row.points, start));
        sql.removeBlock.run(bucket, tier.resolution, start);
        storedBytes -= Number(row.bytes);
      });
    } catch (error) {
      storedBytes = before;
      throw error;
    }
  }

  /** A block lies within one of the next tier, since each tier's blocks are multiples of those before. */
  function mergeIntoAll(bucket: number, tier: Tier, series: Series): void {
    const first = [...series.values()].find((points) => points.length > 0)?.[0];
    if (first) mergeInto(bucket, tier, blockStart(tier, first.at), series);
  }

  /** What cannot be read is told and counts as nothing, or its bucket could never be written to again. */
  function unpack(packed: unknown, start: number, wanted?: ReadonlySet<number>): Series {
    try {
      return decodeSeries(inflateRawSync(packed as Uint8Array), start, wanted);
    } catch (error) {
      log.error({ err: error, start }, 'a block of metrics cannot be read');
      return new Map();
    }
  }

  return { append, read, age, storedBytes: () => storedBytes };
}

const withoutValues = ({ values: _, ...point }: Point): Point => point;

function seriesOf(entries: readonly Entry[]): Series {
  const series: Series = new Map();
  for (const { metric, point } of entries) {
    const points = series.get(metric);
    if (points) points.push(point);
    else series.set(metric, [point]);
  }
  return series;
}

function statements(store: Store) {
  return {
    journal: store.prepare('SELECT bucket, points FROM metric_journal ORDER BY sequence'),
    addToJournal: store.prepare('INSERT INTO metric_journal (bucket, points) VALUES (?, ?)'),
    clearJournal: store.prepare('DELETE FROM metric_journal WHERE bucket = ?'),
    block: store.prepare(
      'SELECT bytes, points FROM metric_blocks WHERE bucket = ? AND resolution = ? AND start = ?',
    ),
    blocks: store.prepare(
      `SELECT resolution, start, points FROM metric_blocks
       WHERE bucket = ? AND resolution = ? AND start BETWEEN ? AND ?`,
    ),
    names: store.prepare(
      'SELECT bucket, start FROM metric_blocks WHERE resolution = ? AND start < ? ORDER BY start, bucket',
    ),
    oldest: store.prepare(
      'SELECT bucket, resolution, start, bytes FROM metric_blocks ORDER BY start LIMIT ?',
    ),
    putBlock: store.prepare('INSERT OR REPLACE INTO metric_blocks VALUES (?, ?, ?, ?, ?)'),
    removeBlock: store.prepare('DELETE FROM metric_blocks WHERE bucket = ? AND resolution = ? AND start = ?'),
    total: store.prepare('SELECT SUM(bytes) AS total FROM metric_blocks'),
  };
}
