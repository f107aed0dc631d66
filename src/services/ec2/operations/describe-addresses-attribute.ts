// DescribeAddressesAttribute: the reverse names of elastic addresses, of which none has one.

import type { HandlerOf } from '../../../wire/service.ts';
import { type Describable, recordsOf, select, selectionOf } from '../describe.ts';
import type { Inventory } from '../inventory.ts';
import type { AddressRecord } from '../records.ts';
import { ADDRESS } from '../resource-kinds.ts';
import type { Ec2 } from '../service.ts';

export function describeAddressesAttribute(
  inventory: Inventory,
): HandlerOf<Ec2, 'DescribeAddressesAttribute'> {
  return async (input, context) => {
    const selection = selectionOf(
      { MaxResults: input.MaxResults, NextToken: input.NextToken },
      input.AllocationIds,
    );
    const { items, nextToken } = await select(
      recordsOf(inventory.addresses, context),
      DESCRIBABLE,
      selection,
      inventory.tagsOf(context),
    );
    return {
      Addresses: items.map((one) => ({ AllocationId: one.allocationId, PublicIp: one.publicIp })),
      NextToken: nextToken,
    };
  };
}

const DESCRIBABLE: Describable<AddressRecord> = {
  kind: ADDRESS,
  list: 'attributes of addresses',
  minPage: 1,
  idParameter: 'AllocationIds',
  idOf: (one) => one.allocationId,
  filters: {},
};
