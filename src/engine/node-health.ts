// The health of one engine that runs: takes in the signs of its life and enters the state that health.ts judges it to be
// in. That it has ended is not decided here: `Run.ended` tells.

import type { Access } from './access.ts';
import type { Run, Signs } from './driver.ts';
import { judge, type LiveState, type Vitals } from './health.ts';
import type { HealthWatch, Watched } from './health-watch.ts';

export interface NodeHealthOptions {
  run: Run;
  access: Access;
  failureDetectionMs: number;
  watch: HealthWatch;
  onState: () => void;
}

/** Questions are most of what an idle node costs. A hang is told from the last answer on, so this does not delay it. */
const LONGEST_ASKING_PAUSE_MS = 500;
const QUESTIONS_A_WINDOW = 4;
/** Engines answer within a millisecond. While an answer is late the system is asked whether the engine lives and runs. */
const LATE_MS = 200;
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
  #askedInTurn = -1;
  #unansweredSince: number | undefined;
  #lastProgress: string | undefined;
  #closed = false;

  constructor(options: NodeHealthOptions) {
    const { run, access, watch, failureDetectionMs } = options;
    this.#options = options;
    this.#vitals = { startedAt: watch.now() };
    this.#askingPauseMs = Math.min(LONGEST_ASKING_PAUSE_MS, failureDetectionMs / QUESTIONS_A_WINDOW);
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
    const isLate = now - (this.#unansweredSince ?? now) > LATE_MS;
    if (isLate) run.look();
    if (run.ending) return;
    if (stalled && this.state !== 'hung') this.#vitals.stalledAt = now;
    this.#askIfDue(now);
    this.#lookWhetherAtWork(now, isLate);
    this.#judge(now);
  }

  close(): void {
    this.#closed = true;
    this.#options.watch.delete(this);
  }

  #answered(answer: 'ready' | 'loading'): void {
    const now = this.#options.watch.now();
    this.#vitals.answeredAt = now;
    this.#unansweredSince = undefined;
    this.#vitals.answer = answer;
    this.#judge(now);
  }

  /** All engines at the same look, so that their answers come together and wake Millpond once. */
  #askIfDue(now: number): void {
    const turn = Math.floor(now / this.#askingPauseMs);
    if (turn === this.#askedInTurn) return;
    this.#askedInTurn = turn;
    // Also while there is no connection: that is no answer either.
    this.#unansweredSince ??= now;
    this.#signs.ask();
  }

  /** Has its price, so only while an answer is late. */
  #lookWhetherAtWork(now: number, isLate: boolean): void {
    if (!isLate) {
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
}
