// Reads templates in a worker thread. A hostile template can take seconds of processor time, while the main event loop
// must serve names, health checks and failovers. The thread handles one request at a time. It ends after 30 s without
// a request, and the reader terminates it when a request takes too long.

import { Worker } from 'node:worker_threads';
import { Bug } from '../../../kernel/assert.ts';
import { insufficientCapabilities } from '../faults.ts';
import { formatError, TemplateError, TransformError } from '../template/issues.ts';
import type { ObjectNode } from '../template/node.ts';
import type { MatchOutcome } from '../template/parameters.ts';
import { readChecked, type Template } from '../template/template.ts';
import type {
  Answers,
  FromThread,
  MatchRequest,
  ReadRequest,
  Request,
  SummaryAnswer,
  ToThread,
} from './messages.ts';
import { decodeNode } from './node-stream.ts';

/**
 * Its methods reject with a TemplateError for an invalid template, a TransformError when a transform fails, and `read`
 * with an InsufficientCapabilitiesException.
 */
export interface TemplateReader {
  /** Parses, expands and validates. `include` fetches the text of an AWS::Include; it rejects with the reason. */
  read(
    request: Omit<ReadRequest, 'kind'>,
    include: (location: string) => Promise<string>,
  ): Promise<Omit<Answers['read'], 'tree'> & { template: Template }>;
  /** Parses a text that was validated before, without validating it again. */
  parse(text: string): Promise<Template>;
  summarize(text: string, options: { isChecked: boolean }): Promise<SummaryAnswer>;
  /** Matches each pattern against its text, within a time limit. */
  match(pairs: MatchRequest['pairs']): Promise<MatchOutcome[]>;
  /** Rejects what is waiting and ends the thread. A later request starts another thread. */
  stop(): Promise<void>;
}

/** Much longer than the largest valid template takes on a busy machine. */
const LONGEST_MS = 30_000;
const IDLE_MS = 30_000;
const MOST_HEAP_MB = 512;

/** The thread's program lies next to this file, both in a clone and in the bundle. */
const THREAD = new URL(
  import.meta.url.endsWith('.ts') ? './thread.ts' : './template-thread.js',
  import.meta.url,
);

interface Task {
  request: Request;
  include(location: string): Promise<string>;
  done: PromiseWithResolvers<Answers[keyof Answers]>;
}

/** `longestMs` is the time limit of one request. The thread starts with the first request. */
export function createTemplateReader(longestMs = LONGEST_MS): TemplateReader {
  const waiting: Task[] = [];
  let current: Task | undefined;
  let worker: Worker | undefined;
  let timer: NodeJS.Timeout | undefined;

  function ask<K extends keyof Answers>(
    request: Extract<Request, { kind: K }>,
    include: Task['include'] = () => Promise.reject(new Bug('this request cannot include templates')),
  ): Promise<Answers[K]> {
    const done = Promise.withResolvers<Answers[keyof Answers]>();
    waiting.push({ request, include, done });
    next();
    return done.promise as Promise<Answers[K]>;
  }

  function next(): void {
    if (current) return;
    clearTimeout(timer);
    current = waiting.shift();
    if (!current) {
      worker?.unref();
      timer = setTimeout(() => void stop(), IDLE_MS).unref();
      return;
    }
    worker ??= startThread();
    worker.ref();
    const task = current;
    timer = setTimeout(() => giveUp(task), longestMs);
    worker.postMessage(task.request satisfies ToThread);
  }

  function startThread(): Worker {
    const thread = new Worker(THREAD, { resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MB } });
    const isCurrent = () => worker === thread;
    thread.on('message', (message: FromThread) => {
      if (isCurrent() && current) handle(thread, current, message);
    });
    thread.on('error', (error: NodeJS.ErrnoException) => {
      if (!isCurrent()) return;
      worker = undefined;
      const isTooLarge = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      settle(({ reject }) => reject(isTooLarge ? new TemplateError(formatError('too large')) : error));
    });
    return thread;
  }

  function handle(thread: Worker, task: Task, message: FromThread): void {
    switch (message.kind) {
      case 'include':
        task.include(message.location).then(
          (text) => thread.postMessage({ kind: 'included', text } satisfies ToThread),
          (error: unknown) => {
            const reason = error instanceof Error ? error.message : String(error);
            thread.postMessage({ kind: 'not included', reason } satisfies ToThread);
          },
        );
        return;
      case 'answer':
        settle(({ resolve }) => resolve(message.answer));
        return;
      case 'refused': {
        const Refusal = message.isTransform ? TransformError : TemplateError;
        settle(({ reject }) => reject(new Refusal(message.issues)));
        return;
      }
      case 'lacks capabilities':
        settle(({ reject }) => reject(insufficientCapabilities(message.missing)));
        return;
      case 'failed':
        settle(({ reject }) => reject(new Bug(`reading a template: ${message.message}`)));
    }
  }

  function settle(how: (done: Task['done']) => void): void {
    const task = current;
    current = undefined;
    if (task) how(task.done);
    next();
  }

  function giveUp(task: Task): void {
    if (current !== task) return;
    void worker?.terminate();
    worker = undefined;
    settle(({ reject }) => reject(new TemplateError(formatError('it takes too long to read.'))));
  }

  async function stop(): Promise<void> {
    clearTimeout(timer);
    const ending = worker;
    worker = undefined;
    const unfinished = [...(current ? [current] : []), ...waiting.splice(0)];
    current = undefined;
    for (const { done } of unfinished) done.reject(new Error('Millpond is stopping.'));
    await ending?.terminate();
  }

  const templateOf = async (tree: readonly string[]): Promise<Template> =>
    readChecked((await decodeNode(tree)) as ObjectNode);

  return {
    async read(request, include) {
      const { tree, ...rest } = await ask<'read'>({ kind: 'read', ...request }, include);
      return { ...rest, template: await templateOf(tree) };
    },
    async parse(text) {
      const { tree } = await ask<'parse'>({ kind: 'parse', text });
      return templateOf(tree);
    },
    summarize: (text, { isChecked }) => ask<'summary'>({ kind: 'summary', text, isChecked }),
    match: async (pairs) => (pairs.length === 0 ? [] : ask<'match'>({ kind: 'match', pairs })),
    stop,
  };
}
