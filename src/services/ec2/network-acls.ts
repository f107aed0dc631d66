// The default network ACL of a VPC, and rules for entries. Pure.

import { derivedHex } from '../../kernel/ids.ts';
import type { NetworkAclEntry, NetworkAclRecord, SubnetRecord } from './model.ts';

/**
 * AWS: the number of the last entry of each direction, which denies everything. It always exists and cannot be
 * changed.
 */
const LAST_RULE = 32_767;
/** AWS: the greatest number of a custom entry. */
export const LAST_OWN_RULE = 32_766;

const EVERYTHING = { protocol: '-1', cidrBlock: '0.0.0.0/0' };

/** The last entry of each direction. */
export const closingEntries = (): NetworkAclEntry[] =>
  [true, false].map((egress) => ({ ...EVERYTHING, ruleNumber: LAST_RULE, egress, action: 'deny' }));

/** AWS: entry 100 allows everything. The ids are derived, so they are the same after a purge. */
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

/** Sorts the entries as AWS lists them: egress first, then by number. */
export const inOrder = (entries: readonly NetworkAclEntry[]): NetworkAclEntry[] =>
  entries.toSorted((a, b) => Number(b.egress) - Number(a.egress) || a.ruleNumber - b.ruleNumber);
