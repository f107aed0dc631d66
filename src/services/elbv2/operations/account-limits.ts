// DescribeAccountLimits. Source: the example of the AWS CLI. Limits of balancers that Millpond does not have are shown, too.

import { limitPages, pageRequest } from '../paging.ts';
import {
  MOST_BALANCERS,
  MOST_CERTIFICATES,
  MOST_GROUPS_OF_BALANCER,
  MOST_LISTENERS,
  MOST_RULES,
  MOST_TARGET_GROUPS,
  MOST_TARGETS,
} from '../records.ts';
import type { Operation } from '../sdk.ts';

const LIMITS: Record<string, number> = {
  'target-groups': MOST_TARGET_GROUPS,
  'targets-per-application-load-balancer': 1_000,
  'listeners-per-application-load-balancer': MOST_LISTENERS,
  'rules-per-application-load-balancer': MOST_RULES,
  'network-load-balancers': 50,
  'targets-per-network-load-balancer': 3_000,
  'targets-per-availability-zone-per-network-load-balancer': 500,
  'listeners-per-network-load-balancer': 50,
  'condition-values-per-alb-rule': 5,
  'condition-wildcards-per-alb-rule': 5,
  'target-groups-per-application-load-balancer': MOST_GROUPS_OF_BALANCER,
  'target-groups-per-action-on-application-load-balancer': 5,
  'target-groups-per-action-on-network-load-balancer': 1,
  'certificates-per-application-load-balancer': MOST_CERTIFICATES,
  'certificates-per-network-load-balancer': 25,
  'targets-per-target-group': MOST_TARGETS,
  'target-id-registrations-per-application-load-balancer': 1_000,
  'network-load-balancer-enis-per-vpc': 1_200,
  'application-load-balancers': MOST_BALANCERS,
  'gateway-load-balancers': 100,
  'gateway-load-balancers-per-vpc': 100,
  'geneve-target-groups': 100,
  'targets-per-availability-zone-per-gateway-load-balancer': 300,
};

export const DescribeAccountLimits: Operation<'DescribeAccountLimits'> = (_elb, input) => {
  const numbered = Object.entries(LIMITS).map(([Name, most], place) => ({
    ...{ Name, Max: String(most), key: String(place).padStart(3, '0') },
  }));
  const { items, token } = limitPages.ofSorted(numbered, ({ key }) => key, pageRequest(input));
  return {
    Limits: items.map(({ Name, Max }) => ({ Name, Max })),
    ...(token !== undefined && { NextMarker: token }),
  };
};
