// An account's default network, which the first request creates; the tags of resources; and whether a resource
// exists.

import type { Scope } from '../../aws/scope.ts';
import type { Ec2 } from './context.ts';
import { type DefaultNetwork, defaultNetworkOf } from './default-network.ts';
import type { TagsRecord } from './model.ts';
import { defaultAclOf } from './network-acls.ts';
import { interfaceWith } from './network-interfaces.ts';
import type { Records } from './records.ts';
import * as kinds from './resource-kinds.ts';

const ACCOUNT = 'account';

/**
 * Creates the default network and the default network ACLs, once for each account and region. Call it before each
 * operation.
 */
export function prepareAccount({ store, clock, records }: Ec2, scope: Scope): void {
  const account = records.accounts.get(scope, ACCOUNT);
  if (account?.hasNetworkAcls) return;
  store.transaction(() => {
    const defaultNetworkMadeAt = account?.defaultNetworkMadeAt ?? clock.now();
    records.accounts.put(scope, ACCOUNT, { defaultNetworkMadeAt, hasNetworkAcls: true });
    if (!account) makeDefaultNetwork(records, scope);
    for (const vpc of records.vpcs.list(scope)) {
      records.networkAcls.put(scope, defaultAclOf(vpc.vpcId, records.subnets.by(scope, 'vpc', vpc.vpcId)));
    }
  });
}

function makeDefaultNetwork(records: Records, scope: Scope): void {
  const made = defaultNetworkOf(scope);
  putNetwork(records, scope, made);
  records.dhcpOptions.put(scope, made.dhcpOptions);
}

/** Stores a default network without its DHCP options and its network ACL. */
export function putNetwork(records: Records, scope: Scope, made: DefaultNetwork): void {
  records.vpcs.put(scope, made.vpc);
  for (const subnet of made.subnets) records.subnets.put(scope, subnet);
  records.securityGroups.put(scope, made.securityGroup);
  records.routeTables.put(scope, made.routeTable);
  records.internetGateways.put(scope, made.internetGateway);
}

/** Reads the tags of a resource; none if the resource does not exist. */
export const tagReader =
  ({ records }: Ec2, scope: Scope) =>
  (resourceId: string): Record<string, string> =>
    records.tags.find(scope, resourceId)?.tags ?? {};

/** Replaces all tags of the resource. */
export function putTags({ records }: Ec2, scope: Scope, record: TagsRecord): void {
  if (Object.keys(record.tags).length > 0) records.tags.put(scope, record);
  else records.tags.remove(scope, record.resourceId);
}

/** Whether the account has the resource in this region. */
export function resourceExists(
  { records }: Ec2,
  scope: Scope,
  kind: kinds.ResourceKind,
  id: string,
): boolean {
  if (kind === kinds.SECURITY_GROUP_RULE) return records.securityGroups.countBy(scope, 'rule', id) > 0;
  if (kind === kinds.NETWORK_INTERFACE) return interfaceWith(records, scope, id) !== undefined;
  if (kind === kinds.VOLUME) return records.instances.countBy(scope, 'volume', id) > 0;
  const { accounts: _, ...resources } = records;
  const one = Object.values(resources).find((found) => found.kind === kind && found.kind !== kinds.TAGGED);
  return one?.find(scope, id) !== undefined;
}
