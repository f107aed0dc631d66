// Makes, changes, deletes and shows feeds: what commands, tags and stacks do with them.

import type { Scope } from '../../../aws/scope.ts';
import type { FeedConfiguration, Target } from '../../../feed/configuration/configuration.ts';
import type { Feeds } from '../../../feed/feeds.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { OperationalError } from '../../../kernel/errors.ts';
import { randomHex } from '../../../kernel/ids.ts';
import type { FeedView } from '../../../status.ts';
import type { Collection, Store } from '../../../store/store.ts';
import type { Records } from '../records.ts';
import { cacheOf, type FeedOrigin, type FeedRecord } from './record.ts';
import type { RunningFeeds } from './running-feeds.ts';

/** The feeds of all accounts and regions. */
export interface FeedControl {
  /**
   * Adds the record of a feed, or changes the one of its name that has the same origin. With another source it is another
   * feed, which begins anew. Call it in a transaction. Throws
   * InvalidOption when the name belongs to another feed, or the cache does not exist.
   */
  put(scope: Scope, configuration: FeedConfiguration, by: FeedOrigin): FeedRecord;
  /** Deletes the record; nothing when there is none. Call it in a transaction. */
  remove(scope: Scope, name: string): void;
  /** As RunningFeeds. */
  settled(scope: Scope, name: string): Promise<void>;
  find(scope: Scope, name: string): FeedRecord | undefined;
  /** Those that a tag of the group made. */
  ofTags(scope: Scope, groupId: string): FeedRecord[];
  /** Of a scope, or of all. */
  views(scope?: Scope): FeedView[];
}

/** What the control of feeds is made of. */
export interface FeedControlOptions {
  store: Store;
  clock: Clock;
  records: Pick<Records, 'groups'>;
  feedRecords: Collection<FeedRecord>;
  feeds: Pick<Feeds, 'status'>;
  running: Pick<RunningFeeds, 'changed' | 'settled' | 'failureOf'>;
}

const NAME = /^[a-z][a-z0-9-]{0,62}$/;
const MOST_FEEDS = 100;

export function createFeedControl(options: FeedControlOptions): FeedControl {
  const { clock, records, feedRecords, running } = options;

  function check(scope: Scope, configuration: FeedConfiguration, by: FeedOrigin): FeedRecord | undefined {
    const name = configuration.name.toLowerCase();
    if (!NAME.test(name)) {
      throw invalid(
        'The name of a feed must begin with a letter, and have at most 63 letters, digits and hyphens.',
      );
    }
    const cache = cacheOf({ configuration });
    const group = cache === undefined ? undefined : records.groups.get(scope, cache);
    if (cache !== undefined && (!group || group.status === 'deleting')) {
      throw invalid(
        `There is no replication group or cluster ${JSON.stringify(cache)} that a feed can read.`,
      );
    }
    const before = feedRecords.get(scope, name);
    if (before && !isSame(before.by, by)) {
      throw invalid(`There is a feed ${name} already, made by ${originText(before.by)}.`);
    }
    if (!before && feedRecords.count(scope) >= MOST_FEEDS) {
      throw invalid(`There are ${MOST_FEEDS} feeds already, which is the most in an account and region.`);
    }
    return before;
  }

  return {
    put(scope, configuration, by) {
      const name = configuration.name.toLowerCase();
      const before = check(scope, configuration, by);
      const record: FeedRecord = {
        id: before && isSameSource(before.configuration, configuration) ? before.id : randomHex(16),
        name,
        configuration: { ...configuration, name },
        by,
        createdAt: before?.createdAt ?? clock.now(),
      };
      feedRecords.put(scope, name, record);
      running.changed(scope, name);
      return record;
    },
    remove(scope, name) {
      feedRecords.delete(scope, name.toLowerCase());
      running.changed(scope, name.toLowerCase());
    },
    settled: (scope, name) => running.settled(scope, name.toLowerCase()),
    find: (scope, name) => feedRecords.get(scope, name.toLowerCase()),
    ofTags: (scope, groupId) =>
      feedRecords.by(scope, 'cache', groupId).filter(({ by }) => by.is === 'tag' && by.group === groupId),
    views(scope) {
      const all = scope ? feedRecords.list(scope).map((value) => ({ scope, value })) : feedRecords.listAll();
      return all.map(({ scope: of, value }) => viewOf(options, of, value));
    },
  };
}

const invalid = (sentence: string) => new OperationalError('InvalidOption', sentence);

/** Positions in one source mean nothing in another. */
function isSameSource({ source: a }: FeedConfiguration, { source: b }: FeedConfiguration): boolean {
  if (a.kind === 'replication' && b.kind === 'replication') return a.cache === b.cache;
  return JSON.stringify(a) === JSON.stringify(b);
}

function isSame(a: FeedOrigin, b: FeedOrigin): boolean {
  if (a.is === 'tag' && b.is === 'tag') return a.group === b.group && a.key === b.key;
  if (a.is === 'stack' && b.is === 'stack') return a.stack === b.stack && a.logicalId === b.logicalId;
  return a.is === b.is;
}

/** For people: who made the feed. */
export function originText(by: FeedOrigin): string {
  switch (by.is) {
    case 'command':
      return 'command';
    case 'tag':
      return `tag ${by.key} of ${by.group}`;
    case 'stack':
      return `resource ${by.logicalId} of stack ${by.stack}`;
  }
}

const NOTHING = { lagChanges: 0, lagSeconds: 0, read: 0, delivered: 0, retried: 0, dead: 0, mappings: [] };

function viewOf({ feeds, running }: FeedControlOptions, scope: Scope, record: FeedRecord): FeedView {
  const { id, configuration, by, createdAt, name } = record;
  const { source } = configuration;
  const failure = running.failureOf(id);
  const status = feeds.status(id) ?? { state: 'starting' as const, details: [], ...NOTHING };
  return {
    ...{ name, ...scope, kind: source.kind, by: originText(by), createdAt },
    source:
      cacheOf(record) ??
      (source.kind !== 'replication' && 'url' in source.server ? hostOf(source.server.url) : ''),
    targets: [...new Set(configuration.mappings.map(({ target }) => targetText(target)))],
    status: failure === undefined ? status : { ...status, state: 'failing', details: [failure] },
  };
}

/** The host of a URL, which may hold a password. */
const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : '');

/** For people, without secrets. */
export function targetText(target: Target): string {
  switch (target.kind) {
    case 'null':
      return 'null';
    case 'lambda':
      return `lambda ${target.function}`;
    case 'dynamodb':
      return `dynamodb ${target.table}`;
    case 'sql':
      return `sql ${hostOf(target.url)} ${target.table}`;
    case 'sns':
      return `sns ${target.topic}`;
    case 'sqs':
      return `sqs ${target.queue}`;
  }
}
