// Moves the events that earlier versions stored in documents (`logs/chunk`) into files of segments. Each chunk moves in
// one transaction, so that a crash loses none and repeats none.

import { turnEnd } from '../../kernel/turn.ts';
import type { Store } from '../../store/store.ts';
import type { EventSpace } from './event-space.ts';
import { type LogEvent, type Records, within } from './records.ts';

interface Chunk {
  events: LogEvent[];
}

/** Does nothing when there are no such documents. */
export async function importChunks(store: Store, records: Records, space: EventSpace): Promise<void> {
  const chunks = store.collection<Chunk>('logs/chunk');
  for await (const batch of chunks.everywhere()) {
    for (const { scope, id, value } of batch) {
      store.transaction(() => {
        chunks.delete(scope, id);
        // `group:stream:number`; the name of a group has no colon.
        const group = id.slice(0, id.indexOf(':'));
        const name = id.slice(group.length + 1, id.lastIndexOf(':'));
        const stream = records.streams.find(scope, within(group, name));
        const [first] = value.events;
        if (!stream || !first) return;
        const storage = space.storageOf(scope, group);
        stream.number ||= storage.nextStream++;
        records.streams.put(scope, stream);
        space.append(scope, storage, {
          ...{ stream: stream.number, ingestedAt: first.ingestedAt, firstSequence: first.sequence },
          events: value.events,
        });
      });
      await turnEnd();
    }
  }
}
