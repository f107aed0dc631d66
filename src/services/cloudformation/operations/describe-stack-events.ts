// DescribeStackEvents, newest first.

import { listEvents } from '../events.ts';
import { stackDoesNotExistFor } from '../faults.ts';
import { PAGE, pagesOfList } from '../pages.ts';
import type { Operation } from '../sdk.ts';
import { stackNamed } from '../stack/lookup.ts';
import { viewEvent } from '../view.ts';

const pages = pagesOfList('events');

export const DescribeStackEvents: Operation<'DescribeStackEvents'> = (cf, input, context) => {
  const stack = stackNamed(cf.records, context, input.StackName ?? '', stackDoesNotExistFor);
  const key = pages.keyOf(input.NextToken);
  const from = key === undefined ? undefined : Number(key);
  const { events, next } = listEvents(cf.records, context, stack, PAGE, from);
  return {
    StackEvents: events.map(viewEvent),
    NextToken: next === undefined ? undefined : pages.tokenFor(String(next)),
  };
};
