// The source of keyspace notifications: the keys that the primaries of any Redis report, with their state as it is read
// afterwards.

import type { Log } from '../../kernel/log.ts';
import type { Change } from '../change.ts';
import type { FeedConfiguration, SourceConfiguration } from '../configuration/configuration.ts';
import { pause, pauseMs } from '../redis/pause.ts';
import type { Primary, ReadServer } from '../redis/redis-server.ts';
import { readValues, Unread } from '../redis/values.ts';
import type { Source } from '../source.ts';
import { DELETES, parseNotification } from './notifications.ts';
import { type PendingBounds, type PendingKey, PendingKeys } from './pending-keys.ts';
import { Primaries } from './primaries.ts';

/** What the source needs. */
export interface KeyspaceSourceOptions {
  source: Extract<SourceConfiguration, { kind: 'keyspace' }>;
  value: FeedConfiguration['value'];
  /** The id of the cache, or the host. */
  cache: string;
  /** Where the server is now; asked before every connection. Rejects with an OperationalError. */
  server: () => Promise<ReadServer>;
  log: Log;
  bounds?: PendingBounds;
}

/** The source, and whether it is where it should be. */
export interface KeyspaceSource extends Source {
  /** Resolves once every known primary was subscribed to. */
  readonly ready: Promise<void>;
  /** Every known primary is subscribed to. */
  readonly isSubscribed: boolean;
}

const BOUNDS: PendingBounds = { keys: 200_000, bytes: 64 * 1024 * 1024 };
const MOST_KEYS = 500;
const COUNTER_DIGITS = 15;

const inDatabase = ({ node, slots }: Primary, database: number): Primary => ({
  slots,
  node: { ...node, ...(node.access && { access: { ...node.access, database } }) },
});

/** Connects when `batches` is read. */
export function createKeyspaceSource(options: KeyspaceSourceOptions): KeyspaceSource {
  const { source, value, cache, log, bounds = BOUNDS } = options;
  const pending = new PendingKeys(bounds);
  const end = new AbortController();
  // Grows with every start, as long as the clock of the host does.
  const start = BigInt(Date.now()) * 1_000n;
  let counter = 0;
  let wake: (() => void) | undefined;
  let inDelivery = 0;
  let unread: string | undefined;

  const server = async (): Promise<ReadServer> => {
    const read = await options.server();
    const { database } = source;
    return {
      ...{ ...read, access: { ...read.access, database } },
      ...(read.primaries && { primaries: read.primaries.map((primary) => inDatabase(primary, database)) }),
    };
  };

  function notified(channel: Buffer, message: Buffer): void {
    const notification = parseNotification(channel, message);
    if (notification?.database !== source.database) return;
    if (pending.add(notification.key, notification.event, Date.now())) wake?.();
    else if (pending.dropped === 1) log.warn({ keys: pending.size }, 'a feed drops keyspace notifications');
  }

  const ready = Promise.withResolvers<void>();
  const primaries = new Primaries({
    ...{ server, pattern: source.pattern, log, notified },
    subscribed: ready.resolve,
  });

  /** The changes of these keys; those whose state cannot be read now wait again. */
  async function changesOf(keys: readonly PendingKey[]): Promise<Change[]> {
    if (value === 'none') return keys.flatMap((one) => changesOfKey(one, undefined));
    const values = await readValues(
      keys.map(({ key }) => key),
      primaries,
    );
    const failure = values.find((one) => one instanceof Unread);
    unread = failure?.message;
    pending.giveBack(keys.filter((_, index) => values[index] instanceof Unread));
    return keys.flatMap((one, index) => {
      const read = values[index]!;
      return read instanceof Unread ? [] : changesOfKey(one, read);
    });
  }

  /** One for each event, all with the state that was read. A key that moved was reported by `del` and is still there. */
  function changesOfKey({ key, events, at }: PendingKey, read: Change['value']): Change[] {
    return events.map((event) => ({
      sequence: `${start}${String(++counter).padStart(COUNTER_DIGITS, '0')}`,
      ...{ cache, database: source.database, key, at },
      kind: (read ? read.type === 'none' : DELETES.has(event)) ? 'delete' : 'write',
      command: [Buffer.from(event.toUpperCase()), key],
      ...(read && { value: read }),
    }));
  }

  return {
    promise:
      'What happens while it is subscribed, with the state of each key after it: of changes that follow each other quickly only the last. Changes are missed while a connection is interrupted, in failovers and at the restart of the feed.',
    ready: ready.promise,
    get isSubscribed() {
      return primaries.areAllSubscribed;
    },
    async *batches() {
      await server().catch((error) => {
        // Later it will be the same URL; other failures may pass.
        if (error.code === 'InvalidOption') throw error;
      });
      void primaries.run();
      for (let failures = 0; !end.signal.aborted; ) {
        if (pending.size === 0) {
          await new Promise<void>((resolve) => (wake = resolve));
          wake = undefined;
          continue;
        }
        const changes = await changesOf(pending.take(MOST_KEYS));
        failures = unread === undefined ? 0 : failures + 1;
        if (changes.length > 0) {
          inDelivery += changes.length;
          let isAcknowledged = false;
          yield {
            changes,
            acknowledge() {
              if (!isAcknowledged) inDelivery -= changes.length;
              isAcknowledged = true;
            },
          };
        }
        if (failures > 0) await pause(pauseMs(failures - 1), end.signal);
      }
    },
    lag: () => ({
      changes: pending.size + inDelivery,
      bytes: pending.bytes,
      ...(pending.oldestAt !== undefined && { oldestAt: pending.oldestAt }),
      states: [
        ...primaries.states,
        ...(unread === undefined ? [] : [`waits for the state of keys: ${unread}`]),
        ...(pending.dropped > 0 ? [`${pending.dropped} notifications found no room and were dropped`] : []),
      ],
    }),
    async close() {
      end.abort();
      wake?.();
      primaries.close();
    },
  };
}
