// Subscription filters to functions: put, describe, delete.

import { parseArn } from '../../../aws/arn.ts';
import { destinationRefused, invalid, tooManySubscriptions } from '../faults.ts';
import { parseFilterPattern } from '../filter-pattern.ts';
import { pageRequest, subscriptionPages } from '../paging.ts';
import { type SubscriptionFilterRecord, within } from '../records.ts';
import type { Input, Operation } from '../sdk.ts';

/** AWS: the maximum of one log group. */
const MOST_FILTERS = 2;

/** Replaces a filter of the same name. AWS: the function must exist and allow CloudWatch Logs to invoke it. */
export const PutSubscriptionFilter: Operation<'PutSubscriptionFilter'> = async (logs, input, context) => {
  parseFilterPattern(input.filterPattern);
  refuseUnsupported(input);
  logs.records.groups.existing(context, input.logGroupName);
  if (!(await logs.subscriptions.mayInvoke(context, input.destinationArn))) throw destinationRefused();
  logs.store.transaction(() => {
    const { subscriptions, groups } = logs.records;
    const group = groups.existing(context, input.logGroupName).name;
    const before = subscriptions.find(context, within(group, input.filterName));
    if (!before && subscriptions.count(context, within(group)) >= MOST_FILTERS) throw tooManySubscriptions();
    subscriptions.put(context, {
      group,
      name: input.filterName,
      pattern: input.filterPattern,
      destinationArn: input.destinationArn,
      createdAt: before?.createdAt ?? logs.clock.now(),
    });
  });
  return {};
};

function refuseUnsupported(input: Input<'PutSubscriptionFilter'>): void {
  if (!/^lambda$/.test(parseArn(input.destinationArn)?.service ?? '')) {
    throw invalid('Millpond sends log events to functions of Lambda only.');
  }
  // AWS: the text is from public reports.
  if (input.roleArn) throw invalid('destinationArn for vendor lambda cannot be used with roleArn');
  if (input.applyOnTransformedLogs) throw invalid('Millpond does not transform logs.');
  if (input.fieldSelectionCriteria || input.emitSystemFields?.length) {
    throw invalid('Millpond has no system fields of log events.');
  }
}

/** Throws ResourceNotFound. */
export const DeleteSubscriptionFilter: Operation<'DeleteSubscriptionFilter'> = (logs, input, context) => {
  logs.store.transaction(() => {
    const group = logs.records.groups.existing(context, input.logGroupName).name;
    const filter = logs.records.subscriptions.existing(context, within(group, input.filterName));
    logs.records.subscriptions.remove(context, within(group, filter.name));
  });
  return {};
};

export const DescribeSubscriptionFilters: Operation<'DescribeSubscriptionFilters'> = async (
  logs,
  input,
  context,
) => {
  const { name } = logs.records.groups.existing(context, input.logGroupName);
  const page = await subscriptionPages.ofCollection(logs.records.subscriptions, context, {
    ...pageRequest(input),
    prefix: within(name, input.filterNamePrefix),
  });
  return { subscriptionFilters: page.items.map(view), nextToken: page.token };
};

const view = ({ group, name, pattern, destinationArn, createdAt }: SubscriptionFilterRecord) => ({
  filterName: name,
  logGroupName: group,
  filterPattern: pattern,
  destinationArn,
  distribution: 'ByLogStream' as const,
  applyOnTransformedLogs: false,
  creationTime: createdAt,
});
