// GetMetricData: many metrics and what arithmetic makes of them, page by page.

import { metricData } from '../metric-data.ts';
import type { Operation } from '../sdk.ts';

export const GetMetricData: Operation<'GetMetricData'> = (cloudwatch, input, context) =>
  metricData(cloudwatch, input, context);
