// Every operation of Elastic Load Balancing that Millpond has. The wire layer answers that any other is not implemented.

import type { Operations } from '../../wire/service.ts';
import type { LoadBalancing } from './context.ts';
import { DescribeAccountLimits } from './operations/account-limits.ts';
import {
  AddListenerCertificates,
  DescribeListenerCertificates,
  DescribeSSLPolicies,
  RemoveListenerCertificates,
} from './operations/certificates.ts';
import {
  CreateListener,
  DeleteListener,
  DescribeListenerAttributes,
  DescribeListeners,
  ModifyListener,
  ModifyListenerAttributes,
} from './operations/listeners.ts';
import {
  DescribeCapacityReservation,
  DescribeLoadBalancerAttributes,
  ModifyLoadBalancerAttributes,
  SetIpAddressType,
  SetSecurityGroups,
  SetSubnets,
} from './operations/load-balancer-settings.ts';
import {
  CreateLoadBalancer,
  DeleteLoadBalancer,
  DescribeLoadBalancers,
} from './operations/load-balancers.ts';
import { CreateRule, DeleteRule, DescribeRules, ModifyRule, SetRulePriorities } from './operations/rules.ts';
import { AddTags, DescribeTags, RemoveTags } from './operations/tags.ts';
import {
  CreateTargetGroup,
  DeleteTargetGroup,
  DescribeTargetGroupAttributes,
  DescribeTargetGroups,
  ModifyTargetGroup,
  ModifyTargetGroupAttributes,
} from './operations/target-groups.ts';
import { DeregisterTargets, DescribeTargetHealth, RegisterTargets } from './operations/targets.ts';
import type { Sdk } from './sdk.ts';

/** By AWS's name. */
export const operations: Operations<Sdk, LoadBalancing> = {
  AddListenerCertificates,
  AddTags,
  CreateListener,
  CreateLoadBalancer,
  CreateRule,
  CreateTargetGroup,
  DeleteListener,
  DeleteLoadBalancer,
  DeleteRule,
  DeleteTargetGroup,
  DeregisterTargets,
  DescribeAccountLimits,
  DescribeCapacityReservation,
  DescribeListenerAttributes,
  DescribeListenerCertificates,
  DescribeListeners,
  DescribeLoadBalancerAttributes,
  DescribeLoadBalancers,
  DescribeRules,
  DescribeSSLPolicies,
  DescribeTags,
  DescribeTargetGroupAttributes,
  DescribeTargetGroups,
  DescribeTargetHealth,
  ModifyListener,
  ModifyListenerAttributes,
  ModifyLoadBalancerAttributes,
  ModifyRule,
  ModifyTargetGroup,
  ModifyTargetGroupAttributes,
  RegisterTargets,
  RemoveListenerCertificates,
  RemoveTags,
  SetIpAddressType,
  SetRulePriorities,
  SetSecurityGroups,
  SetSubnets,
};
