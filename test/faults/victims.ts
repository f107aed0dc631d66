// Who is to suffer: the processes of a group by the role that the record gives them.

import type { MemberStatus } from '../../src/status.ts';
import type { MillpondProcess } from './millpond-process.ts';
import { isAlive, signal } from './node-processes.ts';
import { until } from './wait.ts';

export interface Shard {
  id: string;
  primary: MemberStatus;
  replicas: MemberStatus[];
  members: MemberStatus[];
}

export async function shardsOf(millpond: MillpondProcess, groupId: string): Promise<Shard[]> {
  const { members } = await millpond.group(groupId);
  const { desired } = (await millpond.why(groupId))!;
  return desired.shards.map((shard) => {
    const own = members.filter(({ id }) => shard.members.some((member) => member.id === id));
    return {
      id: shard.id,
      primary: own.find(({ role }) => role === 'primary')!,
      replicas: own.filter(({ role }) => role === 'replica'),
      members: own,
    };
  });
}

/** To their processes alone, as the system's out-of-memory killer or a debugger would do it. */
export function strike(members: MemberStatus[], name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
  for (const { id, pid } of members) {
    if (pid === undefined) throw new Error(`${id} does not run`);
    signal(pid, name);
  }
}

const NOTICE_LIMIT_MS = 10_000;
const REPLACE_LIMIT_MS = 30_000;

/** Resolves once none of these processes can act any more: a stopped one has then been found out. */
export async function areGone(members: MemberStatus[]): Promise<number> {
  return await until('what was struck is gone', NOTICE_LIMIT_MS, () => {
    const left = members.find(({ pid }) => isAlive(pid!));
    return !left || `${left.id} lives`;
  });
}

/** Resolves once Millpond has started other processes in their place. */
export async function areReplaced(millpond: MillpondProcess, members: MemberStatus[]): Promise<number> {
  return await until('what was struck is replaced', REPLACE_LIMIT_MS, async () => {
    const { groups } = await millpond.status();
    const now = groups.flatMap((group) => group.members);
    const late = members.find(({ id, pid }) => {
      const { pid: present } = now.find((member) => member.id === id)!;
      return present === undefined || present === pid;
    });
    return !late || `${late.id} is not replaced`;
  });
}
