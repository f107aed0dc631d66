// CreateVpc: a VPC with the default security group, main route table and default network ACL that every VPC has.

import { renderCidr } from '../cidr.ts';
import { defaultSecurityGroup } from '../default-network.ts';
import { LIMITS } from '../limits.ts';
import type { VpcRecord } from '../model.ts';
import { defaultAclOf } from '../network-acls.ts';
import { limitExceeded, unsupported } from '../network-faults.ts';
import { newId, ROUTE_TABLE, VPC } from '../resource-kinds.ts';
import type { Operation } from '../sdk.ts';
import { tagAtCreation } from '../tag-at-creation.ts';
import { localRouteOf, vpcBlockOf } from '../vpc-cidrs.ts';
import { viewVpc } from './describe-vpcs.ts';
import { regionsDhcpOptions } from './dhcp-options.ts';

/** Throws InvalidVpc.Range, VpcLimitExceeded, and UnsupportedOperation for IPv6. */
export const CreateVpc: Operation<'CreateVpc'> = (ec2, input, context) => {
  if (input.AmazonProvidedIpv6CidrBlock || input.Ipv6CidrBlock || input.Ipv6Pool)
    throw unsupported('IPv6 blocks');
  if (input.Ipv4IpamPoolId) throw unsupported('IPAM pools');
  const cidrBlock = renderCidr(vpcBlockOf(input.CidrBlock));
  return ec2.store.transaction(() => {
    if (ec2.records.vpcs.count(context) >= LIMITS.vpcs) throw limitExceeded('VpcLimitExceeded', 'VPCs');
    const vpc: VpcRecord = {
      vpcId: newId(VPC),
      cidrBlock,
      cidrAssociationId: newId({ idPrefix: 'vpc-cidr-assoc' }),
      dhcpOptionsId: regionsDhcpOptions(ec2, context),
      isDefault: false,
      enableDnsSupport: true,
      enableDnsHostnames: false,
      instanceTenancy: input.InstanceTenancy ?? 'default',
    };
    ec2.records.vpcs.put(context, vpc);
    ec2.records.securityGroups.put(
      context,
      defaultSecurityGroup((idPrefix) => newId({ idPrefix }), vpc.vpcId),
    );
    ec2.records.routeTables.put(context, {
      routeTableId: newId(ROUTE_TABLE),
      vpcId: vpc.vpcId,
      routes: [localRouteOf(cidrBlock)],
      associations: [{ associationId: newId({ idPrefix: 'rtbassoc' }) }],
    });
    ec2.records.networkAcls.put(context, defaultAclOf(vpc.vpcId, []));
    const tags = tagAtCreation(ec2, context, VPC, vpc.vpcId, input.TagSpecifications);
    // AWS: the state is `pending` in this response, although the VPC can be used immediately.
    return { Vpc: { ...viewVpc(vpc, context, tags), State: 'pending' } };
  });
};
