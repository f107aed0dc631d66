// A feed that delivers nowhere, in a process of its own: counts the changes, and how old each is by the time that its
// value tells.

import type { FollowedShard } from '../src/feed/feeds.ts';
import { createReplicationSource } from '../src/feed/replication/replication-source.ts';
import { silentLog } from '../src/kernel/log.ts';

/** What the process is asked, by a line of JSON as its argument. */
export interface NullFeed {
  directory: string;
  shard: FollowedShard;
  resync: 'diff' | 'upserts';
  /** It waits for the message `read` before it asks for changes, so that they are in the spool. */
  isHeld: boolean;
}

/** What it answers to each message. */
export interface NullFeedReport {
  changes: number;
  /** In the spool and not delivered. */
  bytes: number;
  /** Milliseconds, of the changes since the last report. */
  lagP99Ms: number;
}

const { directory, shard, resync, isHeld } = JSON.parse(process.argv[2]!) as NullFeed;
const source = createReplicationSource({
  ...{ cache: 'bench', directory, resync, start: 'now', value: 'none', log: silentLog },
  shards: [shard],
});
let changes = 0;
let lags: number[] = [];

async function read(): Promise<void> {
  for await (const batch of source.batches()) {
    const now = Date.now();
    changes += batch.changes.length;
    for (const { command } of batch.changes) {
      const sentAt = Number(command?.[2]);
      if (sentAt > 0) lags.push(now - sentAt);
    }
    batch.acknowledge();
  }
}

if (!isHeld) void read();
let isReading = !isHeld;
process.on('message', (message) => {
  if (!isReading && message === 'read') {
    isReading = true;
    void read();
  }
  const sorted = lags.toSorted((a, b) => a - b);
  lags = [];
  const lagP99Ms = sorted[Math.floor(sorted.length * 0.99)] ?? 0;
  process.send!({ changes, bytes: source.lag().bytes, lagP99Ms } satisfies NullFeedReport);
});
process.on('disconnect', () => process.exit(0));
source.ready.then(() => process.send!('ready'));
