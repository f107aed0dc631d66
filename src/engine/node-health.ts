// The health of one running engine: collects what the probe observes and keeps the state that health.ts derives from
// it. `Run.ended`, not this class, tells when the engine has ended.

import type { Access } from './access.ts';
import type { LivenessProbe, Run } from './driver.ts';
import { judge, type LiveState, type Vitals } from './health.ts';
import type { HealthWatch, Watched } from './health-watch.ts';

/** `onState` is called after each change of state. */
export interface NodeHealthOptions {
  run: Run;
  access: Access;
  failureDetectionMs: number;
  watch: HealthWatch;
  onState: () => void;
}

/**
 * Probes are most of the cost of an idle node. The detection window begins at the last answer, so rarer probes do not
 * delay it.
 */
const MAX_PROBE_INTERVAL_MS = 500;
const PROBES_PER_WINDOW = 4;
/** Engines answer within a millisecond. While an answer is late, the process itself is checked too. */
const LATE_MS = 200;
/** The interval between checks of the event loop while an engine answers no command. */
const TURN_PAUSE_MS = 500;

/** Watches one engine until `close`; its `state` is the current judgement. */
export class NodeHealth implements Watched {
  state: LiveState = 'starting';
  /** Resolves when the engine first accepts a connection. */
  readonly accepted: Promise<void>;
  readonly #options: NodeHealthOptions;
  readonly #vitals: Vitals;
  readonly #probe: LivenessProbe;
  readonly #probeIntervalMs: number;
  #askedInTurn = -1;
  #unansweredSince: number | undefined;
  #lastProgress: string | undefined;
  #closed = false;

  constructor(options: NodeHealthOptions) {
    const { run, access, watch, failureDetectionMs } = options;
    this.#options = options;
    this.#vitals = { startedAt: watch.now() };
    this.#probeIntervalMs = Math.min(MAX_PROBE_INTERVAL_MS, failureDetectionMs / PROBES_PER_WINDOW);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.accepted = promise;
    this.#probe = run.watch(access, {
      onAccept: resolve,
      onAnswer: (answer) => this.#answered(answer),
      onTurn: () => {
        this.#vitals.turnedAt = watch.now();
      },
    });
    watch.add(this);
  }

  /** Called ten times a second. `stalled`: our own event loop was blocked just now. */
  look(now: number, stalled: boolean): void {
    const { run } = this.#options;
    if (run.ending || this.#closed) return;
    const isLate = now - (this.#unansweredSince ?? now) > LATE_MS;
    if (isLate) run.look();
    if (run.ending) return;
    if (stalled && this.state !== 'hung') this.#vitals.stalledAt = now;
    this.#askIfDue(now);
    this.#checkProgress(now, isLate);
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

  /** All engines are probed in the same tick, so that their answers arrive together and wake Millpond once. */
  #askIfDue(now: number): void {
    const turn = Math.floor(now / this.#probeIntervalMs);
    if (turn === this.#askedInTurn) return;
    this.#askedInTurn = turn;
    // Also while there is no connection: that counts as unanswered.
    this.#unansweredSince ??= now;
    this.#probe.ask();
  }

  /** This check is expensive, so it runs only while an answer is late. */
  #checkProgress(now: number, isLate: boolean): void {
    if (!isLate) {
      this.#lastProgress = undefined;
      return;
    }
    if (now - (this.#vitals.turnedAt ?? 0) >= TURN_PAUSE_MS) this.#probe.askForTurn();
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
