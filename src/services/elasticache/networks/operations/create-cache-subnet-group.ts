// CreateCacheSubnetGroup: names a set of subnets of one VPC.

import { descriptionOf } from '../../domain/description.ts';
import { arnOf, subnetGroupNameOf } from '../../domain/identifiers.ts';
import { cacheSubnetGroupAlreadyExistsFault } from '../../faults/networks.ts';
import type { Operation } from '../../sdk.ts';
import { newTags, putTags } from '../../tags/tags.ts';
import { DEFAULT_SUBNET_GROUP, describeSubnets, viewSubnetGroup } from '../subnet-groups.ts';

export const CreateCacheSubnetGroup: Operation<'CreateCacheSubnetGroup'> = async (
  elasticache,
  input,
  context,
) => {
  const name = subnetGroupNameOf(input.CacheSubnetGroupName);
  const description = descriptionOf('CacheSubnetGroupDescription', input.CacheSubnetGroupDescription);
  newTags(input.Tags, context);
  if (name === DEFAULT_SUBNET_GROUP) throw cacheSubnetGroupAlreadyExistsFault(name);
  const found = await describeSubnets(elasticache, context, input.SubnetIds);
  const group = { name, description, ...found };
  elasticache.store.transaction(() => {
    elasticache.records.subnetGroups.add(context, group);
    putTags(elasticache, context, arnOf(context, 'subnetgroup', name), input.Tags);
  });
  return { CacheSubnetGroup: viewSubnetGroup(context, group) };
};
