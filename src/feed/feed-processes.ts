// Feeds that run: a process of its own for each (program.ts), so that neither parsing nor a slow sink holds up Millpond's
// event loop, and a feed that fails takes no other with it. A process that dies is started again, and takes up where its
// directory says.

import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { OperationalError } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import { causeOf, Deaths, type ProgramEnd } from '../kernel/own-program.ts';
import { within } from '../kernel/time-limit.ts';
import { FeedProcess } from './feed-process.ts';
import { cacheKey, type Feed, type FeedStatus, type Feeds, type FollowedShard } from './feeds.ts';
import type { Request } from './messages.ts';
import type { AwsCalls } from './sink.ts';

/** What feeds need of Millpond. */
export interface FeedsOptions {
  dataDir: string;
  log: Log;
  /** The calls of sinks in an account and region. */
  callsOf(scope: Feed['scope']): AwsCalls;
}

const START_WITHIN_MS = 30_000;
const LEAVE_WITHIN_MS = 200;
const NOTE_WITHIN_MS = 5_000;
const DRAIN_WITHIN_MS = 30_000;

/** Nothing is started before the first `set`. */
export function openFeeds(options: FeedsOptions): Feeds {
  const feeds = new Map<string, SupervisedFeed>();
  const nodes = new Map<string, readonly FollowedShard[]>();
  let isStopped = false;

  const of = (cache: string): SupervisedFeed[] => [...feeds.values()].filter((feed) => feed.cache === cache);
  const askAll = (cache: string, request: Request, limitMs: number) =>
    Promise.all(of(cache).map((feed) => feed.ask(request, limitMs)));

  return {
    async set(feed) {
      if (isStopped) throw new OperationalError('NotRunning', 'Millpond stops.');
      const before = feeds.get(feed.id);
      const next = new SupervisedFeed(options, feed, () => nodes.get(cacheOf(feed) ?? ''));
      feeds.set(feed.id, next);
      await before?.stop();
      await next.start();
    },
    async remove(id) {
      const feed = feeds.get(id);
      feeds.delete(id);
      await feed?.stop();
      rmSync(directoryOf(options, id), { recursive: true, force: true });
    },
    status: (id) => feeds.get(id)?.status(),
    setNodes(cache, shards) {
      if (shards.length > 0) nodes.set(cache, shards);
      else nodes.delete(cache);
      for (const feed of of(cache)) feed.setNodes(shards);
    },
    async leave(cache, nodeId) {
      try {
        await askAll(cache, { do: 'leave', nodeId }, LEAVE_WITHIN_MS);
        return true;
      } catch (error) {
        options.log.warn({ cache, nodeId, err: error }, 'a feed did not leave a node in time');
        return false;
      }
    },
    async slotsMove(cache, is) {
      await askAll(cache, { do: 'slots-move', is }, NOTE_WITHIN_MS);
    },
    async drain(cache, shardId) {
      await askAll(cache, { do: 'drain', shardId }, DRAIN_WITHIN_MS).catch((error: unknown) =>
        options.log.warn({ cache, shardId, err: error }, 'a feed did not read all of a shard'),
      );
    },
    async stop() {
      isStopped = true;
      await Promise.all([...feeds.values()].map((feed) => feed.stop()));
    },
  };
}

const directoryOf = ({ dataDir }: FeedsOptions, id: string): string => join(dataDir, 'feeds', id);

/** The cache that the feed reads; `undefined` for one that is none of Millpond's. */
function cacheOf({ scope, configuration: { source } }: Feed): string | undefined {
  if (source.kind === 'replication') return cacheKey(scope, source.cache);
  return 'cache' in source.server ? cacheKey(scope, source.server.cache) : undefined;
}

/** A feed, through all its processes: started again after each that dies. */
class SupervisedFeed {
  readonly cache: string | undefined;
  readonly #options: FeedsOptions;
  readonly #feed: Feed;
  readonly #nodes: () => readonly FollowedShard[] | undefined;
  readonly #log: Log;
  readonly #deaths = new Deaths();
  #running: FeedProcess | undefined;
  #nextRun = Promise.withResolvers<void>();
  #restart: NodeJS.Timeout | undefined;
  #isStopped = false;
  /** Why the last process ended. */
  #cause: string | undefined;
  /** Settles with the first start, or after too many deaths. */
  readonly #started = Promise.withResolvers<void>();

