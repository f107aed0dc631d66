// How many bytes may be held at the same time, over all who hold some: what each of them may hold is bounded elsewhere, and
// the sum here. Those that know how much they need wait for it in turn; those that find out as they go are told no.

export interface ByteBudgetOptions {
  mostBytes: number;
  /** How long somebody waits for room. */
  waitMs: number;
  /** So much needs no room: it is bounded by the number of those who can hold it. */
  freeBytes: number;
}

/** What one request holds. Used by one at a time: what it reserves, it reserves once. */
export interface HeldBytes {
  /** `undefined` when there is room for so many, else whether there was in time. */
  reserve(bytes: number): Promise<boolean> | undefined;
  /** So many in all: false when there is no room for those that are more than before. */
  grow(bytes: number): boolean;
  /** Gives all back; one that waits is told that there was no room. May be called again. */
  release(): void;
}

interface Waiter {
  bytes: number;
  end(hasRoom: boolean): void;
}

export class ByteBudget {
  readonly #options: ByteBudgetOptions;
  readonly #waiting = new Set<Waiter>();
  #used = 0;

  constructor(options: ByteBudgetOptions) {
    this.#options = options;
  }

  /** What is held and counted. */
  get used(): number {
    return this.#used;
  }

  hold(): HeldBytes {
    const { freeBytes, waitMs } = this.#options;
    let held = 0;
    let waiter: Waiter | undefined;
    const take = (bytes: number) => {
      this.#used += bytes - held;
      held = bytes;
    };
    return {
      reserve: (bytes) => {
        if (bytes <= freeBytes) return undefined;
        if (this.#waiting.size === 0 && this.#hasRoom(bytes)) {
          take(bytes);
          return undefined;
        }
        return new Promise((resolve) => {
          const end = (hasRoom: boolean) => {
            clearTimeout(timer);
            this.#waiting.delete(own);
            waiter = undefined;
            if (hasRoom) take(bytes);
            resolve(hasRoom);
          };
          const own = { bytes, end };
          const timer = setTimeout(() => {
            end(false);
            this.#serve();
          }, waitMs).unref();
          this.#waiting.add((waiter = own));
        });
      },
      grow: (bytes) => {
        if (bytes <= Math.max(held, freeBytes)) return true;
        if (!this.#hasRoom(bytes - held, held)) return false;
        take(bytes);
        return true;
      },
      release: () => {
        waiter?.end(false);
        take(0);
        this.#serve();
      },
    };
  }

  /** One that is alone may have what it needs, however little the budget is. */
  #hasRoom(more: number, own = 0): boolean {
    return this.#used === own || this.#used + more <= this.#options.mostBytes;
  }

  #serve(): void {
    for (const waiter of this.#waiting) {
      if (!this.#hasRoom(waiter.bytes)) return;
      waiter.end(true);
    }
  }
}
