// SQLite moves what was committed from its journal (the WAL) into the database now and then, and syncs both to disk. That
// takes as long as the disk takes, so a thread of its own does it, and the event loop does not wait. Where that thread is
// missing or behind, SQLite does it by itself, later.

import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

/** Pages in the journal after which SQLite no longer waits for the thread: 64 MB. */
export const LATEST_CHECKPOINT_PAGES = 16_000;
const COMMITS = 200;

// A connection for each, closed at once: the one that the store has must be the last to close, since that one tidies up.
// Opened without leave to create: the file may be gone by then.
const WORKER = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { DatabaseSync } = require('node:sqlite');
  process.removeAllListeners('warning');
  parentPort.on('message', () => {
    let database;
    try {
      database = new DatabaseSync(new URL(workerData), { timeout: 0 });
      database.exec('PRAGMA wal_checkpoint(PASSIVE)');
    } catch {} finally {
      try { database?.close(); } catch {}
    }
    parentPort.postMessage('done');
  });
`;

export class Checkpoints {
  readonly #file: string;
  #worker: Worker | undefined;
  #isWorking = false;
  #isFailed = false;
  #commits = 0;

  /** `file` is the path of a database in WAL mode. */
  constructor(file: string) {
    this.#file = file;
  }

  /** To be called after each commit. */
  committed(): void {
    if (++this.#commits < COMMITS || this.#isWorking || this.#isFailed) return;
    this.#commits = 0;
    this.#isWorking = true;
    this.#worker ??= this.#start();
    this.#worker.postMessage('checkpoint');
  }

  stop(): void {
    this.#isFailed = true;
    void this.#worker?.terminate();
    this.#worker = undefined;
  }

  #start(): Worker {
    const url = pathToFileURL(this.#file);
    url.search = 'mode=rw';
    const worker = new Worker(WORKER, { eval: true, workerData: url.href, execArgv: [], env: {} });
    worker.unref();
    worker.on('message', () => (this.#isWorking = false));
    worker.on('error', () => (this.#isFailed = true));
    return worker;
  }
}
