// What lies or runs below the data directory and no record knows, told to whoever starts Millpond. Nothing here ends or
// deletes anything: a record that is lost is no reason to lose the data as well.

import type { Stranger } from '../../../../engine/fleet.ts';
import { commandOn } from '../../../../kernel/command-name.ts';

/** Lines that could go on for ever name this many and count the rest. */
const MAX_NAMED = 8;

/** `directories` hold dumps; `dataDir` is for the advice. Empty when there is nothing to tell. */
export function describeUnknownNodes(
  strangers: readonly Stranger[],
  directories: readonly string[],
  dataDir: string | undefined,
): string[] {
  const processes = strangers.map(({ run, key }) => `nodes/${key} (${run})`);
  const running = new Set(strangers.map(({ key }) => key));
  const idle = directories.filter((key) => !running.has(key)).map((key) => `nodes/${key}`);
  return [
    ...(processes.length > 0
      ? [
          `Engines run that the state does not know, and are left as they are: ${list(processes)}. If the state is to be had ` +
            `from elsewhere, stop Millpond with \`${commandOn(dataDir, 'down')}\`, put it back as state.sqlite and start again: the engines ` +
            `are adopted then. If not, end them by their pids; \`${commandOn(dataDir, 'down', '--purge')}\` ends them and deletes everything.`,
        ]
      : []),
    ...(idle.length > 0
      ? [
          `Directories hold data of nodes that the state does not know, and are left as they are: ${list(idle)}. Delete ` +
            'them when nobody misses their dump.rdb.',
        ]
      : []),
  ];
}

function list(names: readonly string[]): string {
  const rest = names.length - MAX_NAMED;
  return names.slice(0, MAX_NAMED).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
