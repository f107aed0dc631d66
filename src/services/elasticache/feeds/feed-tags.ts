// The tags by which a replication group or cluster asks for feeds: `millpond:feed` and `millpond:feed:NAME`, with targets
// as values. The feeds follow the tags, whoever changes them.

import type { Scope } from '../../../aws/scope.ts';
import type { Tags } from '../../../aws/tags.ts';
import type { FeedConfiguration } from '../../../feed/configuration/configuration.ts';
import { readShortForm } from '../../../feed/configuration/read-configuration.ts';
import { OperationalError } from '../../../kernel/errors.ts';
import { invalidParameterValue } from '../faults/requests.ts';
import type { TaggedResource } from '../tags/tags.ts';
import type { FeedControl } from './feed-control.ts';
import { readOrRefuse } from './feed-request.ts';

/** The tag, and what the names of further ones begin with. */
export const FEED_TAG = 'millpond:feed';
const NAMED = `${FEED_TAG}:`;

/** The name of the feed that a tag asks for, without one of its own: the name of its cache. */
const nameOf = (key: string, cacheId: string): string =>
  key === FEED_TAG ? cacheId : key.slice(NAMED.length);

const isFeedTag = (key: string): boolean => key === FEED_TAG || key.startsWith(NAMED);

/** Whether feeds can read it: a node of a group is none by itself. */
const isCache = ({ type, group }: Pick<TaggedResource, 'type' | 'group'>): boolean =>
  type === 'replicationgroup' || (type === 'cluster' && group?.kind === 'cache-cluster');

/** Throws InvalidParameterValue when the tags ask for a feed of something that is no cache. */
export function refuseFeedTags(resource: Pick<TaggedResource, 'type' | 'group'>, given: Tags): void {
  if (isCache(resource) || !Object.keys(given).some(isFeedTag)) return;
  throw invalidParameterValue(
    `The tag ${FEED_TAG} is for replication groups, and for clusters that belong to none.`,
  );
}

/**
 * Makes, changes and removes the feeds of a cache as its tags say. Call it in the transaction that changes the tags. Throws
 * InvalidParameterValue for a tag that asks for no feed that can be.
 */
export function followFeedTags(
  feeds: Pick<FeedControl, 'put' | 'remove' | 'ofTags'>,
  scope: Scope,
  { type, group }: Pick<TaggedResource, 'type' | 'group'>,
  tags: Tags,
): void {
  if (!isCache({ type, group })) return;
  const wanted = Object.entries(tags).filter(([key]) => isFeedTag(key));
  const cacheId = group!.id;
  const before = feeds.ofTags(scope, cacheId);
  for (const feed of before) {
    if (!wanted.some(([key]) => feed.by.is === 'tag' && feed.by.key === key)) feeds.remove(scope, feed.name);
  }
  for (const [key, value] of wanted) {
    asFault(key, () => {
      feeds.put(scope, read(scope, key, value, cacheId), { is: 'tag', group: cacheId, key });
    });
  }
}

const read = (scope: Scope, key: string, value: string, cacheId: string): FeedConfiguration =>
  readOrRefuse(() => readShortForm(value, nameOf(key, cacheId), cacheId, scope));

function asFault(key: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error;
    throw invalidParameterValue(`The tag ${key} asks for no feed: ${error.message}`);
  }
}
