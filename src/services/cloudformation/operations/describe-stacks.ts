// DescribeStacks and ListStacks.

import type { Page, Pages } from '../../../aws/pages.ts';
import type { Scope } from '../../../aws/scope.ts';
import { WAITER_HOLD_MS } from '../../../wire/service.ts';
import type { CloudFormation } from '../context.ts';
import { PAGE, pagesOfList } from '../pages.ts';
import type { Operation } from '../sdk.ts';
import { isGone, stackNamed } from '../stack/lookup.ts';
import type { StackRecord } from '../stack/model.ts';
import { dateOf, viewStack } from '../view.ts';

/** AWS: the newest come first. */
const orderKey = (stack: StackRecord): string =>
  `${String(1e15 - stack.createdAt).padStart(16, '0')} ${stack.stackId}`;

/** One page of those that are wanted. Their order is not that of the records, so that all are looked at, in batches. */
async function pageOfStacks(
  cf: CloudFormation,
  scope: Scope,
  pages: Pages,
  token: string | undefined,
  isWanted: (stack: StackRecord) => boolean,
): Promise<Page<StackRecord>> {
  const keys: { key: string; id: string }[] = [];
  for await (const batch of cf.records.stacks.batches(scope)) {
    for (const { id, value } of batch) if (isWanted(value)) keys.push({ key: orderKey(value), id });
  }
  keys.sort((a, b) => (a.key < b.key ? -1 : 1));
  const page = pages.ofSorted(keys, ({ key }) => key, { limit: PAGE, token });
  return { ...page, items: page.items.flatMap(({ id }) => cf.records.stacks.find(scope, id) ?? []) };
}

const describedPages = pagesOfList('described stacks');
const listedPages = pagesOfList('listed stacks');

export const DescribeStacks: Operation<'DescribeStacks'> = async (cf, input, context) => {
  if (input.StackName !== undefined) {
    const stack = stackNamed(cf.records, context, input.StackName);
    if (context.isWaiter) await untilDone(cf, context, stack.stackId);
    return { Stacks: [viewStack(cf, stackNamed(cf.records, context, input.StackName))] };
  }
  const isHere = (stack: StackRecord) => !isGone(stack);
  const page = await pageOfStacks(cf, context, describedPages, input.NextToken, isHere);
  return { Stacks: page.items.map((stack) => viewStack(cf, stack)), NextToken: page.token };
};

async function untilDone(cf: CloudFormation, scope: Scope, stackId: string): Promise<void> {
  const now = () => performance.now();
  const look = () => (cf.records.stacks.find(scope, stackId)?.operation ? undefined : true);
  const options = { signal: new AbortController().signal, deadline: now() + WAITER_HOLD_MS, now };
  await cf.notices.until(stackId, look, options);
}

export const ListStacks: Operation<'ListStacks'> = async (cf, input, context) => {
  const wanted = new Set<string>(input.StackStatusFilter ?? []);
  const isWanted = ({ status }: StackRecord) => wanted.size === 0 || wanted.has(status);
  const page = await pageOfStacks(cf, context, listedPages, input.NextToken, isWanted);
  return {
    StackSummaries: page.items.map((stack) => ({
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
