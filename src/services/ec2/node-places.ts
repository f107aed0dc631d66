// Reads from ElastiCache's API which security groups and subnets cache nodes use. These cannot be deleted.

import type { Scope } from '../../aws/scope.ts';
import type { Client } from '../../wire/client.ts';

type ElastiCache = Client<typeof import('@aws-sdk/client-elasticache')>;

/** The groups and subnets that cache nodes use. */
export type NodePlaces = (scope: Scope) => Promise<{ groupIds: Set<string>; subnetIds: Set<string> }>;

/** For an EC2 without ElastiCache. */
export const noNodes: NodePlaces = async () => ({ groupIds: new Set(), subnetIds: new Set() });

/** Reads all clusters page by page. */
export function nodePlacesOf(elasticache: ElastiCache): NodePlaces {
  return async (scope) => {
    const groupIds = new Set<string>();
    /** Subnet group -> the zones of its nodes. */
    const zones = new Map<string, Set<string>>();
    let Marker: string | undefined;
    do {
      const page = await elasticache.call(
        'DescribeCacheClusters',
        { ShowCacheNodeInfo: true, Marker },
        scope,
      );
      for (const cluster of page.CacheClusters ?? []) {
        for (const { SecurityGroupId } of cluster.SecurityGroups ?? []) groupIds.add(SecurityGroupId ?? '');
        const name = cluster.CacheSubnetGroupName;
        if (!name) continue;
        const known = zones.get(name) ?? new Set();
        for (const node of cluster.CacheNodes ?? []) known.add(node.CustomerAvailabilityZone ?? '');
        zones.set(name, known.add(cluster.PreferredAvailabilityZone ?? ''));
      }
      Marker = page.Marker;
    } while (Marker);
    const subnetIds = await subnetsIn(elasticache, scope, zones);
    return { groupIds, subnetIds };
  };
}

/** A node uses the first subnet of its zone in its subnet group. */
async function subnetsIn(elasticache: ElastiCache, scope: Scope, zones: Map<string, Set<string>>) {
  const subnetIds = new Set<string>();
  for (const [CacheSubnetGroupName, used] of zones) {
    const found = await elasticache.call('DescribeCacheSubnetGroups', { CacheSubnetGroupName }, scope);
    for (const zone of used) {
      const subnet = found.CacheSubnetGroups?.[0]?.Subnets?.find(
        (one) => one.SubnetAvailabilityZone?.Name === zone,
      );
      if (subnet?.SubnetIdentifier) subnetIds.add(subnet.SubnetIdentifier);
    }
  }
  return subnetIds;
}
