// The command line that runs a command in an instance, on the caller's terminal.

import { readlinkSync } from 'node:fs';
import { SYSTEM_PATH, toolAt } from '../../kernel/programs.ts';
import { capabilityDrop } from '../containers/become.ts';
import type { ProcessIdentity } from '../containers/own-container.ts';
import type { EnterNetwork } from '../containers/run-inside.ts';
import type { ToolLine } from '../containers/tools.ts';

/**
 * Enters the directory of the tools and the control groups, as the user of this host who may. Arguments: the directory,
 * the number of groups, the groups, the command.
 */
const JOIN = `
cd -P "$1" || exit 125
count=$2
shift 2
while [ "$count" -gt 0 ]; do
  echo $$ >"$1/cgroup.procs" || exit 125
  shift
  count=$((count - 1))
done
exec "$@"
`;

/**
 * As for commands in containers, the tools become a mount of their own that nothing leads to, and that cannot be written:
 * the instance sees the programs that enter it. Arguments: the pid, how `umount` is run, the command.
 */
const SCRIPT = `
pid=$1 umount=$2
shift 2
mount -c -n --bind . . && cd -P ../tools && mount -c -n -o remount,bind,ro,nosuid,nodev . && chroot . $umount -n -l / || exit 125
exec nsenter --target "$pid" --mount --pid --ipc --uts --wd=. -- "$@"
`;

const KEPT = `-i -C / ${['TERM', 'LANG'].map((name) => `"${name}=\${${name}}"`).join(' ')}`;

/** What it takes to enter an instance. */
export interface Entrance {
  /** The directory of the tools. */
  tools: string;
  tool: ToolLine;
  enterNetwork: EnterNetwork;
}

/** Runs a command as root of the instance; `process` is its first. */
export function insideLine(
  { tools, tool, enterNetwork }: Entrance,
  { pid }: ProcessIdentity,
  { cgroups, hasOneUser }: { cgroups: readonly string[]; hasOneUser: boolean },
  command: readonly string[],
): [string, ...string[]] {
  const at = (name: string) => toolAt(name, { PATH: SYSTEM_PATH });
  // Of the caller's variables, which may be secrets, only what a terminal needs.
  const clean = [...tool('env'), '-S', KEPT];
  const become = [...tool('setpriv'), ...capabilityDrop({ hasOneUser }), '--', ...clean];
  const enter = ['unshare', '--mount', '--propagation', 'private', '--', '/bin/sh', '-c', SCRIPT];
  const own = ['millpond-inside', `${pid}`, tool('umount').join(' ')];
  const user = hasOneUser ? ['--user', '--preserve-credentials'] : ['--user'];
  const line = (...namespaces: string[]): [string, ...string[]] => [
    ...([at('env'), `PATH=${SYSTEM_PATH}`] as [string, string]),
    ...['/bin/sh', '-c', JOIN, 'millpond-inside', tools, `${cgroups.length}`, ...cgroups],
    ...['nsenter', '--target', `${pid}`, ...namespaces, '--', ...enter, ...own, ...become],
    ...command,
  ];
  const hasNetwork = readlinkSync(`/proc/${pid}/ns/net`) !== readlinkSync('/proc/self/ns/net');
  return hasNetwork ? enterNetwork(line('--net', ...user)) : line(...user);
}
