// DescribeNetworkAcls: network ACLs with their entries and subnets.

import type { NetworkAcl } from '@aws-sdk/client-ec2';
import type { Scope } from '../../../aws/scope.ts';
import { listTags } from '../../../aws/tags.ts';
import { type Describable, inTurns, recordsOf, select, selectionOf } from '../describe.ts';
import { tagReader } from '../inventory.ts';
import type { NetworkAclEntry, NetworkAclRecord } from '../model.ts';
import { NETWORK_ACL } from '../resource-kinds.ts';
import type { Operation } from '../sdk.ts';

export const DescribeNetworkAcls: Operation<'DescribeNetworkAcls'> = async (ec2, input, context) => {
  const tagsOf = tagReader(ec2, context);
  const { items, nextToken } = await select(
    recordsOf(ec2.records.networkAcls, context, { indexes: BY_INDEX, batch: BATCH }),
    describable(context.accountId),
    selectionOf(input, input.NetworkAclIds),
    tagsOf,
  );
  return {
    NetworkAcls: await inTurns(items, (acl) => viewNetworkAcl(acl, context, tagsOf(acl.networkAclId))),
    NextToken: nextToken,
  };
};

/** AWS's view of an ACL. */
export const viewNetworkAcl = (
  acl: NetworkAclRecord,
  scope: Scope,
  tags: Record<string, string>,
): NetworkAcl => ({
  NetworkAclId: acl.networkAclId,
  VpcId: acl.vpcId,
  IsDefault: acl.isDefault,
  OwnerId: scope.accountId,
  Entries: acl.entries.map((entry) => ({
    RuleNumber: entry.ruleNumber,
    Egress: entry.egress,
    RuleAction: entry.action,
    Protocol: entry.protocol,
    CidrBlock: entry.cidrBlock,
    Ipv6CidrBlock: entry.ipv6CidrBlock,
    PortRange: entry.ports && { From: entry.ports.from, To: entry.ports.to },
    IcmpTypeCode: entry.icmp && { Type: entry.icmp.type, Code: entry.icmp.code },
  })),
  Associations: acl.associations.map((association) => ({
    NetworkAclAssociationId: association.associationId,
    NetworkAclId: acl.networkAclId,
    SubnetId: association.subnetId,
  })),
  Tags: listTags(tags),
});

const BY_INDEX = {
  'association.association-id': 'association',
  'association.subnet-id': 'subnet',
  'vpc-id': 'vpc',
};

/** Small, since an ACL may have 80 entries and 200 associations. */
const BATCH = 20;

function describable(accountId: string): Describable<NetworkAclRecord> {
  const entries =
    <V>(read: (entry: NetworkAclEntry) => V) =>
    (acl: NetworkAclRecord): V[] =>
      acl.entries.map(read);
  return {
    kind: NETWORK_ACL,
    idParameter: 'NetworkAclIds',
    idOf: (acl) => acl.networkAclId,
    filters: {
      'association.association-id': (acl) => acl.associations.map((one) => one.associationId),
      'association.network-acl-id': (acl) => acl.associations.map(() => acl.networkAclId),
      'association.subnet-id': (acl) => acl.associations.map((one) => one.subnetId),
      default: (acl) => acl.isDefault,
      'entry.cidr': entries((entry) => entry.cidrBlock),
      'entry.egress': entries((entry) => entry.egress),
      'entry.icmp.code': entries((entry) => entry.icmp?.code),
      'entry.icmp.type': entries((entry) => entry.icmp?.type),
      'entry.ipv6-cidr': entries((entry) => entry.ipv6CidrBlock),
      'entry.port-range.from': entries((entry) => entry.ports?.from),
      'entry.port-range.to': entries((entry) => entry.ports?.to),
      'entry.protocol': entries((entry) => entry.protocol),
      'entry.rule-action': entries((entry) => entry.action),
      'entry.rule-number': entries((entry) => entry.ruleNumber),
      'network-acl-id': (acl) => acl.networkAclId,
      'owner-id': () => accountId,
      'vpc-id': (acl) => acl.vpcId,
    },
  };
}
