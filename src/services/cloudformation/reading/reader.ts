// Templates are read by a thread of their own: what a template costs is its author's to choose, and the event loop has
// names, health checks and failovers to see to. One thread, one request at a time; it ends when nothing has been asked
// for a while, and is ended when a request takes too long.

import { Worker } from 'node:worker_threads';
import { Bug } from '../../../kernel/assert.ts';
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

/** Throws TemplateErrors, a TransformError where a transform cannot be done. */
export interface TemplateReader {
  /** `include`: the text that an AWS::Include means; rejects with the reason. */
  read(
    request: Omit<ReadRequest, 'kind'>,
    include: (location: string) => Promise<string>,
  ): Promise<Omit<Answers['read'], 'tree'> & { template: Template }>;
  /** Of text that was read before: nothing is checked. */
  parse(text: string): Promise<Template>;
  summarize(text: string, options: { isChecked: boolean }): Promise<SummaryAnswer>;
  match(pairs: MatchRequest['pairs']): Promise<MatchOutcome[]>;
  /** Ends the thread. What is asked later begins another. */
  stop(): Promise<void>;
}

/** Far beyond what the largest template takes, on a machine that is busy. */
const LONGEST_MS = 30_000;
const IDLE_MS = 30_000;
const MOST_HEAP_MB = 512;

/** Beside this file, in a clone and in the bundle. */
const THREAD = new URL(
  import.meta.url.endsWith('.ts') ? './thread.ts' : './template-thread.js',
  import.meta.url,
);

interface Task {
  request: Request;
  include(location: string): Promise<string>;
  done: PromiseWithResolvers<Answers[keyof Answers]>;
}

export function createTemplateReader(longestMs = LONGEST_MS): TemplateReader {
  const waiting: Task[] = [];
  let current: Task | undefined;
  let worker: Worker | undefined;
  let timer: NodeJS.Timeout | undefined;

  function ask<K extends keyof Answers>(
    request: Extract<Request, { kind: K }>,
    include: Task['include'] = () => Promise.reject(new Bug('nothing is included')),
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
    worker ??= begin();
    worker.ref();
    const task = current;
    timer = setTimeout(() => giveUp(task), longestMs);
    worker.postMessage(task.request satisfies ToThread);
  }

  function begin(): Worker {
    const thread = new Worker(THREAD, { resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MB } });
    const isMine = () => worker === thread;
    thread.on('message', (message: FromThread) => {
      if (isMine() && current) take(thread, current, message);
    });
    thread.on('error', (error: NodeJS.ErrnoException) => {
      if (!isMine()) return;
      worker = undefined;
      const isTooLarge = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      settle(({ reject }) => reject(isTooLarge ? new TemplateError(formatError('too large')) : error));
    });
    return thread;
  }

  function take(thread: Worker, task: Task, message: FromThread): void {
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
    const left = [...(current ? [current] : []), ...waiting.splice(0)];
    current = undefined;
    for (const { done } of left) done.reject(new Error('Millpond stops.'));
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
