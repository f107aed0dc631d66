// Reads one stream as a consumer of its group: first what this consumer had received and not acknowledged, then what is
// new, and from time to time what consumers left that no longer live. It follows the stream to the primary that owns
// it, and begins anew after every lost connection, so that nothing that was sent into it is forgotten.

import type { Log } from '../../kernel/log.ts';
import type { Change } from '../change.ts';
import { slotOfKey } from '../key-slot.ts';
import { connectNode, type NodeConnection, ReplyError } from '../redis/node-connection.ts';
import { pause, pauseMs } from '../redis/pause.ts';
import { nodeName, type Primary, type ReadServer } from '../redis/redis-server.ts';
import { findPrimaries, ownerOf } from '../redis/topology.ts';
import type { SourceBatch, SourceLag } from '../source.ts';
import { Received } from './group-state.ts';
import {
  changeOf,
  parseClaim,
  parseDeliveries,
  parseGroup,
  parseRead,
  type StreamEntry,
} from './stream-entries.ts';

/** What is read, and as whom. */
export interface StreamReaderOptions {
  stream: string;
  group: string;
  consumer: string;
  /** Entries that another consumer has held for longer are claimed. */
  claimAfterMs: number;
  /** Where a group begins that is made: at what is new, or at the first entry. */
  start: 'now' | 'all';
  cache: string;
  server: () => Promise<ReadServer>;
  log: Log;
}

const MOST_ENTRIES = 500;
/** The engine answers after this long when nothing comes, so that a dead connection shows. */
const BLOCK_MS = 2_000;
const MOST_IDS = 1_000;
const CLOSE_MS = 1_000;
const LAG_MS = 1_000;
/** How often entries in delivery are shown to be alive, as a part of `claimAfterMs`, within bounds. */
const BEATS = 3;
const [SHORTEST_BEAT_MS, LONGEST_BEAT_MS] = [200, 30_000];

/** A reader of one stream. */
export class StreamReader {
  readonly #options: StreamReaderOptions;
  readonly #put: (batch: SourceBatch) => Promise<void>;
  readonly #received = new Received();
  readonly #end = new AbortController();
  readonly #hasGroup = Promise.withResolvers<void>();
  #primaries: readonly Primary[] = [];
  #database = 0;
  /** For everything but the blocking read. */
  #commands: NodeConnection | undefined;
  #reading: NodeConnection | undefined;
  #isSettling = false;
  #lastRead: string | undefined;
  #group: { pending: number; unread: number } | undefined;
  #groupAskedAt = Number.NEGATIVE_INFINITY;
  #state: string;
  #lost = 0;

  /** `put` resolves when the batch was taken. */
  constructor(options: StreamReaderOptions, put: (batch: SourceBatch) => Promise<void>) {
    this.#options = options;
    this.#put = put;
    this.#state = `connects for ${options.stream}`;
  }

  /** Reads until `close`. Never rejects: what fails is tried again, and shown by `lag`. */
  async run(): Promise<void> {
    const { stream, log } = this.#options;
    const beat = setInterval(() => void this.#beat(), this.#beatMs());
    for (let failures = 0; !this.#isClosed; failures++) {
      try {
        await this.#connect();
        await this.#ensureGroup();
        this.#hasGroup.resolve();
        this.#state = `reads ${stream} at ${nodeName(this.#reading!.node)}`;
        void this.#settle();
        await this.#readAll(() => (failures = 0));
      } catch (error) {
        if (this.#isClosed) break;
        this.#state = `waits for ${stream}: ${(error as Error).message}`;
        if (failures === 0) log.warn({ stream, reason: (error as Error).message }, 'a stream cannot be read');
      }
      this.#disconnect();
      await pause(pauseMs(failures), this.#end.signal);
    }
    clearInterval(beat);
  }

  /** Tells the engine what was acknowledged, as far as it answers within a second, and ends. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#end.abort();
    this.#reading?.close();
    await Promise.race([this.#settle(), pause(CLOSE_MS, new AbortController().signal)]);
    this.#disconnect();
  }

  /** Resolves once its group is there. */
  get ready(): Promise<void> {
    return this.#hasGroup.promise;
  }

  get #isClosed(): boolean {
    return this.#end.signal.aborted;
  }

  lag(): Omit<SourceLag, 'states'> & { state: string } {
    this.#askForGroup();
    const { changes, bytes, oldestAt } = this.#received;
    const lost = this.#lost > 0 ? `; ${this.#lost} entries were deleted before they were read` : '';
    return {
      changes: changes + (this.#group?.unread ?? 0),
      bytes,
      ...(oldestAt !== undefined && { oldestAt }),
      state: this.#state + lost,
    };
  }

  async #connect(): Promise<void> {
    const { stream, server } = this.#options;
    const read = await server();
    this.#database = read.access.database;
    this.#primaries = await findPrimaries(read, this.#primaries);
    const owner = ownerOf(this.#primaries, slotOfKey(Buffer.from(stream)));
    if (!owner) throw new Error('no node of the cluster owns its slot');
    // Each is stored as soon as it is there, so that `#disconnect` closes it when the other fails.
    this.#commands = await connectNode(owner.node, read.access);
    this.#reading = await connectNode(owner.node, read.access);
    if (this.#isClosed) this.#disconnect();
  }

  #disconnect(): void {
    this.#commands?.close();
    this.#reading?.close();
    this.#commands = this.#reading = undefined;
  }

  /** A group that vanished with entries read goes on after the last of them. */
  async #ensureGroup(): Promise<void> {
    const { stream, group, start } = this.#options;
    const from = this.#lastRead ?? (start === 'now' ? '$' : '0');
    try {
      await this.#commands!.call(['XGROUP', 'CREATE', stream, group, from, 'MKSTREAM']);
    } catch (error) {
      if (!(error instanceof ReplyError && error.code === 'BUSYGROUP')) throw error;
    }
  }

  async #readAll(succeeded: () => void): Promise<never> {
    await this.#readPending();
    let claimsAt = performance.now();
    for (;;) {
      if (performance.now() >= claimsAt) {
        await this.#claim();
        claimsAt = performance.now() + this.#beatMs();
      }
      const waitMs = Math.max(1, Math.min(BLOCK_MS, Math.ceil(claimsAt - performance.now())));
      const entries = await this.#read('>', waitMs);
      succeeded();
      if (entries.length > 0) this.#lastRead = entries.at(-1)!.id;
      await this.#hand(entries);
    }
  }

  async #readPending(): Promise<void> {
    for (let after = '0'; ; ) {
      const entries = await this.#read(after);
      if (entries.length === 0) return;
      after = entries.at(-1)!.id;
      await this.#hand(entries, await this.#deliveriesOf(entries));
    }
  }

