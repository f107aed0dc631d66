// SQLite moves what was committed from its journal (the WAL) into the database now and then, and syncs both to disk. That
// takes as long as the disk takes, so a thread of its own does it, and the event loop does not wait. Where that thread is
// missing or behind, SQLite does it by itself, later.

import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

/** Pages in the journal after which SQLite no longer waits for the thread: 64 MB. */
export const LATEST_CHECKPOINT_PAGES = 16_000;
const COMMITS = 1000;

/** What the two threads tell each other; in shared memory, because `stop` cannot wait for a message. */
const IDLE = 0;
const ASKED = 1;
const WORKING = 2;
const STOPPED = 3;
const LONGEST_WAIT_MS = 5_000;

// A connection for each, closed at once: the one that the store has must be the last to close, since that one tidies up.
// Opened without leave to create: the file may be gone by then.
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

export class Checkpoints {
  readonly #file: string;
  readonly #state = new Int32Array(new SharedArrayBuffer(4));
  #worker: Worker | undefined;
  #commits = 0;

  /** `file` is the path of a database in WAL mode. */
  constructor(file: string) {
    this.#file = file;
  }

  /** To be called after each commit. */
  committed(): void {
    if (++this.#commits < COMMITS) return;
    if (Atomics.compareExchange(this.#state, 0, IDLE, ASKED) !== IDLE) return;
    this.#commits = 0;
    this.#worker ??= this.#start();
    this.#worker.postMessage('checkpoint');
  }

  /** A checkpoint that is being made is waited for. */
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
    // Then SQLite does it by itself.
    worker.on('error', () => Atomics.store(this.#state, 0, STOPPED));
    return worker;
  }
}
