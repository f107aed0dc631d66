// CreateCacheSubnetGroup: subnets of one VPC, under a name.

import { arnOf, subnetGroupNameOf } from '../domain/identifiers.ts';
import type { ElastiCache, Operation } from '../elasticache.ts';
import {
  blankParameter,
  cacheSubnetGroupAlreadyExistsFault,
  cacheSubnetGroupQuotaExceededFault,
} from '../faults.ts';
import { DEFAULT_SUBNET_GROUP, describeSubnets, viewSubnetGroup } from '../subnet-groups.ts';
import { newTags, putTags } from '../tags.ts';

const MAX_SUBNET_GROUPS = 300;

export const createCacheSubnetGroup =
  (elasticache: ElastiCache): Operation<'CreateCacheSubnetGroup'> =>
  async (input, context) => {
    const { subnetGroups } = elasticache.records;
    const name = subnetGroupNameOf(input.CacheSubnetGroupName);
    if (!input.CacheSubnetGroupDescription?.trim()) throw blankParameter('CacheSubnetGroupDescription');
    newTags(input.Tags, context);
    const found = await describeSubnets(elasticache, context, input.SubnetIds);
    const group = { name, description: input.CacheSubnetGroupDescription, ...found };
    elasticache.store.transaction(() => {
      if (name === DEFAULT_SUBNET_GROUP || subnetGroups.get(context, name)) {
        throw cacheSubnetGroupAlreadyExistsFault(name);
      }
      if (subnetGroups.list(context).length >= MAX_SUBNET_GROUPS) {
        throw cacheSubnetGroupQuotaExceededFault(MAX_SUBNET_GROUPS);
      }
      subnetGroups.put(context, name, group);
      putTags(elasticache, context, arnOf(context, 'subnetgroup', name), input.Tags);
    });
    return { CacheSubnetGroup: viewSubnetGroup(context, group) };
  };
