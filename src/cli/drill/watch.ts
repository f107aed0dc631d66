// Watches the endpoint's name and the member during a drill, besides the traffic.

import { setTimeout as delay } from 'node:timers/promises';
import type { MillpondStatus } from '../../status.ts';
import type { Endpoint, EndpointClient } from './endpoint-client.ts';
import type { FreshNames } from './fresh-names.ts';
import type { DrillTarget } from './target.ts';

const NAME_PACE_MS = 2;
const MEMBER_PACE_MS = 10;
const RECORD_PACE_MS = 50;

/** The time at which the name stopped giving `address`; `undefined` when `signal` aborts first. */
export const whenNameLeaves = (
  endpoint: Endpoint,
  address: string,
  names: FreshNames,
  signal: AbortSignal,
): Promise<number | undefined> =>
  when(signal, NAME_PACE_MS, async () => !(await names.resolve(endpoint.host)).includes(address));

/** The time at which the member was a replica whose link to its primary is up. */
export const whenReplica = (member: EndpointClient, signal: AbortSignal): Promise<number | undefined> =>
  when(signal, MEMBER_PACE_MS, async () => {
    const info = await member.attempt((redis) => redis.info('replication'));
    return /^role:slave\r?$/m.test(info) && /^master_link_status:up\r?$/m.test(info);
  });

/** The time at which Millpond's record had another primary for the node group. */
export const whenReplaced = (
  { scope, groupId, primary }: DrillTarget,
  url: string,
  signal: AbortSignal,
): Promise<number | undefined> =>
  when(signal, RECORD_PACE_MS, async () => {
    const answer = await fetch(`${url}/_millpond/status`, { signal });
    const { groups } = (await answer.json()) as MillpondStatus;
    const group = groups.find(
      ({ id, accountId, region }) =>
        id === groupId && accountId === scope.accountId && region === scope.region,
    );
    return group?.members.some(({ id, role }) => id === primary.id && role === 'replica') === true;
  });

/** Polls a condition; a failed check counts as false. */
async function when(
  signal: AbortSignal,
  paceMs: number,
  holds: () => Promise<boolean>,
): Promise<number | undefined> {
  while (!signal.aborted) {
    if (await holds().catch(() => false)) return performance.now();
    await delay(paceMs, undefined, { signal }).catch(() => {});
  }
  return undefined;
}
