// The network interfaces of tasks, as EC2 shows them.

import { renderArn } from '../../aws/arn.ts';
import type { Scope } from '../../aws/scope.ts';
import { interfaceIdOf, type ServiceInterface } from '../../aws/service-interface.ts';
import { derivedHex, derivedUuid } from '../../kernel/ids.ts';
import type { Task } from './domain/model.ts';
import { ALIVE, type Records } from './records.ts';

const keyOf = (taskId: string): string => `ecs ${taskId}`;

/** The ids of the interface of a task. */
export function interfaceOf(scope: Scope, taskId: string) {
  const key = keyOf(taskId);
  return {
    attachmentId: derivedUuid('attachment', key),
    interfaceId: interfaceIdOf(scope, key),
    // A locally administered address.
    macAddress: `0a:${derivedHex(10, 'mac', scope.accountId, scope.region, key).match(/../g)!.join(':')}`,
  };
}

/** The interfaces of an account's tasks. They exist from the first address to the end of the task. */
export function interfacesOf(records: Pick<Records, 'tasks'>, scope: Scope): ServiceInterface[] {
  return records.tasks.by(scope, 'alive', ALIVE).flatMap(({ id, network, connectedAt }: Task) =>
    network.address === undefined || connectedAt === undefined
      ? []
      : [
          {
            ...{ key: keyOf(id), subnetId: network.subnetId, privateIp: network.address },
            groupIds: network.securityGroupIds,
            // AWS: the ARN of the attachment.
            description: renderArn('ecs', scope, `attachment/${network.attachmentId}`),
            requesterId: `AROA${derivedHex(17, 'ecs', scope.accountId).toUpperCase()}:ecs-eni-provisioning`,
            type: 'interface' as const,
            createdAt: connectedAt,
          },
        ],
  );
}
