// Sets of DHCP options.

import { listTags } from '../../../aws/tags.ts';
import type { Handler, Input, Output } from '../../../wire/service.ts';
import { type Describable, select, selectionOf } from '../describe.ts';
import type { Inventory } from '../inventory.ts';
import type { DhcpOptionsRecord } from '../records.ts';
import { DHCP_OPTIONS } from '../resource-kinds.ts';
import type { Ec2 } from '../service.ts';

type DescribeDhcpOptions = Handler<Input<Ec2, 'DescribeDhcpOptions'>, Output<Ec2, 'DescribeDhcpOptions'>>;

export function describeDhcpOptions(inventory: Inventory): DescribeDhcpOptions {
  return (input, context) => {
    const tagsOf = inventory.tagLookup(context);
    const { items, nextToken } = select(
      inventory.dhcpOptions.list(context),
      describableOptions(context.accountId),
      selectionOf(input, input.DhcpOptionsIds),
      tagsOf,
    );
    return {
      DhcpOptions: items.map((set) => ({
        DhcpOptionsId: set.dhcpOptionsId,
        OwnerId: context.accountId,
        DhcpConfigurations: set.options.map(({ key, values }) => ({
          Key: key,
          Values: values.map((value) => ({ Value: value })),
        })),
        Tags: listTags(tagsOf(set.dhcpOptionsId)),
      })),
      NextToken: nextToken,
    };
  };
}

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
