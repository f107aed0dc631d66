// ModifyCacheSubnetGroup: changes the description, or the subnets within the same VPC. Existing nodes keep their
// addresses.

import type { Scope } from '../../../../aws/scope.ts';
import { membersOf } from '../../clusters/domain/model.ts';
import type { ElastiCache } from '../../context.ts';
import { descriptionOf } from '../../domain/description.ts';
import { nameToFind } from '../../domain/identifiers.ts';
import { invalidSubnet, subnetInUse } from '../../faults/networks.ts';
import { invalidParameterValue, noModificationsRequested } from '../../faults/requests.ts';
import type { SubnetGroup } from '../../records.ts';
import type { Operation } from '../../sdk.ts';
import { DEFAULT_SUBNET_GROUP, describeSubnets, viewSubnetGroup } from '../subnet-groups.ts';

export const ModifyCacheSubnetGroup: Operation<'ModifyCacheSubnetGroup'> = async (
  elasticache,
  input,
  context,
) => {
  const name = nameToFind('CacheSubnetGroupName', input.CacheSubnetGroupName);
  if (name === DEFAULT_SUBNET_GROUP)
    throw invalidParameterValue('The default subnet group cannot be modified.');
  if (input.CacheSubnetGroupDescription === undefined && input.SubnetIds === undefined)
    throw noModificationsRequested();
  const subnets = input.SubnetIds && (await describeSubnets(elasticache, context, input.SubnetIds));
  const group = elasticache.store.transaction(() => {
    const present = elasticache.records.subnetGroups.existing(context, name);
    const description =
      input.CacheSubnetGroupDescription === undefined
        ? present.description
        : descriptionOf('CacheSubnetGroupDescription', input.CacheSubnetGroupDescription);
    const changed: SubnetGroup = {
      ...present,
      description,
      ...subnets,
    };
    if (changed.vpcId !== present.vpcId) {
      throw invalidSubnet(`The subnets of ${name} must stay in ${present.vpcId}.`);
    }
    checkNodesKeepSubnets(elasticache, context, changed);
    elasticache.records.subnetGroups.put(context, changed);
    return changed;
  });
  return { CacheSubnetGroup: viewSubnetGroup(context, group) };
};

/** Throws SubnetInUse when a node is in a subnet that the group would no longer have. */
function checkNodesKeepSubnets(elasticache: ElastiCache, scope: Scope, changed: SubnetGroup): void {
  const kept = new Set(changed.subnets.map((subnet) => subnet.id));
  const needed = elasticache.records.groups
    .by(scope, 'subnetGroup', changed.name)
    .flatMap(membersOf)
    .map((member) => member.subnetId);
  const removed = [...new Set(needed)].filter((id) => !kept.has(id));
  if (removed.length > 0) throw subnetInUse(removed);
}
