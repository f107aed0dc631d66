// The current time as a dependency, so that tests can set it.

/** A source of the wall-clock time. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
}

/** The clock of the host. */
export const systemClock: Clock = { now: () => Date.now() };
