// Reads the dump that a full resynchronization began with: what of it is news.

import { open } from 'node:fs/promises';
import type { Value } from '../change.ts';
import { DumpReader } from '../engine-format/rdb/dump-reader.ts';
import type { Position } from './position.ts';
import type { Shadow, ShadowKey } from './shadow.ts';

/** A key that the dump has with a value that was not delivered, or does not have any longer. */
export type Difference = ShadowKey & ({ kind: 'sync'; value: Value } | { kind: 'delete' });

export interface DumpOptions {
  file: string;
  shardId: string;
  place: Position;
  /** Without a shadow every key is news. */
  shadow: Shadow | undefined;
  /** Nothing in it is news: it is what the feed begins with. */
  isBeginning: boolean;
  valueBytes: number;
  /** Of a page. */
  changes: number;
  /** Runs work on the shadow as one transaction. */
  transaction<T>(work: () => T): T;
  /** Whether the key has moved to another shard, so that it is missing here and not gone. */
  hasMoved(key: Buffer): boolean;
  /** Resolves when `hasMoved` can tell. */
  untilMovesKnown(): Promise<void>;
}

const READ_BYTES = 256 * 1024;

/** Yields what is news in pages, and returns the database that the stream goes on with. Throws a FormatError. */
export async function* differences(options: DumpOptions): AsyncGenerator<Difference[], number> {
  const { shardId, place, shadow, isBeginning, transaction } = options;
  shadow?.beginDump();
  const reader = new DumpReader(options.valueBytes);
  let database = 0;
  let page: Difference[] = [];
  const file = await open(options.file);
  try {
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(READ_BYTES), 0, READ_BYTES);
      if (bytesRead === 0) break;
      reader.push(buffer.subarray(0, bytesRead));
      transaction(() => {
        for (let item = reader.next(); item; item = reader.next()) {
          if (item.kind === 'note' && item.name === 'repl-stream-db') database = Number(item.text);
          if (item.kind !== 'key') continue;
          const isNews = shadow
            ? shadow.found(shardId, place.generation, item, item.digest, isBeginning)
            : !isBeginning;
          if (isNews) page.push({ kind: 'sync', database: item.database, key: item.key, value: item.value });
        }
      });
      while (page.length >= options.changes) yield page.splice(0, options.changes);
    }
    reader.finish();
  } finally {
    await file.close();
  }
  if (page.length > 0) yield page;
  if (shadow && !isBeginning) {
    await options.untilMovesKnown();
    for (const missing of shadow.missing(shardId, place, options.changes)) {
      page = missing.filter(({ key }) => !options.hasMoved(key)).map((one) => ({ kind: 'delete', ...one }));
      transaction(() => shadow.gone(place, page));
      if (page.length > 0) yield page;
    }
  }
  return Math.max(database, 0);
}
