// ListMetrics: which metrics had something put within two weeks, by namespace, name and dimensions.

import { decodeMarker, encodeMarker, pageOf } from '../../../kernel/paging.ts';
import { type CloudWatch, nowOf, type Operation } from '../cloudwatch.ts';
import { type Dimensions, identityOfKey, renderDimensions } from '../domain/identity.ts';
import { invalid, required } from '../faults.ts';

const PAGE = 500;
const THREE_HOURS = 3 * 3_600;
const TWO_WEEKS = 14 * 86_400;

export function listMetrics(cloudwatch: CloudWatch): Operation<'ListMetrics'> {
  return (input, context) => {
    const { Namespace, MetricName, Dimensions: filters = [], NextToken, RecentlyActive } = input;
    filters.forEach(({ Name }, place) => {
      if (!Name) throw required(`Dimensions.member.${place + 1}.Name`);
    });
    if (NextToken !== undefined && encodeMarker(decodeMarker(NextToken)) !== NextToken)
      throw invalid(NextToken, 'NextToken');
    const since = nowOf(cloudwatch) - (RecentlyActive ? THREE_HOURS : TWO_WEEKS);
    const found = [...cloudwatch.index.of(context)]
      .filter(({ lastPutAt }) => lastPutAt >= since)
      .map(({ key }) => ({ key, ...identityOfKey(key) }))
      .filter(
        ({ namespace, name, dimensions }) =>
          (Namespace === undefined || namespace === Namespace) &&
          (MetricName === undefined || name === MetricName) &&
          filters.every((filter) => hasDimension(dimensions, filter)),
      )
      .sort((a, b) => (a.key < b.key ? -1 : 1));
    const { items, marker } = pageOf(found, ({ key }) => key, PAGE, NextToken);
    return {
      Metrics: items.map((metric) => ({
        Namespace: metric.namespace,
        MetricName: metric.name,
        Dimensions: renderDimensions(metric.dimensions),
      })),
      NextToken: marker,
      ...(input.IncludeLinkedAccounts && { OwningAccounts: items.map(() => context.accountId) }),
    };
  };
}

const hasDimension = (
  dimensions: Dimensions,
  { Name, Value }: { Name?: string | undefined; Value?: string | undefined },
): boolean => dimensions.some(([name, value]) => name === Name && (Value === undefined || value === Value));
