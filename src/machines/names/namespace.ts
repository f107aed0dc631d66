// The ways to run a command in its own mount namespace, and a test of which one this machine allows. All use
// `unshare` of util-linux with a constant script: no user input passes through a shell.

import { commandOn } from '../../kernel/command-name.ts';
import { OperationalError, systemCode } from '../../kernel/errors.ts';
import { SYSTEM_PATH, toolAt } from '../../kernel/programs.ts';
import { tryCommand } from '../try-command.ts';
import type { View } from './view.ts';

/** One way to enter a mount namespace. */
export interface Way {
  name: 'root' | 'user namespace' | 'sudo' | 'machine';
  /** The arguments before the script, and between the script and the command. */
  enter: string[];
  leave: string[];
}

/** The user who runs the command. */
export interface Caller {
  uid: number;
  gid: number;
  environment: NodeJS.ProcessEnv;
  /** The data directory of this Millpond, for advice; the default one when absent. */
  dataDir?: string | undefined;
}

/**
 * Arguments: the view's directory, pairs of source and target, `--`, the command. The files are removed before the
 * command starts: the mounts keep them until the last process ends. Inside of another such command a target is itself
 * a removed file, on which nothing can be mounted; it is unmounted first. Each step replaces the process, so the pid
 * is the command's from the start.
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
/** Arguments: the name, then the command. If the name cannot be set, the machine's own stays. */
const NAME_SCRIPT =
  '{ hostname "$1" || echo "$1" >/proc/sys/kernel/hostname; } >/dev/null 2>&1; shift; exec "$@"';
/** sudo's secure_path and env_reset would replace these even where it keeps the environment. */
const RESET_BY_SUDO = ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LD_LIBRARY_PATH'];

/** The ways to try, in order. */
export function waysFor({ uid, gid, environment }: Caller): Way[] {
  const unshare = toolAt('unshare', environment);
  const asRoot: Way = { name: 'root', enter: [unshare, ...PRIVATE_MOUNTS], leave: [] };
  // The root of a user namespace may mount; a second namespace inside restores the command's uid.
  const asUser: Way = {
    name: 'user namespace',
    enter: [unshare, '--user', '--map-root-user', ...PRIVATE_MOUNTS],
    leave: backToUser(unshare, uid, gid),
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

/** The way into a machine, whose user may mount: this user, or the root of its user namespace. */
export function wayInto(
  machine: readonly string[],
  { uid, gid, environment }: Caller,
  hostName?: string,
): Way {
  const unshare = toolAt('unshare', environment);
  const way: Way = {
    name: 'machine',
    enter: [...machine, unshare, ...PRIVATE_MOUNTS],
    leave: uid === 0 ? [] : backToUser(unshare, uid, gid),
  };
  return hostName === undefined ? way : withHostName(way, hostName);
}

const backToUser = (unshare: string, uid: number, gid: number): string[] => [
  ...[unshare, '--user', `--map-user=${uid}`, `--map-group=${gid}`, '--'],
];

/** The same way, with its own host name. */
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
 * The first way that works, tried out with a test view. Rejects with NameResolution and a sentence that says why none
 * works and what to do. If the machine does not allow another host name, it stays.
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
async function tryOut(
  line: [string, ...string[]],
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const failure = await tryCommand(line, environment);
  if (!failure) return undefined;
  const [program] = line;
  if (!failure.error) return failure.text || `${program} ended with ${failure.ended}`;
  return systemCode(failure.error) === 'ENOENT' ? `${program} is not installed` : failure.error.message;
}
