// DescribeStackEvents: newest first.

import { decodeMarker, encodeMarker } from '../../../kernel/paging.ts';
import type { CloudFormation, Operation } from '../cloudformation.ts';
import { listEvents } from '../events.ts';
import { stackDoesNotExistFor } from '../faults.ts';
import { stackNamed } from '../stack/lookup.ts';
import { viewEvent } from '../view.ts';

const PAGE = 100;

export const describeStackEvents =
  (cf: CloudFormation): Operation<'DescribeStackEvents'> =>
  (input, context) => {
    const stack = stackNamed(cf.records, context, input.StackName ?? '', stackDoesNotExistFor);
    const marker = input.NextToken === undefined ? undefined : Number(decodeMarker(input.NextToken));
    const from = marker !== undefined && Number.isSafeInteger(marker) && marker >= 0 ? marker : undefined;
    const { events, next } = listEvents(cf.records, context, stack, PAGE, from);
    return {
      StackEvents: events.map(viewEvent),
      NextToken: next === undefined ? undefined : encodeMarker(String(next)),
    };
  };
