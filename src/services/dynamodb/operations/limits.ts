// DescribeLimits and DescribeEndpoints.

import type { Operation } from '../sdk.ts';

/** AWS: the default quotas of an account, in units a second. */
const OF_ACCOUNT = 80_000;
const OF_TABLE = 40_000;
/** AWS: for how long a client may use the endpoint without asking again. */
const MINUTES = 1_440;

export const DescribeLimits: Operation<'DescribeLimits'> = () => ({
  AccountMaxReadCapacityUnits: OF_ACCOUNT,
  AccountMaxWriteCapacityUnits: OF_ACCOUNT,
  TableMaxReadCapacityUnits: OF_TABLE,
  TableMaxWriteCapacityUnits: OF_TABLE,
});

/** The host as the client reached it, so that SDKs that discover endpoints stay with Millpond. */
export const DescribeEndpoints: Operation<'DescribeEndpoints'> = (
  _dynamodb,
  _input,
  { baseUrl, region },
) => ({
  Endpoints: [
    {
      Address: baseUrl ? new URL(baseUrl).host : `dynamodb.${region}.amazonaws.com`,
      CachePeriodInMinutes: MINUTES,
    },
  ],
});
