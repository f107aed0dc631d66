// The host names of every kind of endpoint, as ElastiCache spells them without TLS (elasticache-facts 2).

export interface Naming {
  /** Six characters, one set per account and region: `ameaqx`. */
  hash: string;
  /** `use1`. */
  regionCode: string;
  /** `cache.amazonaws.com`. */
  domain: string;
}

/** AWS: the 0001 here is the node group's id, always 0001 in cluster mode off. */
export const primaryName = (naming: Naming, groupId: string): string =>
  `${groupId}.${naming.hash}.ng.0001.${naming.regionCode}.${naming.domain}`;

export const readerName = (naming: Naming, groupId: string): string =>
  `${groupId}-ro.${naming.hash}.ng.0001.${naming.regionCode}.${naming.domain}`;

export const configurationName = (naming: Naming, groupId: string): string =>
  `${groupId}.${naming.hash}.clustercfg.${naming.regionCode}.${naming.domain}`;

/** AWS: the 0001 here is the cache node id, whatever the shard. */
export const nodeName = (naming: Naming, memberId: string): string =>
  `${memberId}.${naming.hash}.0001.${naming.regionCode}.${naming.domain}`;
