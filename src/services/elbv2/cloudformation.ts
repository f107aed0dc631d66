// The resource types of Elastic Load Balancing for CloudFormation. Each calls the service's own API.

import type { ResourceType } from '../../control/resource-type.ts';
import type { Client } from '../../wire/client.ts';
import { listenerRuleType, listenerType } from './resource-types/listener.ts';
import { listenerCertificateType } from './resource-types/listener-certificate.ts';
import { loadBalancerType } from './resource-types/load-balancer.ts';
import { targetGroupType } from './resource-types/target-group.ts';
import type { Sdk } from './sdk.ts';

/** All types. */
export const elbv2ResourceTypes = (elb: Client<Sdk>): ResourceType[] => [
  loadBalancerType(elb),
  targetGroupType(elb),
  listenerType(elb),
  listenerRuleType(elb),
  listenerCertificateType(elb),
];
