// The address blocks of a VPC: the first one, and those that were added. Pure.

import type { RouteRecord, VpcRecord } from './model.ts';

/** All blocks with their association ids, the first block first. */
export const cidrAssociationsOf = (vpc: VpcRecord) => [
  { associationId: vpc.cidrAssociationId, cidrBlock: vpc.cidrBlock },
  ...(vpc.furtherCidrs ?? []),
];

/** All blocks, the first block first. */
export const cidrBlocksOf = (vpc: VpcRecord): string[] =>
  cidrAssociationsOf(vpc).map(({ cidrBlock }) => cidrBlock);

/** The local route of a block. Every route table has one for each block of its VPC. */
export const localRouteOf = (destination: string): RouteRecord => ({
  destination,
  gatewayId: 'local',
  origin: 'CreateRouteTable',
});
