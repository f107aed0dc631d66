// DescribePrefixLists, DescribeManagedPrefixLists and GetManagedPrefixListEntries: AWS's lists of the services with
// gateway endpoints.

import { renderArn } from '../../../aws/arn.ts';
import { type Describable, list, select, selectionOf } from '../describe.ts';
import { invalidValue, notFound } from '../faults.ts';
import { type PrefixList, prefixListsOf } from '../prefix-lists.ts';
import { PREFIX_LIST } from '../resource-kinds.ts';
import type { Operation } from '../sdk.ts';

export const DescribePrefixLists: Operation<'DescribePrefixLists'> = async (_ec2, input, context) => {
  const selection = selectionOf(input, input.PrefixListIds);
  const { items, nextToken } = await select(
    prefixListsOf(context.region),
    DESCRIBABLE,
    selection,
    () => ({}),
  );
  return {
    PrefixLists: items.map((one) => ({
      PrefixListId: one.prefixListId,
      PrefixListName: one.name,
      Cidrs: one.cidrs,
    })),
    NextToken: nextToken,
  };
};

export const DescribeManagedPrefixLists: Operation<'DescribeManagedPrefixLists'> = async (
  _ec2,
  input,
  context,
) => {
  const selection = selectionOf(input, input.PrefixListIds);
  const { items, nextToken } = await select(prefixListsOf(context.region), MANAGED, selection, () => ({}));
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

const MANAGED = { ...DESCRIBABLE, list: 'managed prefix lists', page: 100 };

/** AWS: pages have 1 to 100 entries. */
export const GetManagedPrefixListEntries: Operation<'GetManagedPrefixListEntries'> = async (
  _ec2,
  input,
  context,
) => {
  const found = prefixListsOf(context.region).find((one) => one.prefixListId === input.PrefixListId);
  if (!found) throw notFound(PREFIX_LIST, [input.PrefixListId]);
  // AWS: the lists of AWS have no versions.
  if (input.TargetVersion !== undefined) throw invalidValue(String(input.TargetVersion), 'TargetVersion');
  const entries = {
    list: 'prefix list entries',
    idOf: (cidr: string) => cidr,
    filters: {},
    page: 100,
  };
  const selection = selectionOf({ MaxResults: input.MaxResults, NextToken: input.NextToken }, undefined);
  const { items, nextToken } = await list(found.cidrs, entries, selection, () => ({}));
  return { Entries: items.map((Cidr) => ({ Cidr })), NextToken: nextToken };
};
