// Operations that ask about features that Millpond does not have. The lists are empty, and no operation creates one.

import type { Operation } from '../sdk.ts';

export const DescribeAnomalyDetectors: Operation<'DescribeAnomalyDetectors'> = () => ({
  AnomalyDetectors: [],
});

export const ListMetricStreams: Operation<'ListMetricStreams'> = () => ({ Entries: [] });
