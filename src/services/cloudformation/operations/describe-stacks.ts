// DescribeStacks and ListStacks.

import type { Scope } from '../../../aws/scope.ts';
import { WAITER_HOLD_MS } from '../../../wire/service.ts';
import type { CloudFormation } from '../context.ts';
import { PAGE, pagesOfList } from '../pages.ts';
import { ALL, HERE } from '../records.ts';
import type { Operation } from '../sdk.ts';
import { stackNamed } from '../stack/lookup.ts';
import { dateOf, viewStack } from '../view.ts';

const describedPages = pagesOfList('described stacks');
const listedPages = pagesOfList('listed stacks');

/** Holds the answer to an SDK waiter until the operation ends. AWS: a list omits deleted stacks. */
export const DescribeStacks: Operation<'DescribeStacks'> = async (cf, input, context) => {
  if (input.StackName !== undefined) {
    const stack = stackNamed(cf.records, context, input.StackName);
    if (context.isWaiter) await untilDone(cf, context, stack.stackId);
    return { Stacks: [viewStack(cf, stackNamed(cf.records, context, input.StackName))] };
  }
  const request = { prefix: HERE, limit: PAGE, token: input.NextToken };
  const page = await describedPages.ofIndex(cf.records.stacks, context, 'age', request);
  return { Stacks: page.items.map(({ value }) => viewStack(cf, value)), NextToken: page.token };
};

/** Waits until the stack has no operation, for WAITER_HOLD_MS at most. */
async function untilDone(cf: CloudFormation, scope: Scope, stackId: string): Promise<void> {
  const now = () => performance.now();
  const look = () => (cf.records.stacks.find(scope, stackId)?.operation ? undefined : true);
  const options = { signal: new AbortController().signal, deadline: now() + WAITER_HOLD_MS, now };
  await cf.notices.until(stackId, look, options);
}

/** AWS: includes deleted stacks. */
export const ListStacks: Operation<'ListStacks'> = async (cf, input, context) => {
  const wanted = new Set<string>(input.StackStatusFilter ?? []);
  const page = await listedPages.ofIndex(cf.records.stacks, context, 'age', {
    ...{ prefix: ALL, limit: PAGE, token: input.NextToken },
    wanted: ({ status }) => wanted.size === 0 || wanted.has(status),
  });
  return {
    StackSummaries: page.items.map(({ value: stack }) => ({
      StackId: stack.stackId,
      StackName: stack.stackName,
      TemplateDescription:
        stack.definitionId && cf.records.definitions.get(context, stack.definitionId)?.description,
      CreationTime: new Date(stack.createdAt),
      LastUpdatedTime: dateOf(stack.updatedAt),
      DeletionTime: dateOf(stack.deletedAt),
      StackStatus: stack.status,
      StackStatusReason: stack.statusReason === 'User Initiated' ? undefined : stack.statusReason,
      ParentId: stack.parentId,
      RootId: stack.rootId,
      DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
    })),
    NextToken: page.token,
  };
};
