// Describes processes and directories below the data directory that no record knows, for the person who starts Millpond.
// Nothing here stops or deletes anything: a lost record must not cost the data as well.

import type { UnknownEngine } from '../../../../engine/fleet.ts';
import { commandOn } from '../../../../kernel/command-name.ts';

/** A line names at most this many, and counts the rest. */
const MAX_NAMED = 8;

/**
 * Up to two lines of text; empty when all is known. `directories`: keys of directories with dumps. `dataDir`: for the
 * commands in the text.
 */
export function describeUnknownNodes(
  processes: readonly UnknownEngine[],
  directories: readonly string[],
  dataDir: string | undefined,
): string[] {
  const engines = processes.map(({ run, key }) => `nodes/${key} (${run})`);
  const running = new Set(processes.map(({ key }) => key));
  const idle = directories.filter((key) => !running.has(key)).map((key) => `nodes/${key}`);
  return [
    ...(engines.length > 0
      ? [
          `Engines run that the state does not know, and are left as they are: ${list(engines)}. If you have a ` +
            `backup of the state, stop Millpond with \`${commandOn(dataDir, 'down')}\`, restore it as state.sqlite and ` +
            'start again: Millpond then adopts the engines. If not, end them by their pids; ' +
            `\`${commandOn(dataDir, 'down', '--purge')}\` ends them and deletes everything.`,
        ]
      : []),
    ...(idle.length > 0
      ? [
          'Directories hold data of nodes that the state does not know, and are left as they are: ' +
            `${list(idle)}. Delete them if you do not need their dump.rdb.`,
        ]
      : []),
  ];
}

function list(names: readonly string[]): string {
  const rest = names.length - MAX_NAMED;
  return names.slice(0, MAX_NAMED).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
