// The command line: the tables of `commands/` as one application, and what it says of a bad command line. A table has
// every command with its flags and the file that implements it, which is loaded on use.

import {
  type ApplicationText,
  buildApplication,
  buildRouteMap,
  type RouteMap,
  run,
  text_en,
} from '@stricli/core';
import { command } from '../kernel/command-name.ts';
import { OperationalError } from '../kernel/errors.ts';
import { VERSION } from '../version.ts';
import { dataRoutes } from './commands/data.ts';
import { faultRoutes } from './commands/faults.ts';
import { feedRoutes } from './commands/feeds.ts';
import { instanceRoutes } from './commands/instance.ts';
import { programRoutes } from './commands/programs.ts';
import { stackRoutes } from './commands/stacks.ts';
import type { CliContext } from './context.ts';

const routeMapOfAll = buildRouteMap({
  routes: {
    ...instanceRoutes,
    ...stackRoutes,
    ...dataRoutes,
    ...programRoutes,
    ...feedRoutes,
    ...faultRoutes,
  },
  docs: {
    brief: 'ElastiCache on your own machine: the real API in front of real Redis and Valkey servers',
  },
});

const text: ApplicationText = {
  ...text_en,
  exceptionWhileRunningCommand: sentenceOf,
  exceptionWhileLoadingCommandFunction: sentenceOf,
  commandErrorResult: sentenceOf,
  exceptionWhileParsingArguments: (error) =>
    `millpond: ${(error as Error).message}; see ${helpOf(wordsBefore(undefined))}`,
  noCommandRegisteredForInput: ({ input, corrections }) => {
    const before = wordsBefore(input);
    const meant = corrections.length > 0 ? `; did you mean ${corrections.join(' or ')}` : '';
    return `millpond: there is no command ${[...before, input].join(' ')}${meant}; see ${helpOf(before)}.`;
  },
};

const helpOf = (words: readonly string[]): string => `\`${[command(), ...words].join(' ')} --help\``;

/** The words of the command line that lead to a command or a group of commands, up to a word that does not. */
function wordsBefore(unknown: string | undefined): string[] {
  const words: string[] = [];
  let routeMap: RouteMap<CliContext> | undefined = routeMapOfAll;
  for (const word of process.argv.slice(2)) {
    const target: ReturnType<RouteMap<CliContext>['getRoutingTargetForInput']> =
      word === unknown ? undefined : routeMap?.getRoutingTargetForInput(word);
    if (!target) break;
    words.push(word);
    routeMap = 'getRoutingTargetForInput' in target ? target : undefined;
  }
  return words;
}

const application = buildApplication(routeMapOfAll, {
  name: 'millpond',
  versionInfo: { currentVersion: VERSION },
  scanner: { caseStyle: 'allow-kebab-for-camel', allowArgumentEscapeSequence: true },
  documentation: {
    onlyRequiredInUsageLine: true,
    caseStyle: 'convert-camel-to-kebab',
    disableAnsiColor: true,
  },
  localization: { text },
});

/** Runs one command and returns the exit code: 2 for a bad command line, 1 for a failure. */
export async function runCommandLine(
  argv: string[],
  startMillpond: CliContext['startMillpond'],
): Promise<number> {
  let ownCode: number | undefined;
  // Stricli writes its exit code to this object and not to the process, since its codes differ from a shell's.
  const report: {
    stdout: NodeJS.WriteStream;
    stderr: NodeJS.WriteStream;
    exitCode?: number | string | null;
  } = {
    stdout: process.stdout,
    stderr: process.stderr,
  };
  const context = {
    process: report as unknown as NodeJS.Process,
    env: process.env,
    startMillpond,
    exitWith(code: number) {
      ownCode = code;
    },
  };
  await run(application, argv, context);
  const code = Number(report.exitCode ?? 0);
  if (code !== 0) return code < 0 ? 2 : 1;
  return ownCode ?? 0;
}

function sentenceOf(error: unknown): string {
  if (process.argv.some((argument) => /^(--log-level=)?debug$/.test(argument))) {
    return `millpond: ${(error as Error).stack ?? String(error)}`;
  }
  if (error instanceof OperationalError) return `millpond: ${error.message}`;
  const message = error instanceof Error ? error.message : String(error);
  return `millpond: internal error: ${message} (--log-level debug shows more)`;
}
