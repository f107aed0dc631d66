// What tools ask about features that Millpond does not have: there are no alarms and no dashboards. Making one is not
// there.

import type { Operation } from '../sdk.ts';

export const DescribeAlarms: Operation<'DescribeAlarms'> = () => ({ MetricAlarms: [], CompositeAlarms: [] });

export const DescribeAlarmsForMetric: Operation<'DescribeAlarmsForMetric'> = () => ({ MetricAlarms: [] });

export const DescribeAnomalyDetectors: Operation<'DescribeAnomalyDetectors'> = () => ({
  AnomalyDetectors: [],
});

export const ListDashboards: Operation<'ListDashboards'> = () => ({ DashboardEntries: [] });

export const ListMetricStreams: Operation<'ListMetricStreams'> = () => ({ Entries: [] });
