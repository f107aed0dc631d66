// AssociateVpcCidrBlock and DisassociateVpcCidrBlock: further IPv4 blocks of a VPC.

import type { Scope } from '../../../aws/scope.ts';
import { Fault } from '../../../wire/fault.ts';
import { contains, overlap, parseCidr, renderCidr } from '../cidr.ts';
import type { Ec2 } from '../context.ts';
import { LIMITS } from '../limits.ts';
import type { RouteRecord, VpcRecord } from '../model.ts';
import { unsupported } from '../network-faults.ts';
import { newId } from '../resource-kinds.ts';
import type { Operation } from '../sdk.ts';
import { cidrAssociationsOf, cidrBlocksOf, localRouteOf, vpcBlockOf } from '../vpc-cidrs.ts';

/** Adds a local route to every route table of the VPC. Throws InvalidVpc.Range for an overlap. */
export const AssociateVpcCidrBlock: Operation<'AssociateVpcCidrBlock'> = (ec2, input, context) => {
  const { AmazonProvidedIpv6CidrBlock, Ipv6CidrBlock, Ipv6Pool, Ipv6IpamPoolId } = input;
  if (AmazonProvidedIpv6CidrBlock || Ipv6CidrBlock || Ipv6Pool || Ipv6IpamPoolId)
    throw unsupported('IPv6 blocks');
  if (input.Ipv4IpamPoolId) throw unsupported('IPAM pools');
  const cidr = vpcBlockOf(input.CidrBlock);
  const cidrBlock = renderCidr(cidr);
  return ec2.store.transaction(() => {
    const vpc = ec2.records.vpcs.existing(context, input.VpcId);
    const blocks = cidrBlocksOf(vpc);
    if (blocks.some((block) => overlap(parseCidr(block)!, cidr))) throw conflict(cidrBlock);
    if (blocks.length >= LIMITS.cidrsPerVpc) throw tooManyCidrs(vpc.vpcId, LIMITS.cidrsPerVpc);
    const associationId = newId({ idPrefix: 'vpc-cidr-assoc' });
    const furtherCidrs = [...(vpc.furtherCidrs ?? []), { associationId, cidrBlock }];
    ec2.records.vpcs.put(context, { ...vpc, furtherCidrs });
    changeRoutes(ec2, context, vpc, (routes) => [...routes, localRouteOf(cidrBlock)]);
    // AWS: the state is `associating` in this response, although the block can be used immediately.
    return { VpcId: vpc.vpcId, CidrBlockAssociation: view(associationId, cidrBlock, 'associating') };
  });
};

/** Throws DependencyViolation while a subnet uses the block, and OperationNotPermitted for the first block. */
export const DisassociateVpcCidrBlock: Operation<'DisassociateVpcCidrBlock'> = (ec2, input, context) =>
  ec2.store.transaction(() => {
    const { AssociationId } = input;
    const [vpc] = ec2.records.vpcs.by(context, 'cidrAssociation', AssociationId);
    const found = vpc && cidrAssociationsOf(vpc).find((one) => one.associationId === AssociationId);
    if (!vpc || !found) throw noSuchCidrAssociation(AssociationId);
    if (AssociationId === vpc.cidrAssociationId) throw primaryCidr(AssociationId);
    const block = parseCidr(found.cidrBlock)!;
    const subnets = ec2.records.subnets.by(context, 'vpc', vpc.vpcId);
    if (subnets.some((subnet) => contains(block, parseCidr(subnet.cidrBlock)!)))
      throw blockInUse(found.cidrBlock);
    const furtherCidrs = (vpc.furtherCidrs ?? []).filter((one) => one.associationId !== AssociationId);
    ec2.records.vpcs.put(context, { ...vpc, furtherCidrs });
    const isOfBlock = (route: RouteRecord) =>
      route.gatewayId === 'local' && route.destination === found.cidrBlock;
    changeRoutes(ec2, context, vpc, (routes) => routes.filter((route) => !isOfBlock(route)));
    return {
      VpcId: vpc.vpcId,
      CidrBlockAssociation: view(AssociationId, found.cidrBlock, 'disassociating'),
    };
  });

const view = (AssociationId: string, CidrBlock: string, State: 'associating' | 'disassociating') => ({
  AssociationId,
  CidrBlock,
  CidrBlockState: { State },
});

/** Changes every route table of the VPC, since each has a local route for each block. */
function changeRoutes(
  ec2: Ec2,
  scope: Scope,
  { vpcId }: VpcRecord,
  change: (routes: RouteRecord[]) => RouteRecord[],
): void {
  for (const table of ec2.records.routeTables.by(scope, 'vpc', vpcId)) {
    ec2.records.routeTables.put(scope, { ...table, routes: change(table.routes) });
  }
}

const conflict = (cidr: string): Fault =>
  new Fault('InvalidVpc.Range', `The CIDR '${cidr}' conflicts with another CIDR of the VPC.`);

const tooManyCidrs = (vpcId: string, most: number): Fault =>
  new Fault(
    'CidrLimitExceeded',
    `This network '${vpcId}' has met its maximum number of allowed CIDRs: ${most}`,
  );

const noSuchCidrAssociation = (id: string): Fault =>
  new Fault(
    'InvalidVpcCidrBlockAssociationID.NotFound',
    `The vpc CIDR block association ID '${id}' does not exist`,
  );

const primaryCidr = (id: string): Fault =>
  new Fault(
    'OperationNotPermitted',
    `The vpc CIDR block with association ID ${id} may not be disassociated. It is the primary IPv4 CIDR block of the VPC`,
  );

const blockInUse = (cidr: string): Fault =>
  new Fault('DependencyViolation', `The CIDR '${cidr}' is in use by a subnet and cannot be disassociated.`);
