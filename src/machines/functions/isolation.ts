// Isolates a function's process: its code in /var/task, layers in /opt, a private /tmp, Millpond's names, and no
// other processes. Uses a private root and namespaces where this machine allows them (private-root.ts), else plain
// directories named by environment variables. Chooses the best way and describes what it lacks.

import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SYSTEM_PATH } from '../../kernel/programs.ts';
import { tryCommand } from '../try-command.ts';
import { guardsOf } from './guards.ts';
import type { Contents, Isolation, IsolationOptions, Mounter, Place, Prepared } from './isolation-types.ts';
import type { Language } from './language.ts';
import { openPrivateRoot } from './private-root.ts';
import { type Drop, dropsOf } from './privileges.ts';
import { interpreterOf, nodeLanguage } from './runtimes.ts';
import { handOver } from './variables.ts';

/** The PATH of the programs that run before the function. */
export const OUTER_PATH = SYSTEM_PATH;
/** Checks what a function needs. Arguments: a bootstrap file, the interpreter, the temporary directory. */
const PROBE = 'test -r "$1" && test -x "$2" && : > "$3/probe" && rm "$3/probe"';

/**
 * Tries the ways from best to worst and returns the first that works; never rejects for a missing capability of the
 * machine.
 */
export async function chooseIsolation(options: IsolationOptions): Promise<Isolation> {
  const failures: string[] = [];
  const { getuid, getgid } = process;
  if (process.platform !== 'linux' || !getuid || !getgid) {
    return plainWith(options, { isOtherUser: false, isForGood: false, command: () => [] }, 'only Linux can');
  }
  const [uid, gid] = [getuid(), getgid()];
  const mounters: Mounter[] = uid === 0 ? ['root', 'user namespace'] : ['user namespace'];
  for (const mounter of mounters) {
    const root = await openPrivateRoot(options, mounter);
    const manners = [true, false].flatMap((hasProc) =>
      dropsOf(mounter, uid, gid).map((drop) => ({ mounter, hasProc, drop })),
    );
    for (const manner of manners) {
      const isolation: Isolation = {
        isPrivate: true,
        guards: guardsOf(manner),
        prepare: (at, contents) => root.prepare(manner.drop, manner.hasProc, at, contents),
      };
      const failure = await whyNot(isolation, options);
      if (failure === undefined) return isolation;
      if (!failures.some((each) => each.startsWith(mounter))) failures.push(`${mounter}: ${failure}`);
    }
  }
  const starter = uid === 0 ? 'plain root' : 'plain user';
  for (const drop of dropsOf(starter, uid, gid)) {
    const isolation = plainWith(options, drop, failures.join('; '));
    if ((await whyNot(isolation, options)) === undefined) return isolation;
  }
  return plainWith(options, dropsOf('plain user', uid, gid).at(-1)!, failures.join('; '));
}

const plainWith = (options: IsolationOptions, drop: Drop, reason: string): Isolation => ({
  isPrivate: false,
  guards: guardsOf({ drop, reason }),
  prepare: (at, contents) => preparePlain(options, drop, at, contents),
});

/** Tries out an isolation; returns the reason why it does not work, or `undefined`. */
async function whyNot(isolation: Isolation, options: IsolationOptions): Promise<string | undefined> {
  const language = nodeLanguage();
  const failure = await runOnce(isolation, options, language, (place) => [
    ...['/bin/sh', '-c', PROBE, 'probe'],
    ...[join(place.runtime, 'node.cjs'), interpreterOf(language, place), place.temporary],
  ]);
  return failure === '' ? 'Millpond’s own files cannot be read there' : failure;
}

/**
 * Runs a command as a function's process would run. Resolves to `undefined` when it exits with 0, else to the first
 * line of its error output, which may be empty. Uses `probe` in the directory.
 */
export async function runOnce(
  isolation: Isolation,
  { directory, inside = (command) => [...command] }: Pick<IsolationOptions, 'directory' | 'inside'>,
  language: Language,
  commandAt: (place: Place) => readonly string[],
): Promise<string | undefined> {
  const at = join(directory, 'probe');
  // An earlier attempt may have given it to another user.
  await rm(at, { recursive: true, force: true });
  const [code, ...layers] = ['code', 'layer', 'other-layer'].map((name) => join(at, name)) as [
    string,
    ...string[],
  ];
  for (const directory of [code, ...layers]) await mkdir(directory, { recursive: true, mode: 0o755 });
  const { place, launch } = await isolation.prepare(at, {
    codeDirectory: code,
    layerDirectories: layers,
    language,
  });
  const { line, environment } = launch(commandAt(place), { PATH: OUTER_PATH });
  const failure = await tryCommand(inside(line), { PATH: OUTER_PATH, ...environment });
  return failure?.error ? failure.error.message : failure?.text;
}

async function preparePlain(
  options: IsolationOptions,
  drop: Drop,
  directory: string,
  { codeDirectory, layerDirectories, language }: Contents,
): Promise<Prepared> {
  const temporary = join(directory, 'tmp');
  await mkdir(temporary, { recursive: true, mode: 0o700 });
  const script = 'umask 022; cd "$1" || exit 125; shift; exec "$@"';
  return {
    place: {
      task: codeDirectory,
      layers: layerDirectories.toReversed(),
      runtime: options.runtimeDirectory,
      sdkFrom: join(dirname(options.packageDirectory), 'from.js'),
      bin: language.directory && join(language.directory, 'bin'),
      temporary,
    },
    launch(command, variables, waits = false) {
      const { environment, shell } = handOver(variables, 'exec "$@"', waits);
      const enter = ['/bin/sh', '-c', script, 'millpond-function', codeDirectory] as [string, ...string[]];
      return {
        environment,
        hasOwnProcesses: false,
        line: [...enter, ...drop.command(0), ...shell, ...command],
      };
    },
  };
}
