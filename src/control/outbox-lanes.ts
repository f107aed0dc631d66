// Schedules the entries of an outbox: which entry of which lane is worked on next. The number of entries at work is
// bounded per lane and over all lanes. It does not know what the work is.

import type { Clock } from '../kernel/clock.ts';
import { turnEnd } from '../kernel/turn.ts';

/** The concurrency and order of lanes. */
export interface LaneRules {
  /** Entries of one lane that are worked on at the same time. */
  perLane: number;
  /** Entries of all lanes that are worked on at the same time. */
  mostAtOnce: number;
  /** Whether an entry that is tried again blocks those behind it in its lane. Requires `perLane: 1`. */
  keepsOrder: boolean;
}

/** What the lanes know about an entry. */
export interface LaneEntry {
  lane: string;
  /** The earliest time to work on it, in milliseconds since the epoch. */
  notBefore: number;
  /** Whether its lane was dropped while it was worked on. */
  isDropped: boolean;
}

/** What the lanes need. */
export interface LanesOptions<E extends LaneEntry> {
  rules: LaneRules;
  clock: Clock;
  /** Must not reject. Resolves to true when the entry is to be tried again at its `notBefore`. */
  work(entry: E): Promise<boolean>;
}

interface Lane<E> {
  /** Entries in order; those before `head` are done. */
  ready: E[];
  head: number;
  /** Entries that wait for their retry while others pass them, with their timers. */
  retrying: Map<E, NodeJS.Timeout>;
  running: Set<E>;
  /** If the order is kept: runs until the first entry's `notBefore`. */
  pause?: NodeJS.Timeout | undefined;
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** Finished entries that stay in `ready` before it is cut. */
const MOST_DONE = 1_024;

/**
 * Queues of entries that are worked on concurrently. Lanes take turns, so that neither a long lane nor a stuck one
 * delays the others.
 */
export class Lanes<E extends LaneEntry> {
  readonly #options: LanesOptions<E>;
  readonly #lanes = new Map<string, Lane<E>>();
  /** Lanes with an entry that can start now, in the order of their turns. */
  readonly #wanting = new Set<Lane<E>>();
  #active = 0;
  #isRunning = false;
  #waiters: (() => void)[] = [];

  constructor(options: LanesOptions<E>) {
    this.#options = options;
  }

  /** The number of entries in the lane, including those that are worked on. */
  sizeOf(key: string): number {
    const lane = this.#lanes.get(key);
    return lane ? waitingIn(lane) + lane.running.size : 0;
  }

  add(entry: E): void {
    let lane = this.#lanes.get(entry.lane);
    if (!lane) {
      lane = { ready: [], head: 0, retrying: new Map(), running: new Set() };
      this.#lanes.set(entry.lane, lane);
    }
    this.#queue(lane, entry);
  }

  /** All entries of the lane, including those that are worked on. */
  entriesOf(key: string): E[] {
    const lane = this.#lanes.get(key);
    return lane ? [...lane.running, ...lane.ready.slice(lane.head), ...lane.retrying.keys()] : [];
  }

  /** Empties the lane. Work on its entries continues, and none of them is tried again. */
  drop(key: string): void {
    const lane = this.#lanes.get(key);
    if (!lane) return;
    for (const entry of this.entriesOf(key)) entry.isDropped = true;
    stopTimers(lane);
    Object.assign(lane, { ready: [], head: 0 });
    this.#wanting.delete(lane);
    this.#lanes.delete(key);
  }

  /** Work begins only after this call. */
  start(): void {
    this.#isRunning = true;
    for (const lane of this.#lanes.values()) this.#offer(lane);
    this.#serve();
  }

  /** Work on further entries does not begin. */
  stop(): void {
    this.#isRunning = false;
    for (const lane of this.#lanes.values()) stopTimers(lane);
  }

  /** Resolves when no entry is worked on. Entries that wait for their retry do not count. */
  idle(): Promise<void> {
    return this.#active === 0 ? Promise.resolve() : new Promise((resolve) => this.#waiters.push(resolve));
  }

  #queue(lane: Lane<E>, entry: E): void {
    const { rules, clock } = this.#options;
    if (!rules.keepsOrder && entry.notBefore > clock.now()) {
      const timer = this.#at(entry.notBefore, () => {
        lane.retrying.delete(entry);
        this.#queue(lane, entry);
      });
      lane.retrying.set(entry, timer);
      return;
    }
    lane.ready.push(entry);
    this.#offer(lane);
    this.#serve();
  }

  #at(time: number, work: () => void): NodeJS.Timeout {
    const pauseMs = Math.max(0, time - this.#options.clock.now());
    return setTimeout(work, Math.min(pauseMs, LONGEST_TIMER_MS)).unref();
  }

  /** Queues the lane for a turn if its next entry can start now. */
  #offer(lane: Lane<E>): void {
    if (!this.#isRunning || lane.running.size >= this.#options.rules.perLane) return;
    const next = lane.ready[lane.head];
    if (!next || lane.pause) return;
    if (next.notBefore > this.#options.clock.now()) {
      lane.pause = this.#at(next.notBefore, () => {
        lane.pause = undefined;
        this.#offer(lane);
        this.#serve();
      });
    } else this.#wanting.add(lane);
  }

  #serve(): void {
    // A lane that wants another turn queues behind those that already wait for theirs.
    for (const lane of this.#wanting) {
      if (!this.#isRunning || this.#active >= this.#options.rules.mostAtOnce) return;
      this.#wanting.delete(lane);
      const entry = take(lane);
      lane.running.add(entry);
      this.#active++;
      this.#offer(lane);
      void this.#run(lane, entry);
    }
  }

  async #run(lane: Lane<E>, entry: E): Promise<void> {
    await turnEnd();
    const isRetried = this.#isRunning && !entry.isDropped && (await this.#options.work(entry));
    lane.running.delete(entry);
    this.#active--;
    if (isRetried && !entry.isDropped) this.#retry(lane, entry);
    else if (waitingIn(lane) + lane.running.size === 0 && this.#lanes.get(entry.lane) === lane)
      this.#lanes.delete(entry.lane);
    this.#offer(lane);
    this.#serve();
    if (this.#active === 0) for (const resolve of this.#waiters.splice(0)) resolve();
  }

  #retry(lane: Lane<E>, entry: E): void {
    if (!this.#isRunning) return;
    if (this.#options.rules.keepsOrder) lane.ready[--lane.head] = entry;
    else this.#queue(lane, entry);
  }
}

function take<E>(lane: Lane<E>): E {
  const entry = lane.ready[lane.head++]!;
  // One place stays free in front, for the entry's retry.
  if (lane.head > MOST_DONE && lane.head * 2 > lane.ready.length) {
    lane.ready.splice(0, lane.head - 1);
    lane.head = 1;
  }
  return entry;
}

const waitingIn = <E>({ ready, head, retrying }: Lane<E>): number => ready.length - head + retrying.size;

function stopTimers<E>(lane: Lane<E>): void {
  for (const timer of lane.retrying.values()) clearTimeout(timer);
  lane.retrying.clear();
  clearTimeout(lane.pause);
  lane.pause = undefined;
}
