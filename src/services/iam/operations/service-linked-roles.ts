// Service-linked roles: roles below /aws-service-role/ that only their service changes. Millpond's services need
// none.

import { randomUUID } from 'node:crypto';
import { noSuchEntity, notFound, serviceRoleTaken } from '../faults.ts';
import { newId } from '../identifiers.ts';
import { type RoleRecord, SERVICE_ROLE_PATH } from '../records.ts';
import type { Operation } from '../sdk.ts';
import { viewRole } from './roles.ts';

/**
 * AWS: the documentation of each service names its role, and no rule derives the name. For other services Millpond
 * makes one up.
 */
const KNOWN: Readonly<Record<string, string>> = {
  autoscaling: 'AutoScaling',
  ecs: 'ECS',
  eks: 'AmazonEKS',
  elasticache: 'ElastiCache',
  elasticloadbalancing: 'ElasticLoadBalancing',
  es: 'AmazonElasticsearchService',
  opensearchservice: 'AmazonOpenSearchService',
  rds: 'RDS',
  spot: 'EC2Spot',
};

/** Throws InvalidInput if the role exists. */
export const CreateServiceLinkedRole: Operation<'CreateServiceLinkedRole'> = (
  iam,
  { AWSServiceName: service, CustomSuffix: suffix, Description: description },
  context,
) => {
  const name = `${nameFor(service)}${suffix ? `_${suffix}` : ''}`;
  const role: RoleRecord = {
    name,
    path: `${SERVICE_ROLE_PATH}${service}/`,
    id: newId('AROA'),
    trustPolicy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Action: ['sts:AssumeRole'], Effect: 'Allow', Principal: { Service: [service] } }],
    }),
    ...(description !== undefined && { description }),
    maxSessionSeconds: 3_600,
    inline: {},
    attached: [],
    tags: {},
    createdAt: iam.clock.now(),
  };
  iam.store.transaction(() => {
    if (iam.records.roles.find(context, name)) throw serviceRoleTaken(name);
    iam.records.roles.add(context, role);
  });
  return { Role: viewRole(context, role) };
};

function nameFor(service: string): string {
  const [host = ''] = service.split('.amazonaws.com');
  const words = host.split(/[.-]/).map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `AWSServiceRoleFor${Object.hasOwn(KNOWN, host) ? KNOWN[host] : words.join('')}`.slice(0, 64);
}

/** Deletes the role immediately. AWS: deletes it later, if no resource of the service uses it. */
export const DeleteServiceLinkedRole: Operation<'DeleteServiceLinkedRole'> = (iam, input, context) => {
  const role = iam.store.transaction(() => {
    const found = iam.records.roles.existing(context, input.RoleName);
    if (!found.path.startsWith(SERVICE_ROLE_PATH)) throw notFound('Role', input.RoleName);
    iam.records.roles.remove(context, found.name);
    return found;
  });
  return { DeletionTaskId: `task${role.path}${role.name}/${randomUUID()}` };
};

const TASK = /^task\/aws-service-role\/[\w.-]+\/[\w+=,.@-]{1,64}\/[0-9a-f-]{36}$/;

/** Always SUCCEEDED, since DeleteServiceLinkedRole deletes immediately. Throws NoSuchEntity for a malformed id. */
export const GetServiceLinkedRoleDeletionStatus: Operation<'GetServiceLinkedRoleDeletionStatus'> = (
  _iam,
  { DeletionTaskId: id },
) => {
  if (!TASK.test(id)) throw noSuchEntity(`Deletion task ${id.slice(0, 200)} cannot be found.`);
  return { Status: 'SUCCEEDED' };
};
