// The ways into a mount namespace of one's own, and which of them this machine allows. All are util-linux's
// `unshare`, followed by a constant script: nothing of what the user types ever passes through a shell.

import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { commandOn } from '../../kernel/command-name.ts';
import { OperationalError, systemCode } from '../../kernel/errors.ts';
import type { View } from './view.ts';

export interface Way {
  name: 'root' | 'user namespace' | 'sudo';
  /** What stands before the script, and between the script and the command. */
  enter: string[];
  leave: string[];
}

export interface Caller {
  uid: number;
  gid: number;
  environment: NodeJS.ProcessEnv;
  /** Of the Millpond whose names these are, for advice; the usual one by default. */
  dataDir?: string | undefined;
}

/** Where the system's own tools lie, whatever the caller's PATH is. */
export const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * Arguments: the view's directory, pairs of source and target, `--`, the command.
 * The files are removed before the command starts: they live on in the mounts, and go with the last process.
 * Inside of another such command a target is a removed file itself, on which nothing can be mounted: it makes way.
 * Each step replaces the process, so that the pid is the command's own from the start.
 */
const SCRIPT = `
own=$PATH; PATH=$PATH:${SYSTEM_PATH}
directory=$1; shift
while [ "$1" != -- ]; do
  mount -o bind "$1" "$2" 2>/dev/null || { umount "$2" 2>/dev/null; mount -o bind "$1" "$2"; } || exit 125
  shift 2
done
shift
echo $$ > "$directory/pid" && rm -rf "$directory"
PATH=$own
exec "$@"
`;

const PRIVATE_MOUNTS = ['--mount', '--propagation', 'private', '--'];
/** Argument: the name; the command follows. What cannot be named keeps the machine's own. */
const NAME_SCRIPT =
  '{ hostname "$1" || echo "$1" >/proc/sys/kernel/hostname; } >/dev/null 2>&1; shift; exec "$@"';
/** sudo's secure_path and env_reset would replace these even where it keeps the environment. */
const RESET_BY_SUDO = ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LD_LIBRARY_PATH'];
const PROBE_TIMEOUT_MS = 10_000;

/** In the order in which to try them. */
export function waysFor({ uid, gid, environment }: Caller): Way[] {
  const unshare = toolAt('unshare', environment);
  const asRoot: Way = { name: 'root', enter: [unshare, ...PRIVATE_MOUNTS], leave: [] };
  // Root of a user namespace may mount; a second one inside gives the command its own uid back.
  const asUser: Way = {
    name: 'user namespace',
    enter: [unshare, '--user', '--map-root-user', ...PRIVATE_MOUNTS],
    leave: [unshare, '--user', `--map-user=${uid}`, `--map-group=${gid}`, '--'],
  };
  if (uid === 0) return [asRoot, asUser];
  const kept = RESET_BY_SUDO.filter((name) => environment[name] !== undefined);
  const bySudo: Way = {
    name: 'sudo',
    enter: [toolAt('sudo', environment), '-n', '-E', '--', 'unshare', ...PRIVATE_MOUNTS],
    leave: [
      ...['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--init-groups', '--'],
      ...['env', ...kept.map((name) => `${name}=${environment[name]}`)],
    ],
  };
  return [asUser, bySudo];
}

/** The caller's own tool, else the system's; the bare name where there is none. */
function toolAt(name: string, { PATH = '' }: NodeJS.ProcessEnv): string {
  const places = `${PATH}:${SYSTEM_PATH}`.split(delimiter).filter((folder) => folder !== '');
  return places.map((folder) => join(folder, name)).find(isExecutable) ?? name;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The same with a host name of the command's own. */
export const withHostName = (way: Way, hostName: string): Way => ({
  ...way,
  enter: [...way.enter.slice(0, -1), '--uts', '--'],
  leave: ['/bin/sh', '-c', NAME_SCRIPT, 'millpond-host-name', hostName, ...way.leave],
});

/** Program and arguments that run `command` with the view mounted. */
export function commandLine(way: Way, view: View, command: readonly string[]): [string, ...string[]] {
  const mounts = view.mounts.flatMap(({ source, target }) => [source, target]);
  const script = ['/bin/sh', '-c', SCRIPT, 'millpond-names', view.directory, ...mounts, '--'];
  return [...way.enter, ...script, ...way.leave, ...command] as [string, ...string[]];
}

/**
 * The first way that works, tried out with a view of its own; rejects with NameResolution and a sentence that says
 * why none does and what to do. Where the machine allows no other host name, it stays as it is.
 */
export async function findWay(
  caller: Caller,
  makeView: () => Promise<View>,
  hostName?: string,
): Promise<Way> {
  const failures: string[] = [];
  for (const way of waysFor(caller)) {
    const failure = await whyNot(way);
    if (failure === undefined) return await named(way);
    failures.push(`${way.name}: ${failure}`);
  }
  throw new OperationalError(
    'NameResolution',
    `Names cannot be made to resolve for one command alone, since this machine allows no private mounts (${failures.join('; ')}): run this as root, allow unprivileged user namespaces, or use \`${commandOn(caller.dataDir, 'dns install')}\`.`,
  );

  async function named(way: Way): Promise<Way> {
    if (hostName === undefined) return way;
    const better = withHostName(way, hostName);
    return (await whyNot(better)) === undefined ? better : way;
  }

  async function whyNot(way: Way): Promise<string | undefined> {
    const view = await makeView();
    try {
      return await tryOut(commandLine(way, view, ['/bin/sh', '-c', ':']), caller.environment);
    } finally {
      await view.dispose();
    }
  }
}

/** Why the command failed, in one line; `undefined` when it did not. */
function tryOut(line: [string, ...string[]], environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  return new Promise((resolve) => {
    const [program, ...args] = line;
    const child = spawn(program, args, {
      env: environment,
      stdio: ['ignore', 'ignore', 'pipe'],
      // Not `timeout`: its timer lives on when the program does not exist.
      signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
    });
    let complaint = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(0, 2000);
    });
    child.once('error', (error) =>
      resolve(systemCode(error) === 'ENOENT' ? `${program} is not installed` : error.message),
    );
    child.once('close', (code, signal) => {
      if (code === 0) resolve(undefined);
      else resolve(complaint.trim().split('\n')[0] || `${program} ended with ${signal ?? code}`);
    });
  });
}
