// What tools ask of log groups and accounts about features that Millpond does not have: there is none of them. Making one
// is not there.

import type { Handlers } from '../../../wire/service.ts';
import type { LogStore } from '../log-store.ts';
import type { Logs } from '../service.ts';

export const absentFeatures = (logs: LogStore): Handlers<Logs> => ({
  DescribeAccountPolicies: () => ({ accountPolicies: [] }),
  DescribeDestinations: () => ({ destinations: [] }),
  DescribeQueryDefinitions: () => ({ queryDefinitions: [] }),
  DescribeResourcePolicies: () => ({ resourcePolicies: [] }),
  DescribeSubscriptionFilters(input, context) {
    logs.groups.existing(context, input.logGroupName);
    return { subscriptionFilters: [] };
  },
});
