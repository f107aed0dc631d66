// Waits after a start until the nodes of earlier runs serve again. In cluster mode an engine refuses clients for its
// first two seconds.

import { setTimeout as delay } from 'node:timers/promises';
import { commandOn } from '../kernel/command-name.ts';
import type { Millpond } from '../main.ts';

/** A node that loads much data takes longer; then the user learns which groups to wait for. */
const LONGEST_MS = 10_000;
const LOOK_EVERY_MS = 50;

/** Resolves with a line about the groups that still do not serve; `undefined` when all do or `ending` aborts. */
export async function nodesServe(
  { groupsNotServing, config }: Pick<Millpond, 'groupsNotServing' | 'config'>,
  ending: AbortSignal,
  longestMs = LONGEST_MS,
): Promise<string | undefined> {
  const deadline = performance.now() + longestMs;
  for (;;) {
    const late = groupsNotServing();
    if (late.length === 0 || ending.aborted) return undefined;
    if (performance.now() >= deadline) {
      return `nodes of ${listed(late)} do not serve yet; \`${commandOn(config.dataDir, 'why', late[0]!)}\` says why.`;
    }
    await delay(LOOK_EVERY_MS, undefined, { signal: ending }).catch(() => {});
  }
}

const MOST_LISTED = 5;

const listed = (ids: readonly string[]): string =>
  ids.length > MOST_LISTED
    ? `${ids.slice(0, MOST_LISTED).join(', ')} and ${ids.length - MOST_LISTED} more`
    : ids.join(', ');
