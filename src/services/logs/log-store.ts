// The streams and events of log groups. Events are in files (event-space.ts), which threads read; records are in the
// store.

import type { Scope } from '../../aws/scope.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import { turnEnd } from '../../kernel/turn.ts';
import type { Store } from '../../store/store.ts';
import type { EventSpace } from './event-space.ts';
import { streamExists } from './faults.ts';
import { type GroupRecord, type Records, type StreamRecord, within } from './records.ts';
import type { GroupSource } from './segments/group-source.ts';
import type { Keeping } from './segments/segment.ts';

const STREAMS_PER_GROUP = 1_000;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** The streams and events of log groups. */
export interface LogStore {
  /** Deletes a group with its events at once, its streams and filters in small transactions, the group last. */
  removeGroup(scope: Scope, name: string): Promise<void>;
  /** Throws ResourceAlreadyExists. Deletes the stream with the oldest last write if the group is full. */
  addStream(scope: Scope, group: string, name: string): void;
  /** The events are hidden at once, and erased from the files afterwards. */
  removeStream(scope: Scope, stream: StreamRecord): void;
  /** Call it within a transaction. Updates `stream`. Times are in milliseconds since the epoch. */
  append(scope: Scope, stream: StreamRecord, events: readonly { at: number; message: string }[]): void;
  /** What readers must know of the group's events in the range. `streams`: only of these. */
  source(scope: Scope, group: GroupRecord, range: EventRange, streams?: readonly StreamRecord[]): GroupSource;
  /** Of all events of the group, as AWS counts them. */
  storedBytes(scope: Scope, group: string): number;
  /** Call it within a transaction. Deletes segments all of whose events have expired. */
  expire(scope: Scope, group: GroupRecord): void;
  /** Deletes expired events, now and every hour. */
  start(): void;
  stop(): void;
}

/** Times in milliseconds since the epoch. */
export interface EventRange {
  /** Inclusive. */
  from: number;
  /** Exclusive. */
  to: number;
}

/** AWS: the log groups of functions. */
const isOfLambda = (group: string): boolean => group.startsWith('/aws/lambda/');

/** What stays in the segments of a group: the events of its streams. `undefined` for a group that there is not. */
export function keepingOf(records: Records, scope: Scope, group: string): Keeping | undefined {
  if (!records.groups.find(scope, group)) return undefined;
  const streams = records.streams.list(scope, { prefix: within(group) });
  return { streams: new Set(streams.map(({ number }) => number)), isLambda: isOfLambda(group) };
}

/** Opens it over the records and the space for events. */
export function openLogStore(options: {
  store: Store;
  clock: Clock;
  log: Log;
  records: Records;
  space: EventSpace;
}): LogStore {
  const { store, clock, log, records, space } = options;
  const { groups, streams, filters, subscriptions } = records;
  let timer: NodeJS.Timeout | undefined;

  const oldestKept = ({ retentionDays }: GroupRecord): number =>
    retentionDays === undefined ? 0 : clock.now() - retentionDays * DAY_MS;

  async function expireAll(): Promise<void> {
    for await (const batch of groups.everywhere()) {
      for (const { scope, value } of batch) {
        if (value.retentionDays !== undefined) store.transaction(() => logStore.expire(scope, value));
      }
    }
  }

  const logStore: LogStore = {
    async removeGroup(scope, name) {
      groups.existing(scope, name);
      const prefix = within(name);
      store.transaction(() => space.removeGroup(scope, name));
      const removeOne = () =>
        store.transaction(() => {
          const [stream] = streams.list(scope, { prefix, limit: 1 });
          if (stream) streams.remove(scope, within(name, stream.name));
          else {
            for (const filter of filters.list(scope, { prefix })) {
              filters.remove(scope, within(name, filter.name));
            }
            for (const filter of subscriptions.list(scope, { prefix })) {
              subscriptions.remove(scope, within(name, filter.name));
            }
            space.removeGroup(scope, name);
            groups.remove(scope, name);
          }
          return stream !== undefined;
        });
      while (removeOne()) await turnEnd();
    },
    addStream(scope, group, name) {
      if (streams.find(scope, within(group, name))) throw streamExists();
      const prefix = within(group);
      if (streams.count(scope, prefix) >= STREAMS_PER_GROUP) {
        const { name: oldest } = leastRecent(streams.list(scope, { prefix }));
        streams.remove(scope, within(group, oldest));
      }
      streams.add(scope, { group, name, createdAt: clock.now(), number: 0, nextSequence: 0 });
    },
    removeStream(scope, stream) {
      streams.remove(scope, within(stream.group, stream.name));
      space.eraseDeleted(scope, stream.group);
    },
    append(scope, stream, events) {
      const ingestedAt = clock.now();
      const storage = space.storageOf(scope, stream.group);
      if (stream.number === 0) stream.number = storage.nextStream++;
      space.append(scope, storage, {
        ...{ stream: stream.number, ingestedAt, firstSequence: stream.nextSequence },
        events,
      });
      stream.nextSequence += events.length;
      for (const { at } of events) {
        stream.firstEventAt = Math.min(stream.firstEventAt ?? at, at);
        stream.lastEventAt = Math.max(stream.lastEventAt ?? at, at);
      }
      stream.lastIngestedAt = ingestedAt;
      streams.put(scope, stream);
    },
    source(scope, group, { from, to }, only) {
      const least = oldestKept(group);
      const wanted = only ?? streams.list(scope, { prefix: within(group.name) });
      return {
        name: group.name,
        log: `${scope.accountId}:${group.name}`,
        isLambda: isOfLambda(group.name),
        streams: new Map(wanted.map(({ number, name }) => [number, name])),
        places: space.places(scope, group.name, { from: Math.max(from, least), to }),
        least,
      };
    },
    storedBytes: (scope, group) => space.storedBytes(scope, group),
    expire: (scope, group) => space.expire(scope, group.name, oldestKept(group)),
    start() {
      const expire = () =>
        void expireAll().catch((error: unknown) => {
          log.error({ error }, 'expired log events cannot be deleted');
        });
      expire();
      timer = setInterval(expire, HOUR_MS).unref();
    },
    stop: () => clearInterval(timer),
  };
  return logStore;
}

function leastRecent(streams: readonly StreamRecord[]): StreamRecord {
  const at = (stream: StreamRecord) => stream.lastIngestedAt ?? stream.createdAt;
  return streams.reduce((oldest, stream) => (at(stream) < at(oldest) ? stream : oldest));
}