  async #read(after: string, blockMs?: number): Promise<StreamEntry[]> {
    const { stream, group, consumer } = this.#options;
    const block = blockMs === undefined ? [] : ['BLOCK', blockMs];
    const words = ['XREADGROUP', 'GROUP', group, consumer, 'COUNT', MOST_ENTRIES, ...block];
    this.#received.beginRead();
    const reply = await this.#reading!.call([...words, 'STREAMS', stream, after], (blockMs ?? 0) + 5_000);
    return parseRead(reply);
  }

  /** Claims what others left, and what this consumer was sent over a connection that was lost. */
  async #claim(): Promise<void> {
    const { stream, group, consumer, claimAfterMs } = this.#options;
    for (let cursor = '0-0'; ; ) {
      const words = ['XAUTOCLAIM', stream, group, consumer, claimAfterMs, cursor, 'COUNT', MOST_ENTRIES];
      this.#received.beginRead();
      const claimed = parseClaim(await this.#reading!.call(words));
      await this.#hand(claimed.entries, await this.#deliveriesOf(claimed.entries));
      cursor = claimed.cursor;
      if (cursor === '0-0') return;
    }
  }

  /** How often each had been delivered before now. */
  async #deliveriesOf(entries: readonly StreamEntry[]): Promise<Map<string, number>> {
    const { stream, group, consumer } = this.#options;
    if (entries.length === 0) return new Map();
    const range = [entries[0]!.id, entries.at(-1)!.id];
    const words = ['XPENDING', stream, group, ...range, MOST_ENTRIES, consumer];
    return parseDeliveries(await this.#reading!.call(words));
  }

  async #hand(entries: readonly StreamEntry[], deliveries?: ReadonlyMap<string, number>): Promise<void> {
    const { stream, cache } = this.#options;
    const at = Date.now();
    const changes: Change[] = [];
    const ids: string[] = [];
    for (const { id, fields } of entries) {
      if (this.#received.has(id)) continue;
      const bytes = (fields ?? []).reduce((sum, field) => sum + field.length, 0);
      this.#received.add(id, at, bytes);
      if (!fields) {
        this.#lost++;
        this.#received.acknowledge(id);
        continue;
      }
      const change = changeOf({ id, fields }, { stream, cache, at, database: this.#database });
      // The engine has counted this delivery already.
      const count = deliveries?.get(id);
      changes.push({ ...change, ...(count !== undefined && { deliveredBefore: Math.max(0, count - 1) }) });
      ids.push(id);
    }
    void this.#settle();
    if (changes.length === 0) return;
    const acknowledge = () => {
      for (const id of ids) this.#received.acknowledge(id);
      void this.#settle();
    };
    await this.#put({ changes, acknowledge });
  }

  /** Sends acknowledgements, many at a time. What fails is sent again at the next beat or connection. */
  async #settle(): Promise<void> {
    const { stream, group } = this.#options;
    if (this.#isSettling) return;
    this.#isSettling = true;
    try {
      // Others of this turn come along.
      await undefined;
      for (const connection = this.#commands; connection && this.#received.unsettledCount > 0; ) {
        const ids = this.#received.unsettled(MOST_IDS);
        await connection.call(['XACK', stream, group, ...ids]);
        this.#received.settle(ids);
      }
    } catch {
      // The reader sees the same failure, and connects again.
    } finally {
      this.#isSettling = false;
    }
  }

  #beatMs(): number {
    const { claimAfterMs } = this.#options;
    return Math.min(LONGEST_BEAT_MS, Math.max(SHORTEST_BEAT_MS, Math.floor(claimAfterMs / BEATS)));
  }

  /** Entries that are still in delivery are no dead consumer's: their idle time begins anew, uncounted. */
  async #beat(): Promise<void> {
    const { stream, group, consumer } = this.#options;
    void this.#settle();
    const { held } = this.#received;
    try {
      for (let index = 0; index < held.length; index += MOST_IDS) {
        const ids = held.slice(index, index + MOST_IDS);
        await this.#commands?.call(['XCLAIM', stream, group, consumer, 0, ...ids, 'JUSTID']);
      }
    } catch {
      // As above.
    }
  }

  /** At most once a second, and only while someone asks for the lag. */
  #askForGroup(): void {
    const { stream, group } = this.#options;
    const now = performance.now();
    if (!this.#commands || now - this.#groupAskedAt < LAG_MS) return;
    this.#groupAskedAt = now;
    this.#commands.call(['XINFO', 'GROUPS', stream]).then(
      (reply) => {
        this.#group = parseGroup(reply, group);
      },
      () => {},
    );
  }
}
