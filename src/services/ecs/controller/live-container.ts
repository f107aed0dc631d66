// A container that was started, by this Millpond or an earlier one: how it ends, its output, its health checks.

import type { Container, ContainerEnd, OutputLine } from '../../../machines/containers/containers.ts';
import { hasHealthCheck } from '../domain/dependencies.ts';
import { afterCheck, type HealthCount, healthRules } from '../domain/health.ts';
import type { Health, TaskContainer } from '../domain/model.ts';
import type { NotListening } from '../domain/observation.ts';

/** What programs say when they cannot listen: all of the patterns hold for the line. */
const REASONS: readonly { because: NotListening['because']; patterns: readonly RegExp[] }[] = [
  { because: 'in use', patterns: [/\bEADDRINUSE\b|\baddress (?:is )?already in use\b/i] },
  { because: 'not allowed', patterns: [/\b(?:bind|listen)\b/i, /\bEACCES\b|\bpermission denied\b/i] },
];
const MOST_LETTERS = 200;

/** Watches one container. */
export class LiveContainer {
  readonly container: Container;
  /** The signal that asks it to end, where it is known from its image. */
  readonly stopSignal: string | undefined;
  end: ContainerEnd | undefined;
  isDrained = false;
  /** By the last line that says so. */
  notListening: NotListening | undefined;
  #count: HealthCount;
  #timer: NodeJS.Timeout | undefined;
  #isWatched = true;
  readonly #changed: () => void;

  /** `changed` is called when it has ended, when its output is delivered, and when its health changes. */
  constructor(
    container: Container,
    options: {
      record: TaskContainer;
      deliver(seen: (line: OutputLine) => void): Promise<boolean>;
      changed(): void;
      stopSignal?: string | undefined;
    },
  ) {
    const { record, changed } = options;
    this.container = container;
    this.stopSignal = options.stopSignal;
    this.#changed = changed;
    this.#count = { health: record.health, failures: 0 };
    void container.ended.then((end) => {
      this.end = end;
      clearTimeout(this.#timer);
      changed();
    });
    const seen = ({ text }: OutputLine) => {
      const reason = REASONS.find(({ patterns }) => patterns.every((each) => each.test(text)));
      if (reason) {
        this.notListening = { because: reason.because, line: text.trim().slice(0, MOST_LETTERS) };
      }
    };
    void options.deliver(seen).then((hasEnded) => {
      this.isDrained = hasEnded;
      if (hasEnded) changed();
    });
    if (hasHealthCheck(record.definition)) this.#checkSoon(record);
  }

  get health(): Health {
    return this.#count.health;
  }

  /** Ends the watching; the container goes on. */
  unwatch(): void {
    this.#isWatched = false;
    clearTimeout(this.#timer);
  }

  #checkSoon(record: TaskContainer): void {
    const { intervalMs } = healthRules(record.definition.healthCheck!);
    this.#timer = setTimeout(() => void this.#check(record), intervalMs);
  }

  async #check(record: TaskContainer): Promise<void> {
    const { healthCheck } = record.definition;
    const { timeoutMs, retries, startPeriodMs } = healthRules(healthCheck!);
    const passed = await this.container.run(commandOf(healthCheck!.command!), timeoutMs).then(
      (code) => code === 0,
      () => false,
    );
    if (!this.#isWatched || this.end) return;
    const isInStartPeriod = Date.now() < this.container.startedAt + startPeriodMs;
    const before = this.#count.health;
    this.#count = afterCheck(this.#count, passed, { retries, isInStartPeriod });
    if (this.#count.health !== before) this.#changed();
    this.#checkSoon(record);
  }
}

/** AWS: `CMD` is followed by a program and its arguments, `CMD-SHELL` by a line for the shell. */
function commandOf([kind, ...rest]: readonly string[]): readonly string[] {
  if (kind === 'CMD') return rest;
  return ['/bin/sh', '-c', kind === 'CMD-SHELL' ? rest.join(' ') : [kind, ...rest].join(' ')];
}
