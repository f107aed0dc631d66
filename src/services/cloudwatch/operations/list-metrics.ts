// ListMetrics: the metrics with points in the last two weeks, by namespace, name and dimensions.

import { pagesOf } from '../../../aws/pages.ts';
import type { Scope } from '../../../aws/scope.ts';
import { turnEnd } from '../../../kernel/turn.ts';
import type { CloudWatch } from '../context.ts';
import { type Dimensions, identityOfKey, renderDimensions } from '../domain/identity.ts';
import { invalid, required } from '../faults.ts';
import { nowOf } from '../metrics.ts';
import type { Input, Operation } from '../sdk.ts';

const PAGE = 500;
const THREE_HOURS = 3 * 3_600;
const TWO_WEEKS = 14 * 86_400;

const pages = pagesOf({ list: 'cloudwatch metrics', invalidToken: (token) => invalid(token, 'NextToken') });

/** Sorted by `identityKey`, 500 to a page. */
export const ListMetrics: Operation<'ListMetrics'> = async (cloudwatch, input, context) => {
  input.Dimensions?.forEach(({ Name }, place) => {
    if (!Name) throw required(`Dimensions.member.${place + 1}.Name`);
  });
  const after = pages.keyOf(input.NextToken) ?? '';
  const { keys, hasMore } = await firstKeys(cloudwatch, context, input, after);
  return {
    Metrics: keys.map(identityOfKey).map(({ namespace, name, dimensions }) => ({
      Namespace: namespace,
      MetricName: name,
      Dimensions: renderDimensions(dimensions),
    })),
    NextToken: hasMore ? pages.tokenFor(keys.at(-1)!) : undefined,
    ...(input.IncludeLinkedAccounts && { OwningAccounts: keys.map(() => context.accountId) }),
  };
};

/**
 * The first page of matching keys after `after`. The index is not sorted and may be long, so only the least keys are
 * kept.
 */
async function firstKeys(
  cloudwatch: CloudWatch,
  scope: Scope,
  { Namespace, MetricName, Dimensions: filters = [], RecentlyActive }: Input<'ListMetrics'>,
  after: string,
) {
  const since = nowOf(cloudwatch) - (RecentlyActive ? THREE_HOURS : TWO_WEEKS);
  const beginning = Namespace === undefined ? '' : `${Namespace}\n`;
  let found: string[] = [];
  const cut = () => {
    found.sort(byCodeUnit);
    found = found.slice(0, PAGE + 1);
  };
  for (const { key, lastPutAt } of cloudwatch.index.of(scope)) {
    if (lastPutAt < since || key <= after || !key.startsWith(beginning)) continue;
    await turnEnd();
    if (MetricName !== undefined || filters.length > 0) {
      const { name, dimensions } = identityOfKey(key);
      if (MetricName !== undefined && name !== MetricName) continue;
      if (!filters.every((filter) => hasDimension(dimensions, filter))) continue;
    }
    found.push(key);
    if (found.length > 4 * PAGE) cut();
  }
  cut();
  return { keys: found.slice(0, PAGE), hasMore: found.length > PAGE };
}

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const hasDimension = (
  dimensions: Dimensions,
  { Name, Value }: { Name?: string | undefined; Value?: string | undefined },
): boolean => dimensions.some(([name, value]) => name === Name && (Value === undefined || value === Value));
