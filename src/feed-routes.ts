// `/_millpond/feeds`: the feeds of caches. GET lists them with their state, POST makes one or changes the one of its name,
// DELETE deletes the one that the path names.

import type { IncomingMessage } from 'node:http';
import { accountOfAccessKey } from './aws/access-key.ts';
import { DEFAULT_ACCOUNT_ID, type Scope } from './aws/scope.ts';
import { OperationalError } from './kernel/errors.ts';
import type { Log } from './kernel/log.ts';
import { jsonOf, type OwnAnswer, type OwnRoutes, ownRoutes } from './own-routes.ts';
import type { FeedControl } from './services/elasticache/feeds/feed-control.ts';
import { configurationOf } from './services/elasticache/feeds/feed-request.ts';
import type { FeedRequest } from './status.ts';
import type { Store } from './store/store.ts';

/** What the routes need. */
export interface FeedSources {
  feeds(): FeedControl;
  store: Pick<Store, 'transaction'>;
  /** The region of requests that name none. */
  region: string;
}

/** A configuration of 1 MiB, each character of which may take several bytes. */
const MOST_BODY_BYTES = 4 * 1024 * 1024;

/** As `statusRoutes`. */
export const feedRoutes = (sources: FeedSources, log: Log): OwnRoutes =>
  ownRoutes(
    '/_millpond/feeds',
    (request, name, url) => answerTo(sources, request, name, url),
    log,
    'a request about feeds failed',
  );

async function answerTo(
  sources: FeedSources,
  request: IncomingMessage,
  name: string,
  url: URL,
): Promise<OwnAnswer> {
  const feeds = sources.feeds();
  if (request.method === 'GET' && name === '') return { code: 200, body: { feeds: feeds.views() } };
  if (request.method === 'POST' && name === '') {
    const asked = (await jsonOf(request, MOST_BODY_BYTES)) as FeedRequest;
    return await make(sources, asked);
  }
  if (request.method === 'DELETE' && name !== '') {
    const query = Object.fromEntries(url.searchParams);
    return await remove(sources, scopeOf(sources, query), decodeURIComponent(name));
  }
  return { code: 405, body: { error: 'Feeds are listed by GET, made by POST and deleted by DELETE.' } };
}

/** A new feed that cannot run is not kept, and a changed one keeps running as it was. */
async function make(sources: FeedSources, asked: FeedRequest): Promise<OwnAnswer> {
  const feeds = sources.feeds();
  const { store } = sources;
  const scope = scopeOf(sources, asked);
  const configuration = configurationOf(asked, scope);
  const { name } = configuration;
  const before = feeds.find(scope, name);
  if (asked.isUpdate && !before) return unknown(name);
  if (!asked.isUpdate && before) {
    throw new OperationalError(
      'InvalidOption',
      `There is a feed ${before.name} already; \`millpond feed update\` changes it.`,
    );
  }
  store.transaction(() => feeds.put(scope, configuration, { is: 'command' }));
  try {
    await feeds.settled(scope, name);
  } catch (error) {
    store.transaction(() => {
      if (before) feeds.put(scope, before.configuration, before.by);
      else feeds.remove(scope, name);
    });
    if (error instanceof OperationalError) throw new OperationalError('InvalidOption', error.message, error);
    throw error;
  }
  const view = feeds.views(scope).find((each) => each.name === name.toLowerCase());
  return { code: before ? 200 : 201, body: view };
}

async function remove(sources: FeedSources, scope: Scope, name: string): Promise<OwnAnswer> {
  const feeds = sources.feeds();
  const found = feeds.find(scope, name);
  if (!found) return unknown(name);
  if (found.by.is !== 'command') {
    const owner = found.by.is === 'tag' ? `the tag ${found.by.key} of ${found.by.group}` : 'a stack';
    throw new OperationalError(
      'InvalidOption',
      `The feed ${found.name} belongs to ${owner}; delete it there.`,
    );
  }
  sources.store.transaction(() => feeds.remove(scope, name));
  await feeds.settled(scope, name);
  return { code: 200, body: { name: found.name } };
}

const unknown = (name: string): OwnAnswer => ({
  code: 404,
  body: { error: `There is no feed ${JSON.stringify(name.slice(0, 80))}.` },
});

/** As a signed request would have it. */
const scopeOf = (
  { region }: FeedSources,
  given: { region?: string | undefined; accessKeyId?: string | undefined },
): Scope => ({
  region: given.region ?? region,
  accountId: (given.accessKeyId && accountOfAccessKey(given.accessKeyId)) || DEFAULT_ACCOUNT_ID,
});
