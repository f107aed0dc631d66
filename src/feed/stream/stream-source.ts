// The source of streams: entries that programs add to streams of any Redis, read as a consumer of a group.

import type { Log } from '../../kernel/log.ts';
import type { SourceConfiguration } from '../configuration/configuration.ts';
import type { ReadServer } from '../redis/redis-server.ts';
import type { Source, SourceBatch } from '../source.ts';
import { Rendezvous } from './rendezvous.ts';
import { StreamReader } from './stream-reader.ts';

/** What the source needs. */
export interface StreamSourceOptions {
  source: Extract<SourceConfiguration, { kind: 'stream' }>;
  /** The id of the cache, or the host. */
  cache: string;
  /** Where the server is now; asked before every connection. Rejects with an OperationalError. */
  server: () => Promise<ReadServer>;
  log: Log;
}

/** The source, and whether it can miss anything. */
export interface StreamSource extends Source {
  /** Resolves once the group of every stream is there. */
  readonly ready: Promise<void>;
}

/** Connects when `batches` is read. */
export function createStreamSource({ source, cache, server, log }: StreamSourceOptions): StreamSource {
  const { streams, group, consumer, claimAfterMs, start = 'now' } = source;
  const handed = new Rendezvous<SourceBatch>();
  const readers = [...new Set(streams)].map(
    (stream) =>
      new StreamReader({ ...{ stream, group, consumer, claimAfterMs, start }, cache, server, log }, (batch) =>
        handed.put(batch),
      ),
  );

  return {
    ready: Promise.all(readers.map((reader) => reader.ready)).then(() => {}),
    promise:
      'Every entry at least once, as long as the stream keeps it. Entries of a consumer that died come after those that were read since.',
    async *batches() {
      await server().catch((error) => {
        // Later it will be the same URL; other failures may pass.
        if (error.code === 'InvalidOption') throw error;
      });
      for (const reader of readers) void reader.run();
      for (let batch = await handed.take(); batch; batch = await handed.take()) yield batch;
    },
    lag() {
      const lags = readers.map((reader) => reader.lag());
      const oldest = lags.flatMap(({ oldestAt }) => oldestAt ?? []);
      return {
        changes: lags.reduce((sum, { changes }) => sum + changes, 0),
        bytes: lags.reduce((sum, { bytes }) => sum + bytes, 0),
        ...(oldest.length > 0 && { oldestAt: Math.min(...oldest) }),
        states: lags.map(({ state }) => state),
      };
    },
    async close() {
      handed.close();
      await Promise.all(readers.map((reader) => reader.close()));
    },
  };
}
