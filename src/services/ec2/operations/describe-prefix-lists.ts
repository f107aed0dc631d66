// DescribePrefixLists and DescribeManagedPrefixLists: AWS's own lists, of the services with gateway endpoints.

import { renderArn } from '../../../kernel/arn.ts';
import type { HandlerOf } from '../../../wire/service.ts';
import { type Describable, select, selectionOf } from '../describe.ts';
import { type PrefixList, prefixListsOf } from '../prefix-lists.ts';
import { PREFIX_LIST } from '../resource-kinds.ts';
import type { Ec2 } from '../service.ts';

export const describePrefixLists: HandlerOf<Ec2, 'DescribePrefixLists'> = (input, context) => {
  const selection = selectionOf(input, input.PrefixListIds);
  const { items, nextToken } = select(prefixListsOf(context.region), DESCRIBABLE, selection, () => ({}));
  return {
    PrefixLists: items.map((one) => ({
      PrefixListId: one.prefixListId,
      PrefixListName: one.name,
      Cidrs: one.cidrs,
    })),
    NextToken: nextToken,
  };
};

export const describeManagedPrefixLists: HandlerOf<Ec2, 'DescribeManagedPrefixLists'> = (input, context) => {
  const selection = selectionOf(input, input.PrefixListIds);
  const { items, nextToken } = select(prefixListsOf(context.region), DESCRIBABLE, selection, () => ({}));
  const owner = { accountId: 'aws', region: context.region };
  return {
    PrefixLists: items.map((one) => ({
      PrefixListId: one.prefixListId,
      PrefixListName: one.name,
      PrefixListArn: renderArn('ec2', owner, `prefix-list/${one.prefixListId}`),
      AddressFamily: 'IPv4',
      State: 'create-complete',
      MaxEntries: undefined,
      Version: 1,
      OwnerId: 'AWS',
      Tags: [],
    })),
    NextToken: nextToken,
  };
};

const DESCRIBABLE: Describable<PrefixList> = {
  kind: PREFIX_LIST,
  idParameter: 'PrefixListIds',
  idOf: (one) => one.prefixListId,
  filters: {
    'owner-id': () => 'AWS',
    'prefix-list-id': (one) => one.prefixListId,
    'prefix-list-name': (one) => one.name,
  },
};
