// DescribeChangeSet, ListChangeSets, DeleteChangeSet and ExecuteChangeSet.

import type { Scope } from '../../../aws/scope.ts';
import { listTags } from '../../../aws/tags.ts';
import type { CloudFormation } from '../context.ts';
import {
  changeSetNotExecutable,
  changeSetNotFound,
  nestedChangeSet,
  notUpdatable,
  stackDoesNotExistFor,
} from '../faults.ts';
import { PAGE, pagesOfList } from '../pages.ts';
import type { Operation } from '../sdk.ts';
import { beginOperation, newOperation } from '../stack/begin.ts';
import { forgetDefinition, supersede } from '../stack/definitions.ts';
import { stackNamed } from '../stack/lookup.ts';
import type { ChangeSetRecord } from '../stack/model.ts';
import { changeStack } from '../stack/stacks.ts';
import { isUpdatable } from '../stack/statuses.ts';
import { viewParameters } from '../view.ts';
import { changeSetNamed } from './change-set-lookup.ts';
import { withoutValues } from './change-set-view.ts';
import { onFailureOf } from './inputs.ts';
import { forgetNested, isNested } from './nested-change-sets.ts';

export const DescribeChangeSet: Operation<'DescribeChangeSet'> = (cf, input, context) => {
  const found = named(cf, context, input.StackName, input.ChangeSetName);
  const definition = cf.records.definitions.get(context, found.definitionId);
  return {
    ...viewSummary(found),
    Parameters: definition ? viewParameters(definition) : [],
    NotificationARNs: definition?.notificationArns ?? [],
    Capabilities: definition?.capabilities as never,
    Tags: listTags(definition?.tags ?? {}),
    Changes: input.IncludePropertyValues ? found.changes : withoutValues(found.changes),
    OnStackFailure: found.onFailure,
  };
};

const pages = pagesOfList('change sets');

export const ListChangeSets: Operation<'ListChangeSets'> = (cf, input, context) => {
  const stack = stackNamed(cf.records, context, input.StackName, stackDoesNotExistFor);
  const limit = PAGE;
  const after = pages.keyOf(input.NextToken);
  const found = cf.records.changeSets.list(context, stack.stackId, { after, limit: limit + 1 });
  const page = found.slice(0, limit);
  return {
    // AWS: an executed change set is not listed any more; its id still finds it.
    Summaries: page.filter(({ executionStatus }) => executionStatus !== 'EXECUTE_COMPLETE').map(viewSummary),
    NextToken: found.length > limit ? pages.tokenFor(page.at(-1)!.changeSetName) : undefined,
  };
};

const viewSummary = (changeSet: ChangeSetRecord) => ({
  ChangeSetId: changeSet.changeSetId,
  ChangeSetName: changeSet.changeSetName,
  StackId: changeSet.stackId,
  StackName: changeSet.stackName,
  Description: changeSet.description,
  CreationTime: new Date(changeSet.createdAt),
  ExecutionStatus: changeSet.executionStatus,
  Status: changeSet.status,
  StatusReason: changeSet.statusReason,
  IncludeNestedStacks: changeSet.includesNested ?? false,
  ParentChangeSetId: changeSet.parentChangeSetId,
  RootChangeSetId: changeSet.rootChangeSetId,
});

/** AWS: succeeds when there is no such change set. */
export const DeleteChangeSet: Operation<'DeleteChangeSet'> = (cf, input, context) => {
  const { StackName, ChangeSetName } = input;
  const found = changeSetNamed(cf, context, StackName, ChangeSetName);
  if (!found) return {};
  if (isNested(found)) throw nestedChangeSet('DeleteChangeSet', found.changeSetId);
  cf.store.transaction(() => {
    forgetNested(cf, context, found);
    cf.records.changeSets.delete(context, found.stackId, found.changeSetName);
    if (found.executionStatus !== 'EXECUTE_COMPLETE') forgetDefinition(cf, context, found.definitionId);
  });
  return {};
};

/** Starts a create or an update from the stored definition, and deletes the other change sets of the stack. */
export const ExecuteChangeSet: Operation<'ExecuteChangeSet'> = (cf, input, context) => {
  const found = named(cf, context, input.StackName, input.ChangeSetName);
  const { stackId, changeSetId, status, executionStatus, definitionId } = found;
  if (isNested(found)) throw nestedChangeSet('ExecuteChangeSet', changeSetId);
  if (executionStatus !== 'AVAILABLE') throw changeSetNotExecutable(changeSetId, status, executionStatus);
  const isCreate = found.type === 'CREATE';
  const operation = newOperation(isCreate ? 'create' : 'update', cf.clock.now(), {
    targetId: definitionId,
    onFailure: found.onFailure ?? onFailureOf({ DisableRollback: input.DisableRollback }),
    retainExceptOnCreate: input.RetainExceptOnCreate,
  });
  cf.store.transaction(() => {
    const others = cf.records.changeSets
      .list(context, stackId)
      .filter((other) => other.changeSetId !== changeSetId);
    beginOperation(cf, stackId, {
      status: isCreate ? 'CREATE_IN_PROGRESS' : 'UPDATE_IN_PROGRESS',
      operation,
      refuse(stack) {
        const isAllowed = isCreate ? stack.status === 'REVIEW_IN_PROGRESS' : isUpdatable(stack.status);
        if (!isAllowed) throw notUpdatable(stack.stackId, stack.status);
      },
      change(stack) {
        if (!isCreate) stack.updatedAt = cf.clock.now();
        stack.clientRequestToken = input.ClientRequestToken;
        stack.changeSetId = changeSetId;
      },
    });
    // AWS: the execution deletes the other change sets, because they were compared with the old stack.
    for (const one of [found, ...others]) forgetNested(cf, context, one);
    cf.records.changeSets.clear(context, stackId);
    const executed: ChangeSetRecord = { ...found, executionStatus: 'EXECUTE_COMPLETE', nested: [] };
    cf.records.changeSets.put(context, stackId, found.changeSetName, executed);
    changeStack(cf, stackId, (stack) => {
      for (const other of others) supersede(stack, other.definitionId);
    });
  });
  return {};
};

function named(
  cf: CloudFormation,
  scope: Scope,
  stackName: string | undefined,
  nameOrId: string,
): ChangeSetRecord {
  const found = changeSetNamed(cf, scope, stackName, nameOrId);
  if (!found) throw changeSetNotFound(nameOrId);
  return found;
}
