// Runs a command in a running container, for health checks: in its namespaces, with its variables, as its user.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readlinkSync } from 'node:fs';
import { SYSTEM_PATH } from '../../kernel/programs.ts';
import { childrenOf } from '../functions/memory.ts';
import { becoming } from './become.ts';
import { enterGroups } from './cgroups.ts';
import type { RunInside } from './own-container.ts';
import type { ToolLine } from './tools.ts';

/**
 * The tools become a mount of their own that nothing leads to, so that the container cannot find this host's files
 * through the working directory of the command. Arguments: the pid, how `umount` is run with the
 * directory as its root, the command. The mount cannot be written, since the container may own the files; `nosuid` and
 * `nodev` may have to stay.
 */
const SCRIPT = `
read -r go || exit 125
mount -c -n --bind . . && cd -P ../tools && mount -c -n -o remount,bind,ro,nosuid,nodev . && chroot . $2 -n -l / || exit 125
pid=$1
shift 2
exec nsenter --target "$pid" --mount --pid --ipc --uts --wd=. -- "$@"
`;

/** How a command gets from Millpond to the user namespace that owns the network interfaces of containers. */
export type EnterNetwork = (command: readonly [string, ...string[]]) => [string, ...string[]];

/** `tools` is the directory of the tools. */
export const insideRunner =
  (tools: string, tool: ToolLine, enterNetwork: EnterNetwork): RunInside =>
  async ({ pid }, inside, command, timeoutMs) => {
    const { line: become, environment } = becoming({ ...inside, command }, tool);
    const umount = tool('umount').join(' ');
    const own = ['unshare', '--mount', '--propagation', 'private', '--', '/bin/sh', '-c', SCRIPT];
    const rest = [...own, 'millpond-inside', `${pid}`, umount, ...become];
    // Groups can be set only where there are some.
    const user = inside.hasOneUser ? ['--user', '--preserve-credentials'] : ['--user'];
    const enter = (...namespaces: string[]): [string, ...string[]] => [
      ...(['nsenter', '--target', `${pid}`, ...namespaces, '--', ...rest] as [string, ...string[]]),
    ];
    const hasNetwork = readlinkSync(`/proc/${pid}/ns/net`) !== readlinkSync('/proc/self/ns/net');
    const [program, ...args] = hasNetwork ? enterNetwork(enter('--net', ...user)) : enter(...user);
    const child = spawn(program, args, {
      cwd: tools,
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      env: { PATH: SYSTEM_PATH, LC_ALL: 'C', ...environment },
    });
    const ended = once(child, 'close');
    ended.catch(() => {});
    child.stdin.on('error', () => {});
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      endTree(child.pid!);
    }, timeoutMs);
    try {
      await once(child, 'spawn');
      enterGroups(inside.cgroups, child.pid!);
      child.stdin.end('\n');
      const [code] = (await ended) as [number | null];
      if (isLate) throw new Error(`the command took longer than ${timeoutMs} ms`);
      // nsenter ends as the command did.
      return code ?? 128 + 9;
    } finally {
      clearTimeout(timer);
      if (child.exitCode === null && child.signalCode === null) endTree(child.pid!);
    }
  };

/** Ends the process with its children, which run in the container. */
function endTree(pid: number): void {
  const pids = [pid];
  for (let index = 0; index < pids.length && index < 1000; index++) pids.push(...childrenOf(pids[index]!));
  for (const each of pids.reverse()) {
    try {
      process.kill(each, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
}
