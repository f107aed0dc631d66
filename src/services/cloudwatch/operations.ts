// Every operation of CloudWatch that Millpond has. The wire layer answers that any other is not implemented.

import type { Operations } from '../../wire/service.ts';
import type { CloudWatch } from './context.ts';
import { DescribeAnomalyDetectors, ListMetricStreams } from './operations/absent-features.ts';
import {
  DeleteAlarms,
  DescribeAlarms,
  DescribeAlarmsForMetric,
  DisableAlarmActions,
  EnableAlarmActions,
  PutMetricAlarm,
  SetAlarmState,
} from './operations/alarms.ts';
import { DeleteDashboards, GetDashboard, ListDashboards, PutDashboard } from './operations/dashboards.ts';
import { DescribeAlarmHistory } from './operations/describe-alarm-history.ts';
import { GetMetricData } from './operations/get-metric-data.ts';
import { GetMetricStatistics } from './operations/get-metric-statistics.ts';
import { ListMetrics } from './operations/list-metrics.ts';
import { PutMetricData } from './operations/put-metric-data.ts';
import { ListTagsForResource, TagResource, UntagResource } from './operations/tags.ts';
import type { Sdk } from './sdk.ts';

/** By AWS's name. */
export const operations: Operations<Sdk, CloudWatch> = {
  DeleteAlarms,
  DeleteDashboards,
  DescribeAlarmHistory,
  DescribeAlarms,
  DescribeAlarmsForMetric,
  DescribeAnomalyDetectors,
  DisableAlarmActions,
  EnableAlarmActions,
  GetDashboard,
  GetMetricData,
  GetMetricStatistics,
  ListDashboards,
  ListMetricStreams,
  ListMetrics,
  ListTagsForResource,
  PutDashboard,
  PutMetricAlarm,
  PutMetricData,
  SetAlarmState,
  TagResource,
  UntagResource,
};
