// Security groups across VPCs: rules that refer to groups of peered VPCs, of which there are none, and the groups
// that interfaces of a VPC can have.

import { listTags } from '../../../aws/tags.ts';
import { type Describable, recordsOf, select, selectionOf } from '../describe.ts';
import { tagReader } from '../inventory.ts';
import type { SecurityGroupRecord } from '../model.ts';
import { SECURITY_GROUP } from '../resource-kinds.ts';
import type { Operation } from '../sdk.ts';

/** Always empty. Throws InvalidGroup.NotFound. */
export const DescribeSecurityGroupReferences: Operation<'DescribeSecurityGroupReferences'> = (
  ec2,
  input,
  context,
) => {
  for (const id of input.GroupId) ec2.records.securityGroups.existing(context, id);
  return { SecurityGroupReferenceSet: [] };
};

/** Always empty. Throws InvalidVpcID.NotFound. */
export const DescribeStaleSecurityGroups: Operation<'DescribeStaleSecurityGroups'> = (
  ec2,
  input,
  context,
) => {
  ec2.records.vpcs.existing(context, input.VpcId);
  return { StaleSecurityGroupSet: [] };
};

/** Only groups of the VPC itself, since groups are not shared here. */
export const GetSecurityGroupsForVpc: Operation<'GetSecurityGroupsForVpc'> = async (ec2, input, context) => {
  const { vpcId } = ec2.records.vpcs.existing(context, input.VpcId);
  const tagsOf = tagReader(ec2, context);
  const inVpc = { Name: 'vpc-id', Values: [vpcId] };
  const { items, nextToken } = await select(
    recordsOf(ec2.records.securityGroups, context, { indexes: { 'vpc-id': 'vpc' } }),
    describable(context.accountId),
    selectionOf({ ...input, Filters: [inVpc, ...(input.Filters ?? [])] }, undefined),
    tagsOf,
  );
  return {
    SecurityGroupForVpcs: items.map((group) => ({
      GroupId: group.groupId,
      GroupName: group.groupName,
      Description: group.description,
      OwnerId: context.accountId,
      PrimaryVpcId: vpcId,
      Tags: listTags(tagsOf(group.groupId)),
    })),
    NextToken: nextToken,
  };
};

const describable = (accountId: string): Describable<SecurityGroupRecord> => ({
  kind: SECURITY_GROUP,
  list: 'groups of a VPC',
  idParameter: 'GroupIds',
  idOf: (group) => group.groupId,
  filters: {
    description: (group) => group.description,
    'group-id': (group) => group.groupId,
    'group-name': (group) => group.groupName,
    'owner-id': () => accountId,
    'primary-vpc-id': (group) => group.vpcId,
    'vpc-id': (group) => group.vpcId,
  },
});
