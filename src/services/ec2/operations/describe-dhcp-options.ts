// DescribeDhcpOptions: sets of DHCP options.

import type { DhcpOptions } from '@aws-sdk/client-ec2';
import type { Scope } from '../../../aws/scope.ts';
import { listTags } from '../../../aws/tags.ts';
import { type Describable, recordsOf, select, selectionOf } from '../describe.ts';
import { tagReader } from '../inventory.ts';
import type { DhcpOptionsRecord } from '../model.ts';
import { DHCP_OPTIONS } from '../resource-kinds.ts';
import type { Operation } from '../sdk.ts';

export const DescribeDhcpOptions: Operation<'DescribeDhcpOptions'> = async (ec2, input, context) => {
  const tagsOf = tagReader(ec2, context);
  const { items, nextToken } = await select(
    recordsOf(ec2.records.dhcpOptions, context),
    describableOptions(context.accountId),
    selectionOf(input, input.DhcpOptionsIds),
    tagsOf,
  );
  return {
    DhcpOptions: items.map((set) => viewDhcpOptions(set, context, tagsOf(set.dhcpOptionsId))),
    NextToken: nextToken,
  };
};

/** AWS's view of a set. */
export const viewDhcpOptions = (
  set: DhcpOptionsRecord,
  scope: Scope,
  tags: Record<string, string>,
): DhcpOptions => ({
  DhcpOptionsId: set.dhcpOptionsId,
  OwnerId: scope.accountId,
  DhcpConfigurations: set.options.map(({ key, values }) => ({
    Key: key,
    Values: values.map((value) => ({ Value: value })),
  })),
  Tags: listTags(tags),
});

const describableOptions = (accountId: string): Describable<DhcpOptionsRecord> => ({
  kind: DHCP_OPTIONS,
  idParameter: 'DhcpOptionsIds',
  idOf: (set) => set.dhcpOptionsId,
  filters: {
    'dhcp-options-id': (set) => set.dhcpOptionsId,
    key: (set) => set.options.map((option) => option.key),
    'owner-id': () => accountId,
    value: (set) => set.options.flatMap((option) => option.values),
  },
});
