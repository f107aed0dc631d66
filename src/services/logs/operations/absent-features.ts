// Operations that ask about features that Millpond does not have, such as subscription filters and account policies.
// The lists are empty, and no operation creates one.

import type { Operation } from '../sdk.ts';

export const DescribeAccountPolicies: Operation<'DescribeAccountPolicies'> = () => ({ accountPolicies: [] });

export const DescribeDestinations: Operation<'DescribeDestinations'> = () => ({ destinations: [] });

export const DescribeQueryDefinitions: Operation<'DescribeQueryDefinitions'> = () => ({
  queryDefinitions: [],
});

export const DescribeResourcePolicies: Operation<'DescribeResourcePolicies'> = () => ({
  resourcePolicies: [],
});

export const DescribeSubscriptionFilters: Operation<'DescribeSubscriptionFilters'> = (
  logs,
  input,
  context,
) => {
  logs.records.groups.existing(context, input.logGroupName);
  return { subscriptionFilters: [] };
};
