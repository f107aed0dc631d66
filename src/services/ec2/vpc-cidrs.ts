// The blocks of addresses that a VPC has: the one it was made with, and those that were added. Pure.

import type { RouteRecord, VpcRecord } from './model.ts';

export const cidrAssociationsOf = (vpc: VpcRecord) => [
  { associationId: vpc.cidrAssociationId, cidrBlock: vpc.cidrBlock },
  ...(vpc.furtherCidrs ?? []),
];

export const cidrBlocksOf = (vpc: VpcRecord): string[] =>
  cidrAssociationsOf(vpc).map(({ cidrBlock }) => cidrBlock);

/** Every route table has one for each block of its VPC. */
export const localRouteOf = (destination: string): RouteRecord => ({
  destination,
  gatewayId: 'local',
  origin: 'CreateRouteTable',
});
