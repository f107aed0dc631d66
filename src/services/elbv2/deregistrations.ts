// Targets that are being deregistered: each is gone when its time has come, also after a restart.

import type { Scope } from '../../aws/scope.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Store } from '../../store/store.ts';
import type { Balancing } from './balancing.ts';
import { DRAINING, type Records } from './records.ts';

/** Ends deregistrations. */
export interface Deregistrations {
  /** Call it after targets began to drain. */
  begun(): void;
  /** Removes the targets whose time has come, and waits for the others. */
  sweep(): Promise<void>;
  stop(): Promise<void>;
}

/** AWS: the longest delay is an hour. */
const LONGEST_WAIT_MS = 3_600_000;

/** Does nothing until it is called. */
export function createDeregistrations(dependencies: {
  records: Pick<Records, 'targetGroups'>;
  store: Store;
  clock: Clock;
  log: Log;
  balancing: Pick<Balancing, 'targetsChanged'>;
}): Deregistrations {
  const { records, store, clock, log, balancing } = dependencies;
  let timer: NodeJS.Timeout | undefined;
  let sweeping: Promise<void> = Promise.resolve();
  let isStopped = false;

  function schedule(): void {
    clearTimeout(timer);
    timer = undefined;
    if (isStopped) return;
    const times = records.targetGroups
      .byAnywhere('draining', DRAINING)
      .flatMap(({ value }) =>
        value.targets.map(({ drainsUntil }) => drainsUntil ?? Number.POSITIVE_INFINITY),
      );
    const next = times.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
    if (next === Number.POSITIVE_INFINITY) return;
    const waitMs = Math.min(Math.max(next - clock.now(), 1), LONGEST_WAIT_MS);
    timer = setTimeout(() => void sweep(), waitMs).unref();
  }

  async function sweepOnce(): Promise<void> {
    const now = clock.now();
    for (const { scope, value } of records.targetGroups.byAnywhere('draining', DRAINING)) {
      if (!value.targets.some(({ drainsUntil }) => isOver(drainsUntil, now))) continue;
      removeEnded(scope, value.id, now);
      await balancing.targetsChanged(scope, value.id);
    }
    schedule();
  }

  const removeEnded = (scope: Scope, id: string, now: number): void =>
    store.transaction(() => {
      const group = records.targetGroups.find(scope, id);
      if (!group) return;
      const targets = group.targets.filter(({ drainsUntil }) => !isOver(drainsUntil, now));
      records.targetGroups.put(scope, { ...group, targets });
    });

  function sweep(): Promise<void> {
    sweeping = sweeping
      .then(sweepOnce)
      .catch((error) => log.warn({ err: error }, 'a target could not be deregistered'));
    return sweeping;
  }

  return {
    begun: schedule,
    sweep,
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await sweeping;
    },
  };
}

const isOver = (drainsUntil: number | undefined, now: number): boolean =>
  drainsUntil !== undefined && drainsUntil <= now;
