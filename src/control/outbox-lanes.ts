// Whose turn it is: lanes, each with a bound on what is worked on at once, and one on all of them together. Lanes take
// turns, so that a long one does not hold up the others, nor one that stands still. Knows nothing of what is worked on.

import type { Clock } from '../kernel/clock.ts';
import { turnEnd } from '../kernel/turn.ts';

export interface LaneRules {
  /** Of one lane, worked on at the same time. */
  perLane: number;
  /** Of all lanes. */
  mostAtOnce: number;
  /** What has to come again comes before everything behind it in its lane. Asks for `perLane: 1`. */
  keepsOrder: boolean;
}

export interface LaneEntry {
  lane: string;
  /** Not to be worked on earlier, in milliseconds since the epoch. */
  notBefore: number;
  /** Taken out of its lane; what works on it may look here. */
  isDropped: boolean;
}

export interface LanesOptions<E extends LaneEntry> {
  rules: LaneRules;
  clock: Clock;
  /** Never rejects. True when the entry is to come again, at its `notBefore`. */
  work(entry: E): Promise<boolean>;
}

interface Lane<E> {
  /** In the order of their turns, from `head` on. */
  ready: E[];
  head: number;
  /** Those that come again later, and let others pass. */
  aside: Map<E, NodeJS.Timeout>;
  running: Set<E>;
  /** Until the first one may be worked on, where the order is kept. */
  pause?: NodeJS.Timeout | undefined;
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** So many that are done are left in the list before it is cut. */
const MOST_DONE = 1_024;

export class Lanes<E extends LaneEntry> {
  readonly #options: LanesOptions<E>;
  readonly #lanes = new Map<string, Lane<E>>();
  /** Those that have something to begin, in the order of their turns. */
  readonly #wanting = new Set<Lane<E>>();
  #active = 0;
  #isRunning = false;
  #waiters: (() => void)[] = [];

  constructor(options: LanesOptions<E>) {
    this.#options = options;
  }

  sizeOf(key: string): number {
    const lane = this.#lanes.get(key);
    return lane ? waitingIn(lane) + lane.running.size : 0;
  }

  add(entry: E): void {
    let lane = this.#lanes.get(entry.lane);
    if (!lane) {
      lane = { ready: [], head: 0, aside: new Map(), running: new Set() };
      this.#lanes.set(entry.lane, lane);
    }
    this.#queue(lane, entry);
  }

  /** All that are in the lane, those that are worked on as well. */
  entriesOf(key: string): E[] {
    const lane = this.#lanes.get(key);
    return lane ? [...lane.running, ...lane.ready.slice(lane.head), ...lane.aside.keys()] : [];
  }

  /** Empties the lane; what is worked on ends by itself and does not come again. */
  drop(key: string): void {
    const lane = this.#lanes.get(key);
    if (!lane) return;
    for (const entry of this.entriesOf(key)) entry.isDropped = true;
    stopTimers(lane);
    Object.assign(lane, { ready: [], head: 0 });
    this.#wanting.delete(lane);
    this.#lanes.delete(key);
  }

  /** Until then nothing is begun. */
  start(): void {
    this.#isRunning = true;
    for (const lane of this.#lanes.values()) this.#offer(lane);
    this.#serve();
  }

  /** Begins nothing more. */
  stop(): void {
    this.#isRunning = false;
    for (const lane of this.#lanes.values()) stopTimers(lane);
  }

  /** Resolves once nothing is worked on or could be; what comes again later does not count. */
  idle(): Promise<void> {
    return this.#active === 0 ? Promise.resolve() : new Promise((resolve) => this.#waiters.push(resolve));
  }

  #queue(lane: Lane<E>, entry: E): void {
    const { rules, clock } = this.#options;
    if (!rules.keepsOrder && entry.notBefore > clock.now()) {
      const timer = this.#at(entry.notBefore, () => {
        lane.aside.delete(entry);
        this.#queue(lane, entry);
      });
      lane.aside.set(entry, timer);
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

  /** Lets the lane have a turn, if there is anything in it that may be worked on now. */
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
    // A lane that wants another turn comes behind those that wait for theirs.
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
    const isAgain = this.#isRunning && !entry.isDropped && (await this.#options.work(entry));
    lane.running.delete(entry);
    this.#active--;
    if (isAgain && !entry.isDropped) this.#comeAgain(lane, entry);
    else if (waitingIn(lane) + lane.running.size === 0 && this.#lanes.get(entry.lane) === lane)
      this.#lanes.delete(entry.lane);
    this.#offer(lane);
    this.#serve();
    if (this.#active === 0) for (const resolve of this.#waiters.splice(0)) resolve();
  }

  #comeAgain(lane: Lane<E>, entry: E): void {
    if (!this.#isRunning) return;
    if (this.#options.rules.keepsOrder) lane.ready[--lane.head] = entry;
    else this.#queue(lane, entry);
  }
}

function take<E>(lane: Lane<E>): E {
  const entry = lane.ready[lane.head++]!;
  // One place stays in front for the entry, should it come again.
  if (lane.head > MOST_DONE && lane.head * 2 > lane.ready.length) {
    lane.ready.splice(0, lane.head - 1);
    lane.head = 1;
  }
  return entry;
}

const waitingIn = <E>({ ready, head, aside }: Lane<E>): number => ready.length - head + aside.size;

function stopTimers<E>(lane: Lane<E>): void {
  for (const timer of lane.aside.values()) clearTimeout(timer);
  lane.aside.clear();
  clearTimeout(lane.pause);
  lane.pause = undefined;
}
