// Network ACLs: every VPC has its default one, which lets everything pass and is associated with all its subnets.
// There are no others, so nothing is kept: the ids are derived from the VPC's and the subnets'. Pure.

import { derivedHex } from '../../kernel/ids.ts';
import type { SubnetRecord, VpcRecord } from './records.ts';

type InVpc = Pick<VpcRecord, 'vpcId'>;

export const networkAclIdOf = ({ vpcId }: InVpc): string => `acl-0${derivedHex(16, vpcId, 'acl')}`;

export const aclAssociationIdOf = ({ subnetId }: Pick<SubnetRecord, 'subnetId'>): string =>
  `aclassoc-0${derivedHex(16, subnetId, 'aclassoc')}`;

export const isNetworkAclOf = (vpc: InVpc, id: string): boolean => networkAclIdOf(vpc) === id;

/** AWS: number 100 lets all pass, and the last one, which cannot be changed, nothing. */
export const ACL_ENTRIES = [true, false].flatMap((isEgress) => [
  { CidrBlock: '0.0.0.0/0', Egress: isEgress, Protocol: '-1', RuleAction: 'allow' as const, RuleNumber: 100 },
  {
    CidrBlock: '0.0.0.0/0',
    Egress: isEgress,
    Protocol: '-1',
    RuleAction: 'deny' as const,
    RuleNumber: 32_767,
  },
]);
