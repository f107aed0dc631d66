// Operations that ask about features that Millpond does not have, such as account policies and destinations.
// The lists are empty, and no operation creates one.

import type { Operation } from '../sdk.ts';

export const DescribeAccountPolicies: Operation<'DescribeAccountPolicies'> = () => ({ accountPolicies: [] });

export const DescribeDestinations: Operation<'DescribeDestinations'> = () => ({ destinations: [] });

export const DescribeResourcePolicies: Operation<'DescribeResourcePolicies'> = () => ({
  resourcePolicies: [],
});
