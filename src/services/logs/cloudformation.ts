// CloudWatch Logs' resource types for CloudFormation. They call the service's own API.

import type { ResourceType } from '../../control/resource-type.ts';
import type { Client } from '../../wire/client.ts';
import { metricFilterType, subscriptionFilterType } from './resource-types/filters.ts';
import { logGroupType } from './resource-types/log-group.ts';
import { queryDefinitionType } from './resource-types/query-definition.ts';
import type { Sdk } from './sdk.ts';

export const logsResourceTypes = (logs: Client<Sdk>): ResourceType[] => [
  logGroupType(logs),
  metricFilterType(logs),
  subscriptionFilterType(logs),
  queryDefinitionType(logs),
];
