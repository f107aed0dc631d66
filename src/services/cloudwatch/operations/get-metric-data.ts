// GetMetricData: many metrics, and metric math over them, page by page.

import { metricData } from '../metric-data.ts';
import type { Operation } from '../sdk.ts';

/** Throws ValidationError with one line for each problem. */
export const GetMetricData: Operation<'GetMetricData'> = (cloudwatch, input, context) =>
  metricData(cloudwatch, input, context);
