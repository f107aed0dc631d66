// DescribeAddressesAttribute: the reverse DNS names of elastic addresses. No address has one.

import { type Describable, recordsOf, select, selectionOf } from '../describe.ts';
import { tagReader } from '../inventory.ts';
import type { AddressRecord } from '../model.ts';
import { ADDRESS } from '../resource-kinds.ts';
import type { Operation } from '../sdk.ts';

export const DescribeAddressesAttribute: Operation<'DescribeAddressesAttribute'> = async (
  ec2,
  input,
  context,
) => {
  const selection = selectionOf(
    { MaxResults: input.MaxResults, NextToken: input.NextToken },
    input.AllocationIds,
  );
  const { items, nextToken } = await select(
    recordsOf(ec2.records.addresses, context),
    DESCRIBABLE,
    selection,
    tagReader(ec2, context),
  );
  return {
    Addresses: items.map((one) => ({ AllocationId: one.allocationId, PublicIp: one.publicIp })),
    NextToken: nextToken,
  };
};

const DESCRIBABLE: Describable<AddressRecord> = {
  kind: ADDRESS,
  list: 'attributes of addresses',
  idParameter: 'AllocationIds',
  idOf: (one) => one.allocationId,
  filters: {},
};
