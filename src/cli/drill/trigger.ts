// The ways to remove a primary: the API's test failover, a kill like a crash, a planned promotion, and a cut of the
// network around it.

import type { Scope } from '../../aws/scope.ts';
import { OperationalError } from '../../kernel/errors.ts';
import { requestFault } from '../fault.ts';
import { ApiError, ELASTICACHE, requestQuery } from '../query-request.ts';
import type { EndpointClient } from './endpoint-client.ts';
import type { DrillKind } from './report.ts';
import type { DrillTarget } from './target.ts';

/**
 * Removes the primary. Resolves with what undoes that, where it does not end by itself. Throws CommandFailed with the
 * API's message when it is refused.
 */
export type Trigger = () => Promise<(() => Promise<void>) | void>;

/** Makes all preparations that take time. Throws CommandFailed when this kind is impossible here. */
export async function prepareTrigger(
  kind: DrillKind,
  target: DrillTarget,
  url: string,
  member: EndpointClient,
): Promise<Trigger> {
  const { groupId, nodeGroupId, scope } = target;
  switch (kind) {
    case 'failover': {
      const parameters = { ReplicationGroupId: groupId, NodeGroupId: nodeGroupId };
      return () => request(url, scope, 'TestFailover', parameters);
    }
    case 'kill': {
      const pid = await pidOf(target, member);
      return async () => void process.kill(pid, 'SIGKILL');
    }
    case 'switch': {
      const parameters = {
        ReplicationGroupId: groupId,
        PrimaryClusterId: firstReplica(target),
        ApplyImmediately: 'true',
      };
      return () => request(url, scope, 'ModifyReplicationGroup', parameters);
    }
    case 'partition':
      return async () => {
        // It also ends by itself, if this drill does not get to end it.
        const cut = { from: target.primary.id, forMs: LONGEST_CUT_MS };
        const { id } = (await requestFault(url, 'POST', '', cut)) as { id: string };
        return async () => void (await requestFault(url, 'DELETE', `/${id}`));
      };
  }
}

const LONGEST_CUT_MS = 300_000;

async function request(
  url: string,
  scope: Scope,
  action: string,
  parameters: Record<string, string>,
): Promise<void> {
  try {
    const caller = { accessKeyId: scope.accountId, region: scope.region };
    await requestQuery(url, ELASTICACHE, action, parameters, caller);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new OperationalError(
      'CommandFailed',
      `${action} was refused (${error.code}): ${error.message}`,
      error,
    );
  }
}

/** Asks the engine itself, so that no other process is killed. */
async function pidOf({ primary }: DrillTarget, member: EndpointClient): Promise<number> {
  const info = await member.attempt((redis) => redis.info('server'));
  const pid = Number(/^process_id:(\d+)/m.exec(info)?.[1]);
  if (!Number.isSafeInteger(pid) || pid < 2 || pid !== primary.pid) {
    throw new OperationalError(
      'CommandFailed',
      `${primary.id} is not a process of this machine; it cannot be killed.`,
    );
  }
  return pid;
}

function firstReplica({ groupId, replicas }: DrillTarget): string {
  const [replica] = replicas;
  if (!replica) throw new OperationalError('CommandFailed', `${groupId} has no replica to promote.`);
  return replica.id;
}
