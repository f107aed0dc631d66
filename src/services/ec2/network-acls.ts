// Network ACLs: the default one that every VPC has, and what their entries may be. Pure.

import { derivedHex } from '../../kernel/ids.ts';
import type { NetworkAclEntry, NetworkAclRecord, SubnetRecord } from './model.ts';

/** AWS: the last entry of each direction, which lets nothing pass. It is always there and cannot be changed. */
export const LAST_RULE = 32_767;
/** AWS: the numbers of one's own entries end here. */
export const LAST_OWN_RULE = 32_766;

const EVERYTHING = { protocol: '-1', cidrBlock: '0.0.0.0/0' };

export const closingEntries = (): NetworkAclEntry[] =>
  [true, false].map((egress) => ({ ...EVERYTHING, ruleNumber: LAST_RULE, egress, action: 'deny' }));

/** AWS: number 100 lets all pass. The ids are derived, so that they are the same after a purge. */
export function defaultAclOf(
  vpcId: string,
  subnets: readonly Pick<SubnetRecord, 'subnetId'>[],
): NetworkAclRecord {
  return {
    networkAclId: `acl-0${derivedHex(16, vpcId, 'acl')}`,
    vpcId,
    isDefault: true,
    entries: [
      ...[true, false].map(
        (egress): NetworkAclEntry => ({ ...EVERYTHING, ruleNumber: 100, egress, action: 'allow' }),
      ),
      ...closingEntries(),
    ],
    associations: subnets.map(({ subnetId }) => ({
      associationId: `aclassoc-0${derivedHex(16, subnetId, 'aclassoc')}`,
      subnetId,
    })),
  };
}

/** In the order in which AWS lists them: outgoing ones first, by number. */
export const inOrder = (entries: readonly NetworkAclEntry[]): NetworkAclEntry[] =>
  entries.toSorted((a, b) => Number(b.egress) - Number(a.egress) || a.ruleNumber - b.ruleNumber);
