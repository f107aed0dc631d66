// Who is served when: a lane for every subscription, in which one item is worked on at a time and in order, and a bound
// on all of them together. What has to come again waits aside and lets the others pass. Knows nothing of messages.

import type { Clock } from '../../../kernel/clock.ts';
import type { Log } from '../../../kernel/log.ts';

/** When to come again, in milliseconds since the epoch; `undefined` when all is done. */
export type Again = number | undefined;

export interface LanesOptions<T> {
  work(item: T, signal: AbortSignal): Promise<Again>;
  clock: Clock;
  log: Log;
  mostAtOnce: number;
  /** After a failure of the work itself. */
  pauseMs: number;
}

interface Lane<T> {
  key: string;
  ready: T[];
  /** With those that wait aside. */
  size: number;
  isBusy: boolean;
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;

export class Lanes<T> {
  readonly #options: LanesOptions<T>;
  readonly #lanes = new Map<string, Lane<T>>();
  /** Those that wait until fewer are busy. */
  readonly #queued = new Set<Lane<T>>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #stopping = new AbortController();
  #active = 0;
  #waiters: (() => void)[] = [];

  constructor(options: LanesOptions<T>) {
    this.#options = options;
  }

  sizeOf(key: string): number {
    return this.#lanes.get(key)?.size ?? 0;
  }

  /** `notBefore` in milliseconds since the epoch. */
  add(key: string, item: T, notBefore: number): void {
    let lane = this.#lanes.get(key);
    if (!lane) this.#lanes.set(key, (lane = { key, ready: [], size: 0, isBusy: false }));
    lane.size++;
    this.#schedule(lane, item, notBefore);
  }

  /** Resolves once nothing is worked on; what waits aside does not count. */
  idle(): Promise<void> {
    return this.#active === 0 ? Promise.resolve() : new Promise((resolve) => this.#waiters.push(resolve));
  }

  /** Begins nothing more, and aborts and awaits what runs. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    for (const timer of this.#timers) clearTimeout(timer);
    await this.idle();
  }

  #schedule(lane: Lane<T>, item: T, notBefore: number): void {
    const pauseMs = notBefore - this.#options.clock.now();
    if (pauseMs <= 0) {
      lane.ready.push(item);
      this.#pump(lane);
      return;
    }
    if (this.#stopping.signal.aborted) return;
    const later = () => {
      this.#timers.delete(timer);
      this.#schedule(lane, item, notBefore);
    };
    const timer = setTimeout(later, Math.min(pauseMs, LONGEST_TIMER_MS)).unref();
    this.#timers.add(timer);
  }

  #pump(lane: Lane<T>): void {
    if (lane.isBusy || lane.ready.length === 0 || this.#stopping.signal.aborted) return;
    if (this.#active >= this.#options.mostAtOnce) {
      this.#queued.add(lane);
      return;
    }
    this.#queued.delete(lane);
    lane.isBusy = true;
    this.#active++;
    void this.#run(lane, lane.ready.shift()!);
  }

  async #run(lane: Lane<T>, item: T): Promise<void> {
    const { work, clock, log, pauseMs, mostAtOnce } = this.#options;
    let again: Again;
    try {
      again = await work(item, this.#stopping.signal);
    } catch (error) {
      log.error({ err: error, item }, 'a delivery could not be worked on');
      again = clock.now() + pauseMs;
    }
    lane.isBusy = false;
    this.#active--;
    if (again !== undefined) this.#schedule(lane, item, again);
    else if (--lane.size === 0) this.#lanes.delete(lane.key);
    this.#pump(lane);
    for (const next of this.#queued) {
      if (this.#active >= mostAtOnce) break;
      this.#pump(next);
    }
    if (this.#active === 0) for (const resolve of this.#waiters.splice(0)) resolve();
  }
}
