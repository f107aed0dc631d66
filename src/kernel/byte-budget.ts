// A bound on the bytes that all holders together keep in memory. The bound for a single holder is set elsewhere. A
// holder that knows its size waits for room in turn; a holder that grows while it reads is refused when there is no
// room.

/** All sizes are in bytes. */
export interface ByteBudgetOptions {
  mostBytes: number;
  /** How long `reserve` waits for room. */
  waitMs: number;
  /** A reservation up to this size is not counted: the number of holders bounds the sum of those. */
  freeBytes: number;
}

/** What one request holds. A holder reserves at most once. */
export interface HeldBytes {
  /** Returns `undefined` when there is room at once; otherwise resolves to whether room became free in time. */
  reserve(bytes: number): Promise<boolean> | undefined;
  /** Raises the holder's total to `bytes`. Returns false, and changes nothing, when there is no room. */
  grow(bytes: number): boolean;
  /** Gives everything back and ends a pending `reserve` with false. May be called again. */
  release(): void;
}

interface Waiter {
  bytes: number;
  end(hasRoom: boolean): void;
}

/** First come, first served. A single holder may exceed the budget when nobody else holds anything. */
export class ByteBudget {
  readonly #options: ByteBudgetOptions;
  readonly #waiting = new Set<Waiter>();
  #used = 0;

  constructor(options: ByteBudgetOptions) {
    this.#options = options;
  }

  /** The bytes that are held and counted. */
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

  /** A holder that is alone gets what it asks for, even when the budget is smaller. */
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
