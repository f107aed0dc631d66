// The three ways to make a primary go: the API's test failover, a kill as of a crash, and a planned promotion.

import { OperationalError } from '../../kernel/errors.ts';
import type { Scope } from '../../kernel/scope.ts';
import { ApiError, requestElastiCache } from '../elasticache-request.ts';
import type { EndpointClient } from './endpoint-client.ts';
import type { DrillKind } from './report.ts';
import type { DrillTarget } from './target.ts';

/** Resolves when it was accepted. Throws CommandFailed with the API's own sentence when it was not. */
export async function trigger(
  kind: DrillKind,
  target: DrillTarget,
  url: string,
  member: EndpointClient,
): Promise<void> {
  switch (kind) {
    case 'failover':
      return await request(url, target.scope, 'TestFailover', {
        ReplicationGroupId: target.groupId,
        NodeGroupId: target.nodeGroupId,
      });
    case 'kill':
      return await kill(target, member);
    case 'switch':
      return await request(url, target.scope, 'ModifyReplicationGroup', {
        ReplicationGroupId: target.groupId,
        PrimaryClusterId: firstReplica(target),
        ApplyImmediately: 'true',
      });
  }
}

async function request(
  url: string,
  scope: Scope,
  action: string,
  parameters: Record<string, string>,
): Promise<void> {
  try {
    await requestElastiCache(url, action, parameters, scope);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new OperationalError(
      'CommandFailed',
      `${action} was refused (${error.code}): ${error.message}`,
      error,
    );
  }
}

/** The engine is asked for its pid first, so that no other process can be hit. */
async function kill({ primary }: DrillTarget, member: EndpointClient): Promise<void> {
  const info = await member.attempt((redis) => redis.info('server'));
  const pid = Number(/^process_id:(\d+)/m.exec(info)?.[1]);
  if (!Number.isSafeInteger(pid) || pid < 2 || pid !== primary.pid) {
    throw new OperationalError(
      'CommandFailed',
      `${primary.id} is not a process of this machine; it cannot be killed.`,
    );
  }
  process.kill(pid, 'SIGKILL');
}

function firstReplica({ groupId, replicas }: DrillTarget): string {
  const [replica] = replicas;
  if (!replica) throw new OperationalError('CommandFailed', `${groupId} has no replica to promote.`);
  return replica.id;
}
