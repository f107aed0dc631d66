// When content that records refer to may be deleted from the disk. Content has an id (its hash, or a random name); what
// it looks like on disk is the caller's. Every store that keeps bytes beside the database uses this one.
//
// The rule: content is deleted when no record refers to it and nobody holds it. Whether both are so is decided in one
// turn of the event loop, together with the entry that a deletion has begun, so nothing can come in between. Content is
// made before a record refers to it and deleted after the last record is gone, so the end of the process between any two
// steps leaves content without a record at worst, which the next start deletes.

import type { Log } from '../kernel/log.ts';

export interface LeasedContentOptions {
  /** Whether a record refers to it, now. Where ids are never used twice: false. */
  isReferenced(id: string): boolean;
  /** Deletes it from the disk. After a rejection it is deleted at the next start. */
  remove(id: string): Promise<void>;
  log: Log;
}

/** Ends a lease; called again, it does nothing. */
export type Release = () => void;

export class LeasedContent {
  readonly #options: LeasedContentOptions;
  /** How many leases there are of each content. */
  readonly #holders = new Map<string, number>();
  /** To be looked at when their last lease ends. */
  readonly #abandoned = new Set<string>();
  readonly #making = new Map<string, Promise<void>>();
  readonly #removals = new Map<string, Promise<void>>();

  constructor(options: LeasedContentOptions) {
    this.#options = options;
  }

  /** Keeps content from being deleted. To be called in the turn of the event loop that read a record with this id. */
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
   * Has content made and holds it, so that the caller can record it. `make` does nothing where the content exists; it
   * is called after a deletion of the same content has ended, and only once for all who ask meanwhile. When the lease
   * ends and no record refers to the content, it is deleted.
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

  /** A record that referred to it is gone: deletes it as soon as nobody needs it. Never throws. */
  abandon(id: string): void {
    this.#abandoned.add(id);
    this.#look(id);
  }

  /** Waits for the deletions that are under way. */
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
