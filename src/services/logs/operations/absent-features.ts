// What tools ask of log groups and accounts about features that Millpond does not have: there is none of them. Making one
// is not there.

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
