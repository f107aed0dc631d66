// Every operation that CloudWatch has here. What is missing answers that it is not implemented.

import type { Operations } from '../../wire/service.ts';
import type { CloudWatch } from './context.ts';
import {
  DescribeAlarms,
  DescribeAlarmsForMetric,
  DescribeAnomalyDetectors,
  ListDashboards,
  ListMetricStreams,
} from './operations/absent-features.ts';
import { GetMetricData } from './operations/get-metric-data.ts';
import { GetMetricStatistics } from './operations/get-metric-statistics.ts';
import { ListMetrics } from './operations/list-metrics.ts';
import { PutMetricData } from './operations/put-metric-data.ts';
import type { Sdk } from './sdk.ts';

export const operations: Operations<Sdk, CloudWatch> = {
  DescribeAlarms,
  DescribeAlarmsForMetric,
  DescribeAnomalyDetectors,
  GetMetricData,
  GetMetricStatistics,
  ListDashboards,
  ListMetricStreams,
  ListMetrics,
  PutMetricData,
};