  constructor(options: FeedsOptions, feed: Feed, nodes: () => readonly FollowedShard[] | undefined) {
    this.#options = options;
    this.#feed = feed;
    this.#nodes = nodes;
    this.cache = cacheOf(feed);
    this.#log = options.log.child({ part: 'feed', feed: feed.configuration.name });
    this.#started.promise.catch(() => {});
  }

  /** Rejects with an OperationalError that says why it cannot run. It is then tried again nevertheless. */
  async start(): Promise<void> {
    mkdirSync(directoryOf(this.#options, this.#feed.id), { recursive: true });
    this.#run();
    const { name } = this.#feed.configuration;
    await within(
      this.#started.promise,
      START_WITHIN_MS,
      () =>
        new OperationalError(
          'TimedOut',
          `The feed ${name} does not run yet: ${this.status().details.join('; ')}.`,
        ),
    );
  }

  status(): FeedStatus {
    const seen = this.#running?.status();
    if (seen) return seen;
    const isFailing = this.#cause !== undefined;
    const details = isFailing ? [`its process ended (${this.#cause})`] : ['its process starts'];
    const nothing = {
      lagChanges: 0,
      lagSeconds: 0,
      read: 0,
      delivered: 0,
      retried: 0,
      dead: 0,
      mappings: [],
    };
    return { state: isFailing ? 'failing' : 'starting', details, ...nothing };
  }

  setNodes(shards: readonly FollowedShard[]): void {
    this.#running?.setNodes(shards);
  }

  /**
   * What a process must do before Millpond goes on. If it dies, the next one is asked, except to leave a node, since
   * nothing of a dead process follows any. Rejects with an OperationalError.
   */
  async ask(request: Request, limitMs: number): Promise<void> {
    const { name } = this.#feed.configuration;
    const limit = AbortSignal.timeout(limitMs);
    while (!limit.aborted && !this.#isStopped) {
      const running = this.#running;
      if (!running && request.do === 'leave') return;
      const late = () => new OperationalError('TimedOut', `The feed ${name} did not answer in time.`);
      if (!running) {
        await within(this.#nextRun.promise, limitMs, late);
        continue;
      }
      const answered = running.ask(request).then(() => true);
      const ended = running.ended.then(() => false);
      answered.catch(() => {});
      if (await within(Promise.race([ended, answered]), limitMs, late)) return;
    }
    throw new OperationalError('NotRunning', `The feed ${name} does not run.`);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#restart);
    this.#started.reject(new OperationalError('NotRunning', 'The feed was stopped.'));
    await this.#running?.stop();
  }

  #run(): void {
    if (this.#isStopped) return;
    const feed = this.#feed;
    const running = new FeedProcess({
      hello: { feed, directory: directoryOf(this.#options, feed.id), nodes: this.#nodes() },
      calls: this.#options.callsOf(feed.scope),
      log: this.#log,
    });
    this.#running = running;
    this.#nextRun.resolve();
    this.#nextRun = Promise.withResolvers();
    running.started.then(
      () => {
        this.#cause = undefined;
        this.#started.resolve();
      },
      // It says why before it ends.
      (error: Error) => {
        if (error instanceof OperationalError && error.code === 'InvalidOption') this.#started.reject(error);
      },
    );
    void running.ended.then((end) => this.#hasEnded(end));
  }

  #hasEnded(end: ProgramEnd): void {
    this.#running = undefined;
    if (this.#isStopped) return;
    const delayMs = this.#deaths.note(end);
    this.#cause = causeOf(end);
    const { how, errors } = end;
    this.#log.error({ how, errors, deathsInARow: this.#deaths.inARow }, 'the process of a feed has ended');
    this.#restart = setTimeout(() => this.#run(), delayMs);
    if (!this.#deaths.areTooMany) return;
    const { name } = this.#feed.configuration;
    const sentence = `The feed ${name} cannot run: its process ends when it starts (${this.#cause}).`;
    this.#started.reject(new OperationalError('CommandFailed', sentence));
  }
}
