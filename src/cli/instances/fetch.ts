// Asks a running Millpond about EC2 instances: all, the configuration of ssh, and how one is entered.

import { setTimeout as pause } from 'node:timers/promises';
import type { InstanceStatus } from '../../status.ts';
import { get, type Listening } from '../running.ts';

const PATH = '/_millpond/instances';

/** Throws TimedOut or CommandFailed. */
export const fetchInstances = async (running: Listening): Promise<InstanceStatus[]> =>
  ((await get(running, PATH)) ?? []) as InstanceStatus[];

/** `carrier`: the value of ProxyCommand, where instances have a network of their own. */
export async function fetchSshConfig(running: Listening, carrier: string | undefined): Promise<string> {
  const query = new URLSearchParams(carrier === undefined ? {} : { carrier });
  const found = (await get(running, `${PATH}/ssh-config?${query}`)) as { text: string } | undefined;
  return found?.text ?? '';
}

const LOOK_EVERY_MS = 100;
/** User data may take for ever. */
const WAITS_MS = 20_000;

/**
 * The command line that runs the command in an instance; `record` for one that is a record only, `boots` where nothing of
 * it runs yet. It waits for the end of the boot, for some time.
 */
export async function fetchInside(
  running: Listening,
  id: string,
  user: string,
  command: readonly string[],
): Promise<[string, ...string[]] | 'record' | 'boots'> {
  const query = new URLSearchParams([
    ['id', id],
    ['user', user],
    ...command.map((argument): [string, string] => ['argument', argument]),
  ]);
  const deadline = performance.now() + WAITS_MS;
  for (;;) {
    const found = (await get(running, `${PATH}/inside?${query}`)) as
      | { command?: [string, ...string[]]; isReady?: boolean }
      | undefined;
    if (!found) return 'record';
    const isLate = performance.now() > deadline;
    if (found.command && (found.isReady || isLate)) return found.command;
    if (isLate) return 'boots';
    await pause(LOOK_EVERY_MS);
  }
}

/** An instance as a line of `status`. */
export function renderInstance(one: InstanceStatus): string {
  const { instanceId, region, state, isMachine, address, sshPort, noSsh, isReady, publicName, reason } = one;
  const name = publicName ?? one.privateName;
  const parts = [instanceId, state, region, ...(name === undefined ? [] : [name])];
  if (!isMachine) return [...parts, 'a record only'].join('   ');
  if (address !== undefined && sshPort !== undefined && noSsh === undefined)
    parts.push(`SSH at ${address}:${sshPort}`);
  if (noSsh !== undefined) parts.push(`no SSH: ${noSsh}`);
  if (state === 'running' && !isReady) parts.push('boots');
  // AWS: reasons that no user has caused begin like this.
  if (state === 'stopped' && reason?.startsWith('Server.')) parts.push(reason);
  return parts.join('   ');
}
