// DescribeNetworkAcls: the default one of every VPC.

import { listTags } from '../../../aws/tags.ts';
import type { HandlerOf } from '../../../wire/service.ts';
import { type Describable, select, selectionOf } from '../describe.ts';
import type { Inventory } from '../inventory.ts';
import { ACL_ENTRIES, aclAssociationIdOf, networkAclIdOf } from '../network-acls.ts';
import type { SubnetRecord, VpcRecord } from '../records.ts';
import { NETWORK_ACL } from '../resource-kinds.ts';
import type { Ec2 } from '../service.ts';

interface Acl {
  vpc: VpcRecord;
  subnets: SubnetRecord[];
}

export function describeNetworkAcls(inventory: Inventory): HandlerOf<Ec2, 'DescribeNetworkAcls'> {
  return (input, context) => {
    const tagsOf = inventory.tagLookup(context);
    const subnets = inventory.subnets.list(context);
    const all = inventory.vpcs
      .list(context)
      .map((vpc): Acl => ({ vpc, subnets: subnets.filter((subnet) => subnet.vpcId === vpc.vpcId) }));
    const selection = selectionOf(input, input.NetworkAclIds);
    const { items, nextToken } = select(all, describable(context.accountId), selection, tagsOf);
    return {
      NetworkAcls: items.map((acl) => ({
        NetworkAclId: idOf(acl),
        VpcId: acl.vpc.vpcId,
        IsDefault: true,
        OwnerId: context.accountId,
        Entries: ACL_ENTRIES,
        Associations: acl.subnets.map((subnet) => ({
          NetworkAclAssociationId: aclAssociationIdOf(subnet),
          NetworkAclId: idOf(acl),
          SubnetId: subnet.subnetId,
        })),
        Tags: listTags(tagsOf(idOf(acl))),
      })),
      NextToken: nextToken,
    };
  };
}

const idOf = ({ vpc }: Acl): string => networkAclIdOf(vpc);

const describable = (accountId: string): Describable<Acl> => ({
  kind: NETWORK_ACL,
  idParameter: 'NetworkAclIds',
  idOf,
  filters: {
    'association.association-id': (acl) => acl.subnets.map(aclAssociationIdOf),
    'association.network-acl-id': (acl) => acl.subnets.map(() => idOf(acl)),
    'association.subnet-id': (acl) => acl.subnets.map((subnet) => subnet.subnetId),
    default: () => true,
    'entry.cidr': () => ACL_ENTRIES.map((entry) => entry.CidrBlock),
    'entry.egress': () => ACL_ENTRIES.map((entry) => entry.Egress),
    'entry.protocol': () => ACL_ENTRIES.map((entry) => entry.Protocol),
    'entry.rule-action': () => ACL_ENTRIES.map((entry) => entry.RuleAction),
    'entry.rule-number': () => ACL_ENTRIES.map((entry) => entry.RuleNumber),
    'network-acl-id': idOf,
    'owner-id': () => accountId,
    'vpc-id': (acl) => acl.vpc.vpcId,
  },
});
