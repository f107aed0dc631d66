// Change sets: a definition that was prepared and compared, and is carried out when asked for.

import { randomUUID } from 'node:crypto';
import type { Scope } from '../../../kernel/scope.ts';
import { hasChanges } from '../change/index.ts';
import type { CloudFormation, Operation } from '../cloudformation.ts';
import {
  changeSetExists,
  changeSetNotExecutable,
  changeSetNotFound,
  nestedChangeSet,
  notUpdatable,
  stackAlreadyExists,
  stackDoesNotExistFor,
  validationError,
} from '../faults.ts';
import { addStack, beginOperation, checkStackName, newOperation, newStackId } from '../stack/begin.ts';
import { changeTreeFor } from '../stack/changes.ts';
import { forgetDefinition, keepDefinition, supersede } from '../stack/definitions.ts';
import { findStack, stackNamed } from '../stack/lookup.ts';
import type { ChangeSetRecord, StackRecord } from '../stack/model.ts';
import { inFaults, type Prepared, prepareDefinition } from '../stack/prepare.ts';
import { changeStack } from '../stack/stacks.ts';
import { isUpdatable } from '../stack/statuses.ts';
import { viewParameters, viewTags } from '../view.ts';
import { changeSetNamed } from './change-set-lookup.ts';
import { viewChanges } from './change-set-view.ts';
import {
  type Descent,
  descend,
  forgetNested,
  isNested,
  keepNested,
  newChangeSetId,
  placesOf,
} from './nested-change-sets.ts';
import { definitionOf, textOf } from './update-stack.ts';
import { onFailureOf, parametersOf, tagsOf } from './wishes.ts';

/** AWS: how it says that there is nothing to do. `aws cloudformation deploy` reads it. */
const NO_CHANGES =
  "The submitted information didn't contain changes. Submit different information to create a change set.";
const MOST_CHANGE_SETS = 1_000;

export const createChangeSet =
  (cf: CloudFormation): Operation<'CreateChangeSet'> =>
  async (input, { accountId, region }) => {
    const scope = { accountId, region };
    const { StackName: stackName, ChangeSetName: name, ChangeSetType: type = 'UPDATE' } = input;
    if (type === 'IMPORT') throw validationError('Importing resources is not supported by this Millpond.');
    if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name)) throw validationError(`Invalid change set name ${name}`);
    const existing = findStack(cf.records, scope, stackName);
    const isNew = type === 'CREATE';
    if (isNew && existing && existing.status !== 'REVIEW_IN_PROGRESS') throw stackAlreadyExists(stackName);
    if (!isNew && !existing) throw stackDoesNotExistFor(stackName);
    if (!isNew && !isUpdatable(existing!.status)) throw notUpdatable(existing!.stackId, existing!.status);
    const namesake = existing && cf.records.changeSets.get(scope, existing.stackId, name);
    if (namesake && !isSpent(namesake)) throw changeSetExists(name);
    if (!existing) checkStackName(stackName);

    const stack = existing ?? { scope, stackName, stackId: newStackId(scope, stackName) };
    const previous = existing && definitionOf(cf, existing);
    const definitionId = randomUUID();
    const text = existing
      ? await textOf(cf, scope, existing, input)
      : await textOf(cf, scope, stack as StackRecord, { ...input, UsePreviousTemplate: false });
    const prepared = await prepareDefinition(cf, stack, definitionId, {
      text,
      parameters: parametersOf(input.Parameters),
      tags: input.Tags === undefined ? (previous?.tags ?? {}) : tagsOf(input.Tags),
      capabilities: input.Capabilities ?? [],
      notificationArns: input.NotificationARNs ?? previous?.notificationArns ?? [],
      roleArn: input.RoleARN ?? previous?.roleArn,
      previous,
    });
    const compared = existing ?? ({ ...stack, outputs: [] } as unknown as StackRecord);
    const root = { changeSetName: name, changeSetId: newChangeSetId(scope, name) };
    const descent: Descent = await inFaults(() =>
      input.IncludeNestedStacks
        ? descend(cf, root, root.changeSetId, { stack: compared, prepared })
        : { tree: changeTreeFor(cf, compared, prepared), ids: new Map(), sets: [] },
    );
    const record = changeSetRecord(cf, root.changeSetId, stack, name, prepared, descent, input);
    cf.store.transaction(() => {
      if (!existing) {
        addStack(cf, {
          ...stack,
          status: 'REVIEW_IN_PROGRESS',
          terminationProtected: false,
          disableRollback: false,
          clientRequestToken: input.ClientToken,
        });
      }
      if (cf.records.changeSets.list(scope, stack.stackId).length >= MOST_CHANGE_SETS) {
        throw validationError(`ChangeSet limit exceeded: ${MOST_CHANGE_SETS}`);
      }
      keepDefinition(cf, scope, prepared);
      if (namesake) {
        forgetNested(cf, scope, namesake);
        changeStack(cf, stack.stackId, (held) => supersede(held, namesake.definitionId));
      }
      keepNested(cf, scope, descent.sets);
      cf.records.changeSets.put(scope, stack.stackId, name, record);
    });
    return { Id: record.changeSetId, StackId: stack.stackId };
  };

