// Unpacks and deletes code packages on separate threads: 60,000 files take seconds of system calls, and DNS, health
// checks and failovers need the event loop. An idle thread ends after a while.

import { Worker } from 'node:worker_threads';
import { type OperationalCode, OperationalError } from '../../../kernel/errors.ts';
import { NotAPackage, Stopped, TooLargeOpened } from './refusals.ts';

/** A message to the thread. Paths are absolute. */
export type OpeningTask =
  /**
   * Creates the directory, which must not exist, and unpacks into it. A package with more entries is only checked.
   */
  | { kind: 'open'; package: string; directory: string; mostEntries?: number | undefined }
  | { kind: 'delete'; path: string };

/** The thread's answer to a task. */
export type FromThread =
  | { kind: 'done'; isOpened: boolean }
  | { kind: 'too large' }
  | { kind: 'no package'; message: string }
  | { kind: 'machine'; code: OperationalCode; message: string }
  | { kind: 'failed'; message: string; code?: string };

/** Methods reject with NotAPackage, TooLargeOpened, Stopped, an OperationalError or an error of the system. */
export interface Opener {
  /**
   * Resolves to whether the package was unpacked: with more than `mostEntries` it is only checked, and nothing is
   * written.
   */
  open(zipPath: string, directory: string, mostEntries?: number): Promise<boolean>;
  delete(path: string): Promise<void>;
  /** Ends the threads at once; their tasks stay half done. */
  stop(): Promise<void>;
}

/** Two, so that a small package does not wait for a large one. */
const MOST_THREADS = 2;
const IDLE_MS = 10_000;

/** Next to this file, both in a clone and in the bundle. */
const THREAD = new URL(
  import.meta.url.endsWith('.ts') ? './opening-thread.ts' : './code-opening-thread.js',
  import.meta.url,
);

interface Waiting {
  task: OpeningTask;
  done: PromiseWithResolvers<boolean>;
}

interface Thread {
  worker: Worker;
  current?: Waiting | undefined;
  timer?: NodeJS.Timeout | undefined;
}

/** Starts threads on demand. */
export function createOpener(): Opener {
  const waiting: Waiting[] = [];
  const threads = new Set<Thread>();

  function ask(task: OpeningTask): Promise<boolean> {
    const done = Promise.withResolvers<boolean>();
    waiting.push({ task, done });
    const idle = [...threads].find(({ current }) => !current);
    if (idle) next(idle);
    else if (threads.size < MOST_THREADS) next(begin());
    return done.promise;
  }

  function next(thread: Thread): void {
    clearTimeout(thread.timer);
    thread.current = waiting.shift();
    if (!thread.current) {
      thread.worker.unref();
      thread.timer = setTimeout(() => void end(thread), IDLE_MS).unref();
      return;
    }
    thread.worker.ref();
    thread.worker.postMessage(thread.current.task);
  }

  function begin(): Thread {
    const thread: Thread = { worker: new Worker(THREAD) };
    threads.add(thread);
    thread.worker.on('message', (message: FromThread) => {
      const { done } = thread.current!;
      if (message.kind === 'done') done.resolve(message.isOpened);
      else done.reject(errorOf(message));
      next(thread);
    });
    thread.worker.on('error', (error) => {
      threads.delete(thread);
      thread.current?.done.reject(error);
      if (waiting.length > 0) next(begin());
    });
    return thread;
  }

  function end(thread: Thread): Promise<unknown> {
    threads.delete(thread);
    clearTimeout(thread.timer);
    return thread.worker.terminate();
  }

  return {
    open: (zipPath, directory, mostEntries) =>
      ask({ kind: 'open', package: zipPath, directory, mostEntries }),
    async delete(path) {
      await ask({ kind: 'delete', path });
    },
    async stop() {
      const ending = [...threads].map((thread) => {
        thread.current?.done.reject(new Stopped());
        return end(thread);
      });
      for (const { done } of waiting.splice(0)) done.reject(new Stopped());
      await Promise.all(ending);
    },
  };
}

function errorOf(message: Exclude<FromThread, { kind: 'done' }>): Error {
  switch (message.kind) {
    case 'too large':
      return new TooLargeOpened();
    case 'no package':
      return new NotAPackage(message.message);
    case 'machine':
      return new OperationalError(message.code, message.message);
    case 'failed':
      return Object.assign(new Error(message.message), { code: message.code });
  }
}
