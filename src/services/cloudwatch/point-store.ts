// Stores points. The points of a call are written to a journal before the call is answered, so a kill -9 loses
// nothing that was acknowledged. Metrics with neighbouring numbers share a bucket. Once the journal of a bucket is
// some kilobytes long, it is folded into blocks, in which points are sorted, compressed and aggregated by age
// (domain/resolution.ts). Only the journal is in memory.
//
// Bounded by age, and by the size of all blocks together: the oldest blocks are removed first.

import { setImmediate as nextTurn } from 'node:timers/promises';
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
import { aggregated, blockStart, isOver, nextTier, TIERS, type Tier, tierOf } from './domain/resolution.ts';

/** Limits and callbacks of a point store. */
export interface PointStoreOptions {
  /** The maximum size of all blocks together. */
  mostBlockBytes: number;
  /** Called within the transaction that folds points of these metrics into blocks. */
  onFold(metrics: Iterable<number>): void;
  /** Called at the start for every point in the journal. `at` is in seconds since the epoch. */
  onFound(metric: number, at: number): void;
  log: Log;
}

/** A point with the length of time that it aggregates. */
export interface StoredPoint extends Point {
  /** Seconds. */
  resolution: number;
}

/** Metrics are named by their numbers in the index. Times are in seconds since the epoch. */
export interface PointStore {
  /** The points are on disk when it returns. Throws if the journal cannot be written. */
  append(entries: readonly Entry[]): void;
  /** All points from `from` (inclusive) to `to` (exclusive), by metric, in no particular order. */
  read(metrics: readonly number[], from: number, to: number): Promise<Map<number, StoredPoint[]>>;
  /** Aggregates or removes the blocks that have grown old. */
  age(now: number, isStopped: () => boolean): Promise<void>;
  /** The compressed size of all blocks. */
  storedBytes(): number;
}

const BUCKET = 64;
const bucketOf = (metric: number): number => Math.floor(metric / BUCKET);
/** A bucket's journal is folded when it has more bytes or more parts. Each call adds one part. */
const JOURNAL_BYTES = 16_384;
const JOURNAL_PARTS = 256;
/** Reading gives way to other work after this time. */
const SLICE_MS = 10;
const FORGET_AT_ONCE = 64;
const DEFLATE = { level: 6 } as const;

/** Reads the journal into memory. */
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
      // The points are safe in the journal, and the next call tries again.
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
      const all = aggregated([...(series.get(metric) ?? []), ...points], tier.resolution);
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
      // Journal and blocks are read in one step of the event loop, so that points folded later are not read twice.
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
        await nextTurn();
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
        await nextTurn();
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

  /** A block is within one block of the next tier, since the block length of a tier is a multiple of the one before. */
  function mergeIntoAll(bucket: number, tier: Tier, series: Series): void {
    const first = [...series.values()].find((points) => points.length > 0)?.[0];
    if (first) mergeInto(bucket, tier, blockStart(tier, first.at), series);
  }

  /** An unreadable block is logged and treated as empty; otherwise nothing could be added to it again. */
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