/**
 * It can never be executed (again), so its name is free. `aws cloudformation deploy` names its change sets by the
 * second, and here several of them fit into one.
 */
const isSpent = ({ status, executionStatus }: ChangeSetRecord): boolean =>
  status === 'FAILED' || executionStatus === 'EXECUTE_COMPLETE';

function changeSetRecord(
  cf: CloudFormation,
  changeSetId: string,
  stack: Pick<StackRecord, 'stackId' | 'stackName'>,
  name: string,
  prepared: Prepared,
  { tree, ids, sets }: Descent,
  input: {
    IncludeNestedStacks?: boolean | undefined;
    ChangeSetType?: string | undefined;
    Description?: string | undefined;
    OnStackFailure?: string | undefined;
  },
): ChangeSetRecord {
  const isEmpty = input.ChangeSetType !== 'CREATE' && !hasChanges(tree);
  return {
    changeSetId,
    changeSetName: name,
    stackId: stack.stackId,
    stackName: stack.stackName,
    type: input.ChangeSetType === 'CREATE' ? 'CREATE' : 'UPDATE',
    description: input.Description,
    createdAt: cf.clock.now(),
    status: isEmpty ? 'FAILED' : 'CREATE_COMPLETE',
    statusReason: isEmpty ? NO_CHANGES : undefined,
    executionStatus: isEmpty ? 'UNAVAILABLE' : 'AVAILABLE',
    definitionId: prepared.definition.id,
    onFailure:
      input.OnStackFailure === undefined ? undefined : onFailureOf({ OnFailure: input.OnStackFailure }),
    changes: viewChanges(tree, ids),
    includesNested: input.IncludeNestedStacks,
    nested: placesOf(sets),
  };
}

export const describeChangeSet =
  (cf: CloudFormation): Operation<'DescribeChangeSet'> =>
  (input, context) => {
    const found = named(cf, context, input.StackName, input.ChangeSetName);
    const definition = cf.records.definitions.get(context, found.definitionId);
    return {
      ...viewSummary(found),
      Parameters: definition ? viewParameters(definition) : [],
      NotificationARNs: definition?.notificationArns ?? [],
      Capabilities: definition?.capabilities as never,
      Tags: viewTags(definition?.tags ?? {}),
      Changes: found.changes as never,
      OnStackFailure: found.onFailure,
    };
  };

export const listChangeSets =
  (cf: CloudFormation): Operation<'ListChangeSets'> =>
  (input, context) => {
    const stack = stackNamed(cf.records, context, input.StackName, stackDoesNotExistFor);
    return { Summaries: cf.records.changeSets.list(context, stack.stackId).map(viewSummary) };
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

export const deleteChangeSet =
  (cf: CloudFormation): Operation<'DeleteChangeSet'> =>
  (input, context) => {
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

export const executeChangeSet =
  (cf: CloudFormation): Operation<'ExecuteChangeSet'> =>
  (input, context) => {
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
          const may = isCreate ? stack.status === 'REVIEW_IN_PROGRESS' : isUpdatable(stack.status);
          if (!may) throw notUpdatable(stack.stackId, stack.status);
        },
        change(stack) {
          if (!isCreate) stack.updatedAt = cf.clock.now();
          stack.clientRequestToken = input.ClientRequestToken;
        },
      });
      // AWS: the others were compared with what is no more, and go.
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
