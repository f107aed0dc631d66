// The health of one engine that runs: takes in the signs of its life and enters the state that health.ts judges it to be
// in. That it has ended is not decided here: `Run.ended` tells.

import type { Access, Run, Signs } from './driver.ts';
import { judge, type LiveState, type Vitals } from './health.ts';
import type { HealthWatch, Watched } from './health-watch.ts';

export interface NodeHealthOptions {
  run: Run;
  access: Access;
  failureDetectionMs: number;
  watch: HealthWatch;
  onState: () => void;
}

const LONGEST_ASKING_PAUSE_MS = 200;
/** An engine that has answered within this time has not ended. */
const FRESH_MS = 250;
const OVERDUE_MS = 400;
/** While an engine answers no command it is asked this often whether its loop turns. */
const TURN_PAUSE_MS = 500;

export class NodeHealth implements Watched {
  state: LiveState = 'starting';
  /** Resolves when the engine first takes a connection. */
  readonly accepted: Promise<void>;
  readonly #options: NodeHealthOptions;
  readonly #vitals: Vitals;
  readonly #signs: Signs;
  readonly #askingPauseMs: number;
  #lastProgress: string | undefined;
  #closed = false;

  constructor(options: NodeHealthOptions) {
    const { run, access, watch, failureDetectionMs } = options;
    this.#options = options;
    this.#vitals = { startedAt: watch.now() };
    this.#askingPauseMs = Math.min(LONGEST_ASKING_PAUSE_MS, failureDetectionMs / 10);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.accepted = promise;
    this.#signs = run.watch(access, {
      onAccept: resolve,
      onAnswer: (answer) => this.#answered(answer),
      onTurn: () => {
        this.#vitals.turnedAt = watch.now();
      },
    });
    watch.add(this);
  }

  /** Called ten times a second. `stalled`: our own loop has just been away for a while. */
  look(now: number, stalled: boolean): void {
    const { run } = this.#options;
    if (run.ending || this.#closed) return;
    if (this.#quietMs(now) > FRESH_MS) run.look();
    if (run.ending) return;
    if (stalled && this.state !== 'hung') this.#vitals.stalledAt = now;
    if (now - this.#signs.askedAt >= this.#askingPauseMs) this.#signs.ask();
    this.#lookWhetherAtWork(now);
    this.#judge(now);
  }

  close(): void {
    this.#closed = true;
    this.#options.watch.delete(this);
  }

  #answered(answer: 'ready' | 'loading'): void {
    const now = this.#options.watch.now();
    this.#vitals.answeredAt = now;
    this.#vitals.answer = answer;
    this.#judge(now);
  }

  /** Has its price, so only once an answer is overdue. */
  #lookWhetherAtWork(now: number): void {
    if (this.#quietMs(now) < OVERDUE_MS) {
      this.#lastProgress = undefined;
      return;
    }
    if (now - (this.#vitals.turnedAt ?? 0) >= TURN_PAUSE_MS) this.#signs.askForTurn();
    const token = this.#options.run.progress();
    const before = this.#lastProgress;
    if (before !== undefined && token !== undefined && token !== before) this.#vitals.progressedAt = now;
    this.#lastProgress = token;
  }

  #judge(now: number): void {
    const { run, failureDetectionMs, onState } = this.#options;
    const state = judge(this.#vitals, now, failureDetectionMs);
    if (state === this.state || run.ending || this.#closed) return;
    this.state = state;
    onState();
  }

  #quietMs = (now: number): number => now - (this.#vitals.answeredAt ?? this.#vitals.startedAt);
}
