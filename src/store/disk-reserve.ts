// Room for the state on a full disk: a file of its own that is given up when a commit finds no space, so that the next
// attempt succeeds. Failovers need a few kilobytes in the record, and must not wait until somebody frees the disk.

import { closeSync, openSync, rmSync, statSync, writeSync } from 'node:fs';

const BYTES = 1024 * 1024;
/** How many commits pass before space is taken again. */
const COMMITS_BETWEEN_ATTEMPTS = 100;

export class DiskReserve {
  readonly #file: string;
  #isHeld = false;
  #commitsUntilAttempt = 0;

  /** Takes the space, if there is any, or keeps what an earlier run took. `file`: the path of the reserve. */
  constructor(file: string) {
    this.#file = file;
    this.#isHeld = statSync(file, { throwIfNoEntry: false })?.size === BYTES;
    if (!this.#isHeld) this.#take();
  }

  /** Gives the space to the file system. Call it when a write has found the disk full. */
  release(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.#commitsUntilAttempt = COMMITS_BETWEEN_ATTEMPTS;
    rmSync(this.#file, { force: true });
  }

  /** Call it after each commit: takes the space again once there is some. */
  committed(): void {
    if (this.#isHeld || this.#commitsUntilAttempt-- > 0) return;
    this.#commitsUntilAttempt = COMMITS_BETWEEN_ATTEMPTS;
    this.#take();
  }

  #take(): void {
    let file: number | undefined;
    try {
      file = openSync(this.#file, 'w', 0o600);
      const zeros = Buffer.alloc(BYTES);
      let written = 0;
      while (written < BYTES) written += writeSync(file, zeros, written);
      this.#isHeld = true;
    } catch {
      // Without a reserve the state works as long as the disk has space.
      rmSync(this.#file, { force: true });
    } finally {
      if (file !== undefined) closeSync(file);
    }
  }
}
