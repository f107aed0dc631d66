// What tools ask about features that Millpond does not have. Making one is not there.

import type { Operation } from '../sdk.ts';

export const DescribeAnomalyDetectors: Operation<'DescribeAnomalyDetectors'> = () => ({
  AnomalyDetectors: [],
});

export const ListMetricStreams: Operation<'ListMetricStreams'> = () => ({ Entries: [] });
