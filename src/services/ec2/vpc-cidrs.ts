// The address blocks of a VPC: the first one, and those that were added. Pure.

import { type Cidr, parseCidr } from './cidr.ts';
import { missingParameter } from './faults.ts';
import type { RouteRecord, VpcRecord } from './model.ts';
import { malformedCidr, vpcRange } from './network-faults.ts';

const WIDEST = 16;
const NARROWEST = 28;

/** Whether VPCs and subnets may have blocks of this size. */
export const isAllowedSize = ({ prefix }: Cidr): boolean => prefix >= WIDEST && prefix <= NARROWEST;

/** The block of a VPC that a request gives. Throws MissingParameter, InvalidParameterValue or InvalidVpc.Range. */
export function vpcBlockOf(text: string | undefined): Cidr {
  if (!text) throw missingParameter('cidrBlock');
  const cidr = parseCidr(text);
  if (!cidr) throw malformedCidr(text);
  if (!isAllowedSize(cidr)) throw vpcRange(text);
  return cidr;
}

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
