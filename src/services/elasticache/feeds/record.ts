// The record of a feed: what it is asked to do, and who asked.

import type { FeedConfiguration, SourceConfiguration } from '../../../feed/configuration/configuration.ts';
import type { Collection, Store } from '../../../store/store.ts';

/** A feed, by its name in lower case. */
export interface FeedRecord {
  /** Random, and never used again: positions belong to it. */
  id: string;
  name: string;
  configuration: FeedConfiguration;
  by: FeedOrigin;
  /** Milliseconds since the epoch. */
  createdAt: number;
}

/** Who made a feed, and so who changes and deletes it. */
export type FeedOrigin =
  | { is: 'command' }
  /** A tag of this group. */
  | { is: 'tag'; group: string; key: string }
  /** A resource of a stack; `token` identifies the attempt that created it. */
  | { is: 'stack'; stack: string; logicalId: string; token: string };

/** The id of the group that the feed reads; `undefined` for a server that is none of Millpond's. */
export function cacheOf({
  configuration: { source },
}: Pick<FeedRecord, 'configuration'>): string | undefined {
  return cacheOfSource(source);
}

function cacheOfSource(source: SourceConfiguration): string | undefined {
  if (source.kind === 'replication') return source.cache;
  return 'cache' in source.server ? source.server.cache : undefined;
}

/** The feeds of all accounts and regions. */
export const openFeedRecords = (store: Store): Collection<FeedRecord> =>
  store.collection<FeedRecord>('elasticache/feed', {
    cache: (feed) => cacheOf(feed) ?? [],
  });
