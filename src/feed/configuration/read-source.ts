// Reads where changes come from. Pure.

import type { Server, SourceConfiguration } from './configuration.ts';
import { LanguageError } from './path.ts';
import type { ReadingContext } from './read-target.ts';
import { listText, type Section } from './reading.ts';
import { resolveUrl } from './secrets.ts';

const KINDS = ['replication', 'stream', 'keyspace'] as const;

/** The id of a replication group or cluster. */
const CACHE = /^[a-zA-Z][a-zA-Z0-9-]{0,49}$/;
const CACHE_SAYS = 'It must be the id of a replication group or a cache cluster.';
const RESYNCS = ['diff', 'upserts'] as const;
const STARTS = ['now', 'all'] as const;
const CACHE_OPTIONS = { pattern: CACHE, says: CACHE_SAYS };

/** Reads `cache`, or `source`; `undefined` after a problem. */
export function readSource(
  feed: Section,
  name: string,
  context: ReadingContext,
): SourceConfiguration | undefined {
  if (feed.has('cache')) {
    if (feed.has('source')) feed.refuse('source', 'There is a cache already; give one of both.');
    return readReplication(feed);
  }
  if (!feed.has('source')) {
    context.problems.add(feed.place, 'There is no cache; give cache, or source.');
    return undefined;
  }
  const section = feed.section('source');
  if (!section) return undefined;
  const kinds = KINDS.filter((kind) => section.has(kind));
  section.done();
  if (kinds.length !== 1) {
    context.problems.add(section.place, `It must have one member, which is ${listText(KINDS)}.`);
    return undefined;
  }
  const kind = kinds[0]!;
  if (kind === 'replication' && typeof section.get(kind) === 'string') {
    const cache = section.text(kind, CACHE_OPTIONS);
    return cache === undefined ? undefined : { kind, cache: cache.toLowerCase(), resync: 'diff' };
  }
  const inner = section.section(kind);
  if (!inner) return undefined;
  const source = readers[kind](inner, name, context);
  inner.done();
  return source;
}

function readReplication(section: Section): SourceConfiguration | undefined {
  const resync = section.choice('resync', RESYNCS) ?? 'diff';
  const start = section.choice('start', STARTS);
  const cache = section.text('cache', CACHE_OPTIONS)?.toLowerCase();
  if (cache === undefined) return undefined;
  return { kind: 'replication', cache, resync, ...(start === 'all' && { start }) };
}

const readers: Readonly<
  Record<
    (typeof KINDS)[number],
    (inner: Section, name: string, context: ReadingContext) => SourceConfiguration | undefined
  >
> = {
  replication(inner) {
    inner.require('cache');
    return readReplication(inner);
  },
  stream(inner, name, context) {
    inner.require('streams');
    const server = readServer(inner, context);
    const streams = inner.texts('streams', 100) ?? [];
    const group = inner.text('group', { most: 200 }) ?? name;
    const consumer = inner.text('consumer', { most: 200 }) ?? name;
    const claimAfterMs = inner.duration('claimAfter', { least: 1, most: 86_400 }) ?? 60_000;
    return server && { kind: 'stream', server, streams, group, consumer, claimAfterMs };
  },
  keyspace(inner, _name, context) {
    const server = readServer(inner, context);
    const pattern = inner.text('pattern', { most: 1024 }) ?? '__key*__:*';
    const database = inner.integer('database', { least: 0, most: 1_000_000 }) ?? 0;
    return server && { kind: 'keyspace', server, pattern, database };
  },
};

/** A cache of Millpond by its id, or any server by its URL. */
function readServer(inner: Section, { problems, secrets }: ReadingContext): Server | undefined {
  const cache = inner.text('cache', CACHE_OPTIONS);
  const given = inner.text('url');
  const isCluster = inner.flag('cluster') ?? false;
  if ((cache === undefined) === (given === undefined)) {
    if (inner.has('cache') === inner.has('url')) problems.add(inner.place, 'It must have a cache or a url.');
    return undefined;
  }
  if (cache !== undefined) return { cache: cache.toLowerCase() };
  let url: string | undefined;
  problems.within(inner.placeOf('url'), () => {
    url = resolveUrl(given!, secrets);
    if (!/^rediss?:\/\//.test(url) || !URL.canParse(url)) {
      throw new LanguageError('it must be a URL of redis:// or rediss://');
    }
  });
  return url === undefined ? undefined : { url, isCluster };
}
