// The single timer behind all health checks. It notices when it fires late itself.

/** Something that the timer calls ten times a second. `stalled`: our own event loop was blocked just now. */
export interface Watched {
  look(now: number, stalled: boolean): void;
}

const LOOK_EVERY_MS = 100;
/** Our own event loop was late by more than this, so the silence of engines proves nothing. */
const STALL_MS = 250;

/** The clock and the timer of health checks. */
export interface HealthWatch {
  /** The monotonic clock of all health checks, in milliseconds. */
  now(): number;
  add(watched: Watched): void;
  delete(watched: Watched): void;
  close(): void;
}

/** The timer runs only while something is watched. */
export function createHealthWatch(): HealthWatch {
  const all = new Set<Watched>();
  let timer: NodeJS.Timeout | undefined;
  let dueAt = 0;

  function tick(): void {
    const now = performance.now();
    const stalled = now - dueAt > STALL_MS;
    dueAt = now + LOOK_EVERY_MS;
    for (const watched of all) watched.look(now, stalled);
  }

  return {
    now: () => performance.now(),
    add(watched) {
      all.add(watched);
      if (timer) return;
      dueAt = performance.now() + LOOK_EVERY_MS;
      timer = setInterval(tick, LOOK_EVERY_MS);
    },
    delete(watched) {
      all.delete(watched);
      if (all.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    },
    close() {
      all.clear();
      clearInterval(timer);
      timer = undefined;
    },
  };
}
