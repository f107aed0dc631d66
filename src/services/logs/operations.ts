// Every operation of CloudWatch Logs that Millpond has. The wire layer answers that any other is not implemented.

import type { Operations } from '../../wire/service.ts';
import type { Logs } from './context.ts';
import {
  DescribeAccountPolicies,
  DescribeDestinations,
  DescribeResourcePolicies,
} from './operations/absent-features.ts';
import { FilterLogEvents } from './operations/filter-log-events.ts';
import { GetLogEvents } from './operations/get-log-events.ts';
import { GetLogGroupFields, GetLogRecord } from './operations/log-fields.ts';
import {
  AssociateKmsKey,
  CreateLogGroup,
  DeleteLogGroup,
  DeleteRetentionPolicy,
  DescribeLogGroups,
  DisassociateKmsKey,
  PutRetentionPolicy,
} from './operations/log-groups.ts';
import { CreateLogStream, DeleteLogStream, DescribeLogStreams } from './operations/log-streams.ts';
import {
  DeleteMetricFilter,
  DescribeMetricFilters,
  PutMetricFilter,
  TestMetricFilter,
} from './operations/metric-filters.ts';
import { PutLogEvents } from './operations/put-log-events.ts';
import { DescribeQueries, GetQueryResults, StartQuery, StopQuery } from './operations/queries.ts';
import {
  DeleteQueryDefinition,
  DescribeQueryDefinitions,
  PutQueryDefinition,
} from './operations/query-definitions.ts';
import {
  DeleteSubscriptionFilter,
  DescribeSubscriptionFilters,
  PutSubscriptionFilter,
} from './operations/subscription-filters.ts';
import {
  ListTagsForResource,
  ListTagsLogGroup,
  TagLogGroup,
  TagResource,
  UntagLogGroup,
  UntagResource,
} from './operations/tags.ts';
import type { Sdk } from './sdk.ts';

/** By AWS's name. */
export const operations: Operations<Sdk, Logs> = {
  AssociateKmsKey,
  CreateLogGroup,
  CreateLogStream,
  DeleteLogGroup,
  DeleteLogStream,
  DeleteMetricFilter,
  DeleteQueryDefinition,
  DeleteRetentionPolicy,
  DeleteSubscriptionFilter,
  DescribeAccountPolicies,
  DescribeDestinations,
  DescribeLogGroups,
  DescribeLogStreams,
  DescribeMetricFilters,
  DescribeQueries,
  DescribeQueryDefinitions,
  DescribeResourcePolicies,
  DescribeSubscriptionFilters,
  DisassociateKmsKey,
  FilterLogEvents,
  GetLogEvents,
  GetLogGroupFields,
  GetLogRecord,
  GetQueryResults,
  ListTagsForResource,
  ListTagsLogGroup,
  PutLogEvents,
  PutMetricFilter,
  PutQueryDefinition,
  PutRetentionPolicy,
  PutSubscriptionFilter,
  StartQuery,
  StopQuery,
  TagLogGroup,
  TagResource,
  TestMetricFilter,
  UntagLogGroup,
  UntagResource,
};
