// Checkpoints: a worker thread moves committed pages from the write-ahead log into the database. A checkpoint syncs to
// disk, so the event loop must not wait for it. When the thread is missing or late, SQLite checkpoints by itself,
// later.

import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

/** Pages in the write-ahead log after which SQLite checkpoints by itself: 64 MB. */
export const LATEST_CHECKPOINT_PAGES = 16_000;
const COMMITS = 1000;

/** States of the worker, in shared memory: `stop` is synchronous and cannot wait for a message. */
const IDLE = 0;
const ASKED = 1;
const WORKING = 2;
const STOPPED = 3;
const LONGEST_WAIT_MS = 5_000;

// Each checkpoint uses its own connection and closes it at once: the store's connection must be the last to close,
// because the last one deletes the log. The connection must not create the file, which may be gone by then.
const WORKER = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { DatabaseSync } = require('node:sqlite');
  process.removeAllListeners('warning');
  const { url, state } = workerData;
  parentPort.on('message', () => {
    if (Atomics.compareExchange(state, 0, ${ASKED}, ${WORKING}) !== ${ASKED}) return;
    let database;
    try {
      database = new DatabaseSync(new URL(url), { timeout: 0 });
      database.exec('PRAGMA wal_checkpoint(PASSIVE)');
    } catch {} finally {
      try { database?.close(); } catch {}
      Atomics.store(state, 0, ${IDLE});
      Atomics.notify(state, 0);
    }
  });
`;

/** Requests a checkpoint every 1,000 commits. */
export class Checkpoints {
  readonly #file: string;
  readonly #state = new Int32Array(new SharedArrayBuffer(4));
  #worker: Worker | undefined;
  #commits = 0;

  /** `file` is the path of a database in WAL mode. */
  constructor(file: string) {
    this.#file = file;
  }

  /** Call it after each commit. */
  committed(): void {
    if (++this.#commits < COMMITS) return;
    if (Atomics.compareExchange(this.#state, 0, IDLE, ASKED) !== IDLE) return;
    this.#commits = 0;
    this.#worker ??= this.#start();
    this.#worker.postMessage('checkpoint');
  }

  /** Waits up to 5 s for a running checkpoint and ends the worker. */
  stop(): void {
    for (const state of [IDLE, ASKED]) Atomics.compareExchange(this.#state, 0, state, STOPPED);
    Atomics.wait(this.#state, 0, WORKING, LONGEST_WAIT_MS);
    Atomics.store(this.#state, 0, STOPPED);
    void this.#worker?.terminate();
  }

  #start(): Worker {
    const url = pathToFileURL(this.#file);
    url.search = 'mode=rw';
    const workerData = { url: url.href, state: this.#state };
    const worker = new Worker(WORKER, { eval: true, workerData, execArgv: [], env: {} });
    worker.unref();
    // SQLite checkpoints by itself from now on.
    worker.on('error', () => Atomics.store(this.#state, 0, STOPPED));
    return worker;
  }
}
