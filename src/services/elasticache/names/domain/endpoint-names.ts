// The host names of every kind of endpoint, as ElastiCache spells them without TLS (elasticache-facts 2).

/** The parts that all endpoint names of one account and region share. */
export interface Naming {
  /** Six characters, derived from account and region: `ameaqx`. */
  hash: string;
  /** `use1`. */
  regionCode: string;
  /** `cache.amazonaws.com`. */
  domain: string;
}

/** The primary endpoint. AWS: 0001 is the node group's id, which is always 0001 with cluster mode off. */
export const primaryName = (naming: Naming, groupId: string): string =>
  `${groupId}.${naming.hash}.ng.0001.${naming.regionCode}.${naming.domain}`;

/** The reader endpoint; cluster mode off only. */
export const readerName = (naming: Naming, groupId: string): string =>
  `${groupId}-ro.${naming.hash}.ng.0001.${naming.regionCode}.${naming.domain}`;

/** The configuration endpoint; cluster mode on only. */
export const configurationName = (naming: Naming, groupId: string): string =>
  `${groupId}.${naming.hash}.clustercfg.${naming.regionCode}.${naming.domain}`;

/** The endpoint of one node. AWS: 0001 is the cache node's id, whatever the shard. */
export const nodeName = (naming: Naming, memberId: string): string =>
  `${memberId}.${naming.hash}.0001.${naming.regionCode}.${naming.domain}`;
