// Network interfaces: there are none yet, since nodes are given their addresses by Millpond's own network.

import type { Handler, Input, Output } from '../../../wire/service.ts';
import { type Describable, select, selectionOf } from '../describe.ts';
import { NETWORK_INTERFACE } from '../resource-kinds.ts';
import type { Ec2 } from '../service.ts';

type DescribeNetworkInterfaces = Handler<
  Input<Ec2, 'DescribeNetworkInterfaces'>,
  Output<Ec2, 'DescribeNetworkInterfaces'>
>;

export const describeNetworkInterfaces: DescribeNetworkInterfaces = (input) => {
  // Filter names are not checked: with nothing to filter there is nothing that says which exist.
  const selection = { ...selectionOf(input, input.NetworkInterfaceIds), filters: undefined };
  select([], DESCRIBABLE, selection, () => ({}));
  return { NetworkInterfaces: [] };
};

const DESCRIBABLE: Describable<never> = {
  kind: NETWORK_INTERFACE,
  idParameter: 'NetworkInterfaceIds',
  idOf: (item) => item,
  filters: {},
};
