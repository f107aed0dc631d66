// What tools ask about features that Millpond does not have: there are no alarms and no dashboards. Making one is not
// there.

import type { Handlers } from '../../../wire/service.ts';
import type { Sdk } from '../cloudwatch.ts';

export const absentFeatures: Handlers<Sdk> = {
  DescribeAlarms: () => ({ MetricAlarms: [], CompositeAlarms: [] }),
  DescribeAlarmsForMetric: () => ({ MetricAlarms: [] }),
  DescribeAnomalyDetectors: () => ({ AnomalyDetectors: [] }),
  ListDashboards: () => ({ DashboardEntries: [] }),
  ListMetricStreams: () => ({ Entries: [] }),
};
