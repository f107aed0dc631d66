// The command line that runs a command in an instance, on the caller's terminal.

import { readlinkSync } from 'node:fs';
import { SYSTEM_PATH, toolAt } from '../../kernel/programs.ts';
import { capabilityDrop } from '../containers/become.ts';
import type { ProcessIdentity } from '../containers/own-container.ts';
import type { EnterNetwork } from '../containers/run-inside.ts';
import type { ToolLine } from '../containers/tools.ts';

/**
 * As for commands in containers, the tools become a mount of their own that nothing leads to, and that cannot be written:
 * the instance sees the programs that enter it. Arguments: the directory of the tools, the pid, how `umount` is run, the
 * number of control groups, the groups, the command.
 */
const SCRIPT = `
tools=$1 pid=$2 umount=$3 count=$4
shift 4
while [ "$count" -gt 0 ]; do
  echo $$ >"$1/cgroup.procs" || exit 125
  shift
  count=$((count - 1))
done
cd -P "$tools" && mount -c -n --bind . . && cd -P ../tools && mount -c -n -o remount,bind,ro . && chroot . $umount -n -l / || exit 125
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
  const enter = [
    'unshare',
    '--mount',
    '--propagation',
    'private',
    '--',
    '/bin/sh',
    '-c',
    SCRIPT,
    'millpond-inside',
  ];
  const own = [tools, `${pid}`, tool('umount').join(' '), `${cgroups.length}`, ...cgroups];
  const user = hasOneUser ? ['--user', '--preserve-credentials'] : ['--user'];
  const line = (...namespaces: string[]): [string, ...string[]] => [
    ...([at('env'), `PATH=${SYSTEM_PATH}`] as [string, string]),
    ...['nsenter', '--target', `${pid}`, ...namespaces, '--', ...enter, ...own, ...become],
    ...command,
  ];
  const hasNetwork = readlinkSync(`/proc/${pid}/ns/net`) !== readlinkSync('/proc/self/ns/net');
  return hasNetwork ? enterNetwork(line('--net', ...user)) : line(...user);
}
