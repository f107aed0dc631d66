// Names of replicas as clients see them: whether each resolves to a serving replica, and what happens to a client that
// reconnects by one all the time and caches answers for as long as it may.

import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { atEndpoint } from './endpoint.ts';
import type { TestMillpond } from './millpond.ts';
import { describeGroup, eventually, listEvents } from './replication-groups.ts';

/** `read.x` and 2: read1.x, read2.x. */
export const namesOf = (pattern: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => pattern.replace('.', `${index + 1}.`));

/** The member that the name resolves to; `undefined` when the name does not exist. */
export async function hostOf(millpond: TestMillpond, name: string): Promise<string | undefined> {
  try {
    const [target] = await millpond.resolver.resolveCname(name);
    return target!.split('.', 1)[0];
  } catch (error) {
    if (/^(ENOTFOUND|ENODATA)$/.test((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

export const hostsOf = (millpond: TestMillpond, names: readonly string[]): Promise<(string | undefined)[]> =>
  Promise.all(names.map((name) => hostOf(millpond, name)));

/** The member id of the group's primary. */
export async function primaryOf({ elasticache }: TestMillpond, groupId: string): Promise<string> {
  const { NodeGroups } = await describeGroup(elasticache, groupId);
  const members = NodeGroups![0]!.NodeGroupMembers!;
  return members.find(({ CurrentRole }) => CurrentRole === 'primary')!.CacheClusterId!;
}

/** Resolves, with the time of the observation, when every name resolves to a live replica in sync. */
export function untilServed(
  millpond: TestMillpond,
  groupId: string,
  names: readonly string[],
  { each = false } = {},
): Promise<number> {
  const what = `${names.length} names lead to ${each ? 'a replica of their own' : 'replicas'}`;
  return eventually(what, async () => {
    const primary = await primaryOf(millpond, groupId);
    const hosts = await hostsOf(millpond, names);
    if (hosts.some((host) => host === undefined || host === primary)) return false;
    if (each && new Set(hosts).size < names.length) return false;
    const states = await Promise.all(
      names.map((name) => atEndpoint(millpond, name, (redis) => redis.info('replication'))),
    );
    const isServed = states.every(
      (state) => state.includes('role:slave') && state.includes('master_link_status:up'),
    );
    return isServed && Date.now();
  });
}

/** The time that one successful check takes now, to be added to a test's limit. */
export async function timeToSee(
  millpond: TestMillpond,
  groupId: string,
  names: readonly string[],
): Promise<number> {
  const startedAt = performance.now();
  await untilServed(millpond, groupId, names);
  return performance.now() - startedAt;
}

/** The time of the group's latest matching event, once there are `count`. */
export const toldAt = (
  { elasticache }: TestMillpond,
  source: string,
  pattern: RegExp,
  count = 1,
): Promise<number> =>
  eventually(`${source} is told ${count} times: ${pattern}`, async () => {
    const told = (await listEvents(elasticache)).filter(
      ({ SourceIdentifier, Message = '' }) => SourceIdentifier === source && pattern.test(Message),
    );
    return told.length >= count && told.at(-1)!.Date!.getTime();
  });

/** A client that reconnects by one name. */
export interface NameClient {
  /** The number of connections to that address after `since` (milliseconds since the epoch). */
  connections(since: number, address?: string): number;
  /** Resolves when it has made that many connections after `since`. */
  until(count: number, since: number): Promise<unknown>;
  stop(): Promise<void>;
}

const CONNECT_EVERY_MS = 5;

/** Connects again and again until it is stopped, even after failures. */
export function startNameClient({ resolver }: TestMillpond, name: string): NameClient {
  const made: { at: number; address: string }[] = [];
  let known: { address: string; until: number } | undefined;
  let isStopped = false;

  const running = (async () => {
    while (!isStopped) {
      try {
        if (!known || Date.now() >= known.until) {
          const [answer] = await resolver.resolve4(name, { ttl: true });
          known = { address: answer!.address, until: Date.now() + answer!.ttl * 1_000 };
        }
        const { address } = known;
        await connectTo(address);
        made.push({ at: Date.now(), address });
      } catch {
        // The node may be down; the answer is cached anyway.
      }
      await pause(CONNECT_EVERY_MS);
    }
  })();

  const connections: NameClient['connections'] = (since, address) =>
    made.filter((one) => one.at >= since && (address === undefined || one.address === address)).length;
  return {
    connections,
    until: (count, since) => eventually(`${count} connections`, () => connections(since) >= count),
    async stop() {
      isStopped = true;
      await running;
    },
  };
}

function connectTo(address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port: 6379 });
    socket.once('error', reject).once('connect', () => {
      socket.destroy();
      resolve();
    });
  });
}
