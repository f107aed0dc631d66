// The worker threads that read, settle and query events, so that the event loop of Millpond does none of it. Threads
// start on demand and end when idle. A request that takes too long, or is cancelled, ends its thread.

import { Worker } from 'node:worker_threads';
import type { Progress } from '../insights/run-query.ts';
import type { Answers, FromThread, Request } from './messages.ts';

/** A request was stopped before its answer. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly reason: 'cancelled' | 'too long' | 'too much memory' | 'stopping';

  constructor(reason: Interrupted['reason'], message = `The request was interrupted: ${reason}.`) {
    super(message);
    this.reason = reason;
  }
}

/** A request that is under way. */
export interface Asking<A> {
  /** Rejects with Interrupted, or with a plain Error that the thread met. */
  answer: Promise<A>;
  /** Interrupts the request, whatever it does. No effect after the answer. */
  cancel(): void;
}

/** How a request is watched. */
export interface Watching {
  onStart?(): void;
  onProgress?(progress: Progress): void;
}

/** Threads that serve requests one at a time each, in the order of the requests. */
export interface Threads {
  ask<K extends Request['kind']>(
    request: Extract<Request, { kind: K }>,
    watching?: Watching,
  ): Asking<Answers[K]>;
  /** Interrupts everything and ends the threads. */
  stop(): Promise<void>;
}

/** How many threads at most, and what one request may take. */
export interface ThreadLimits {
  most: number;
  longestMs: number;
  heapMb: number;
}

const IDLE_MS = 30_000;

/** The thread's program lies next to this file, both in a clone and in the bundle. */
const THREAD = new URL(import.meta.url.endsWith('.ts') ? './thread.ts' : './logs-thread.js', import.meta.url);

interface Task {
  request: Request;
  watching: Watching;
  done: PromiseWithResolvers<Answers[keyof Answers]>;
}

interface Thread {
  worker: Worker;
  current?: Task | undefined;
  timer?: NodeJS.Timeout | undefined;
}

/** No thread runs before the first request. */
export function createThreads({ most, longestMs, heapMb }: ThreadLimits): Threads {
  const waiting: Task[] = [];
  const threads = new Set<Thread>();
  let isStopped = false;

  function serve(): void {
    while (waiting.length > 0 && !isStopped) {
      const idle =
        [...threads].find(({ current }) => !current) ?? (threads.size < most ? begin() : undefined);
      if (!idle) return;
      give(idle, waiting.shift()!);
    }
  }

  function give(thread: Thread, task: Task): void {
    clearTimeout(thread.timer);
    thread.current = task;
    thread.worker.ref();
    thread.timer = setTimeout(() => interrupt(thread, 'too long'), longestMs);
    task.watching.onStart?.();
    thread.worker.postMessage(task.request);
  }

  function begin(): Thread {
    const worker = new Worker(THREAD, { resourceLimits: { maxOldGenerationSizeMb: heapMb } });
    const thread: Thread = { worker };
    threads.add(thread);
    worker.on('message', (message: FromThread) => receive(thread, message));
    worker.on('error', (error: NodeJS.ErrnoException) => {
      const isMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      lose(thread, isMemory ? new Interrupted('too much memory') : error);
    });
    return thread;
  }

  function receive(thread: Thread, message: FromThread): void {
    const task = thread.current;
    if (!task) return;
    if (message.kind === 'progress') {
      task.watching.onProgress?.(message.progress);
      return;
    }
    thread.current = undefined;
    clearTimeout(thread.timer);
    thread.worker.unref();
    thread.timer = setTimeout(() => void end(thread), IDLE_MS).unref();
    if (message.kind === 'answer') task.done.resolve(message.answer);
    else if (message.kind === 'too much')
      task.done.reject(new Interrupted('too much memory', message.message));
    else task.done.reject(new Error(message.message));
    serve();
  }

  /** The thread is gone, or about to be. */
  function lose(thread: Thread, error: Error): void {
    threads.delete(thread);
    clearTimeout(thread.timer);
    thread.current?.done.reject(error);
    thread.current = undefined;
    serve();
  }

  function interrupt(thread: Thread, reason: Interrupted['reason']): void {
    void thread.worker.terminate();
    lose(thread, new Interrupted(reason));
  }

  function end(thread: Thread): Promise<unknown> {
    threads.delete(thread);
    clearTimeout(thread.timer);
    return thread.worker.terminate();
  }

  return {
    ask<K extends Request['kind']>(request: Extract<Request, { kind: K }>, watching: Watching = {}) {
      const task: Task = { request, watching, done: Promise.withResolvers() };
      if (isStopped) task.done.reject(new Interrupted('stopping'));
      else {
        waiting.push(task);
        serve();
      }
      return {
        answer: task.done.promise as Promise<Answers[K]>,
        cancel() {
          const place = waiting.indexOf(task);
          if (place >= 0) {
            waiting.splice(place, 1);
            task.done.reject(new Interrupted('cancelled'));
          }
          const thread = [...threads].find(({ current }) => current === task);
          if (thread) interrupt(thread, 'cancelled');
        },
      };
    },
    async stop() {
      isStopped = true;
      for (const { done } of waiting.splice(0)) done.reject(new Interrupted('stopping'));
      const ending = [...threads].map((thread) => {
        thread.current?.done.reject(new Interrupted('stopping'));
        thread.current = undefined;
        return end(thread);
      });
      await Promise.all(ending);
    },
  };
}
