// A process that reads a cache and prints its changes, a line for each batch, to be killed by tests. It acknowledges what
// it has printed. Its messages: the options first, then calls of the source.

import { silentLog } from '../../../kernel/log.ts';
import type { FollowedShard } from '../../feeds.ts';
import {
  createReplicationSource,
  type ReplicationOptions,
  type ReplicationSource,
} from '../replication-source.ts';

/** What the test sends. */
export type FeedMessage =
  | { do: 'start'; options: Omit<ReplicationOptions, 'log'> }
  | { do: 'setNodes'; shards: FollowedShard[] }
  | { do: 'slotsMove'; is: 'beginning' | 'done' }
  | { do: 'leave'; nodeId: string };

/** A change as it is printed: texts in latin1. */
export interface PrintedChange {
  sequence: string;
  key: string;
  kind: 'write' | 'delete' | 'sync';
  command: string | undefined;
  /** Of a string; `null` when there is no such key. */
  value: string | null;
}

let source: ReplicationSource | undefined;

process.on('message', (message: FeedMessage) => {
  handle(message).then(
    () => process.send!({ done: message.do }),
    (error: unknown) => process.send!({ failed: String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));

async function handle(message: FeedMessage): Promise<void> {
  switch (message.do) {
    case 'start':
      source = createReplicationSource({ ...message.options, log: silentLog });
      void print(source);
      return source.ready;
    case 'setNodes':
      return source!.setNodes(message.shards);
    case 'slotsMove':
      return source!.slotsMove(message.is);
    case 'leave':
      return source!.leave(message.nodeId);
  }
}

async function print(from: ReplicationSource): Promise<void> {
  for await (const { changes, acknowledge } of from.batches()) {
    const printed = changes.map(
      ({ sequence, key, kind, command, value }): PrintedChange => ({
        ...{ sequence, kind },
        key: key.toString('latin1'),
        command: command?.map((word) => word.toString('latin1')).join(' '),
        value: value?.type === 'string' ? value.value.toString('latin1') : null,
      }),
    );
    process.stdout.write(`${JSON.stringify(printed)}\n`, () => acknowledge());
  }
}
