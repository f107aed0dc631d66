// Every operation of CloudWatch Logs that Millpond has. The wire layer answers that any other is not implemented.

import type { Operations } from '../../wire/service.ts';
import type { Logs } from './context.ts';
import {
  DescribeAccountPolicies,
  DescribeDestinations,
  DescribeQueryDefinitions,
  DescribeResourcePolicies,
  DescribeSubscriptionFilters,
} from './operations/absent-features.ts';
import { FilterLogEvents } from './operations/filter-log-events.ts';
import { GetLogEvents } from './operations/get-log-events.ts';
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
import { DescribeQueries, GetQueryResults, StartQuery, StopQuery } from './operations/queries.ts';
import { PutLogEvents } from './operations/put-log-events.ts';
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
  DeleteRetentionPolicy,
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
  GetQueryResults,
  ListTagsForResource,
  ListTagsLogGroup,
  PutLogEvents,
  PutMetricFilter,
  PutRetentionPolicy,
  StartQuery,
  StopQuery,
  TagLogGroup,
  TagResource,
  TestMetricFilter,
  UntagLogGroup,
  UntagResource,
};
