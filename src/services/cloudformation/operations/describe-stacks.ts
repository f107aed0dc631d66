// DescribeStacks and ListStacks.

import { pageOf } from '../../../kernel/paging.ts';
import type { Scope } from '../../../kernel/scope.ts';
import { WAITER_HOLD_MS } from '../../../wire/service.ts';
import type { CloudFormation, Operation } from '../cloudformation.ts';
import { isGone, stackNamed } from '../stack/lookup.ts';
import type { StackRecord } from '../stack/model.ts';
import { dateOf, viewStack } from '../view.ts';

const PAGE = 100;

/** AWS: the newest come first. */
const orderKey = (stack: StackRecord): string =>
  `${String(1e15 - stack.createdAt).padStart(16, '0')} ${stack.stackId}`;

const sorted = (stacks: StackRecord[]): StackRecord[] =>
  stacks.sort((a, b) => (orderKey(a) < orderKey(b) ? -1 : 1));

export const describeStacks =
  (cf: CloudFormation): Operation<'DescribeStacks'> =>
  async (input, context) => {
    if (input.StackName !== undefined) {
      const stack = stackNamed(cf.records, context, input.StackName);
      if (context.isWaiter) await untilDone(cf, context, stack.stackId);
      return { Stacks: [viewStack(cf, stackNamed(cf.records, context, input.StackName))] };
    }
    const stacks = sorted(cf.records.stacks.list(context).filter((stack) => !isGone(stack)));
    const page = pageOf(stacks, orderKey, PAGE, input.NextToken);
    return { Stacks: page.items.map((stack) => viewStack(cf, stack)), NextToken: page.marker };
  };

async function untilDone(cf: CloudFormation, scope: Scope, stackId: string): Promise<void> {
  const now = () => performance.now();
  const look = () => (cf.records.stacks.get(scope, stackId)?.operation ? undefined : true);
  const options = { signal: new AbortController().signal, deadline: now() + WAITER_HOLD_MS, now };
  await cf.notices.until(stackId, look, options);
}

export const listStacks =
  (cf: CloudFormation): Operation<'ListStacks'> =>
  (input, context) => {
    const wanted = new Set<string>(input.StackStatusFilter ?? []);
    const stacks = cf.records.stacks
      .list(context)
      .filter((stack) => wanted.size === 0 || wanted.has(stack.status));
    const page = pageOf(sorted(stacks), orderKey, PAGE, input.NextToken);
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
      NextToken: page.marker,
    };
  };
