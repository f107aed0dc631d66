// Decides when content that records refer to may be deleted from the disk. Content has an id (its hash or a random
// name); the caller knows its files. Every store that keeps bytes outside of the database uses this class.
//
// Content is deleted when no record refers to it and nobody holds a lease. Both are checked, and the deletion is
// registered, in one turn of the event loop, so nothing can come in between. Content is written before its record and
// deleted after the last record. A crash in between leaves at worst content without a record, which the next start
// deletes.

import type { Log } from '../kernel/log.ts';

/** What the caller knows of its content. */
export interface LeasedContentOptions {
  /** Whether a record refers to the content now. Return false when ids are never reused. */
  isReferenced(id: string): boolean;
  /** Deletes the content from the disk. When it rejects, the next start deletes the content. */
  remove(id: string): Promise<void>;
  log: Log;
}

/** Ends a lease. Further calls have no effect. */
export type Release = () => void;

/** The leases and deletions of one store of content. */
export class LeasedContent {
  readonly #options: LeasedContentOptions;
  /** The number of leases of each content. */
  readonly #holders = new Map<string, number>();
  /** Content to check when its last lease ends. */
  readonly #abandoned = new Set<string>();
  readonly #making = new Map<string, Promise<void>>();
  readonly #removals = new Map<string, Promise<void>>();

  constructor(options: LeasedContentOptions) {
    this.#options = options;
  }

  /**
   * Takes a lease, which keeps the content from being deleted. Call it in the turn of the event loop that reads a
   * record with this id.
   */
  hold(id: string): Release {
    this.#holders.set(id, (this.#holders.get(id) ?? 0) + 1);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      const others = this.#holders.get(id)! - 1;
      if (others > 0) return void this.#holders.set(id, others);
      this.#holders.delete(id);
      this.#look(id);
    };
  }

  /**
   * Creates content and takes a lease, so that the caller can record it. `make` must do nothing when the content
   * exists. It runs after a running deletion of the same content, and once for all concurrent callers. The content is
   * deleted when the lease ends and no record refers to it.
   */
  async obtain(id: string, make: () => Promise<void>): Promise<Release> {
    const release = this.hold(id);
    this.#abandoned.add(id);
    try {
      await this.#removals.get(id);
      await this.#makeOnce(id, make);
      return release;
    } catch (error) {
      release();
      throw error;
    }
  }

  /**
   * Call it when a record that referred to the content is gone: deletes the content as soon as nobody needs it. Never
   * throws.
   */
  abandon(id: string): void {
    this.#abandoned.add(id);
    this.#look(id);
  }

  /** Waits for the running deletions. */
  async settled(): Promise<void> {
    await Promise.all(this.#removals.values());
  }

  #makeOnce(id: string, make: () => Promise<void>): Promise<void> {
    let making = this.#making.get(id);
    if (!making) {
      making = make().finally(() => this.#making.delete(id));
      this.#making.set(id, making);
    }
    return making;
  }

  #look(id: string): void {
    if (this.#holders.has(id) || !this.#abandoned.delete(id)) return;
    if (this.#removals.has(id) || this.#options.isReferenced(id)) return;
    const removal = this.#options
      .remove(id)
      .catch((error) => this.#options.log.warn({ err: error, content: id }, 'content could not be deleted'))
      .finally(() => this.#removals.delete(id));
    this.#removals.set(id, removal);
  }
}
