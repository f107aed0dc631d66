// CreateChangeSet: prepares a definition, compares it with the deployed stack and stores both for review.

import { randomUUID } from 'node:crypto';
import type { CreateChangeSetCommandInput } from '@aws-sdk/client-cloudformation';
import type { Scope } from '../../../aws/scope.ts';
import { hasChanges } from '../change/index.ts';
import type { CloudFormation } from '../context.ts';
import {
  changeSetExists,
  existsForChangeSet,
  notUpdatable,
  stackDoesNotExistFor,
  validationError,
} from '../faults.ts';
import type { Operation } from '../sdk.ts';
import { addStack, checkStackName, newStackId } from '../stack/begin.ts';
import { changeTreeFor } from '../stack/changes.ts';
import { keepDefinition, supersede } from '../stack/definitions.ts';
import { findStack } from '../stack/lookup.ts';
import type { ChangeSetRecord, StackRecord } from '../stack/model.ts';
import { type Prepared, prepareDefinition, withFaults } from '../stack/prepare.ts';
import { changeStack } from '../stack/stacks.ts';
import { isUpdatable } from '../stack/statuses.ts';
import { TransformError } from '../template/issues.ts';
import { viewChanges } from './change-set-view.ts';
import { definitionRequest, onFailureOf } from './inputs.ts';
import {
  type DeepPlan,
  forgetNested,
  keepNested,
  newChangeSetId,
  planDeep,
  referencesTo,
} from './nested-change-sets.ts';

/** AWS: the status reason of an empty change set. `aws cloudformation deploy` looks for this text. */
const NO_CHANGES =
  "The submitted information didn't contain changes. Submit different information to create a change set.";
const MOST_CHANGE_SETS = 1_000;

export const CreateChangeSet: Operation<'CreateChangeSet'> = async (cf, input, { accountId, region }) => {
  const scope = { accountId, region };
  const existing = stackFor(cf, scope, input);
  const { StackName: stackName, ChangeSetName: name } = input;
  const namesake = existing && cf.records.changeSets.get(scope, existing.stackId, name);
  if (namesake && !isFinished(namesake)) throw changeSetExists(name);

  const stack = existing ?? { scope, stackName, stackId: newStackId(scope, stackName) };
  const changeSetId = newChangeSetId(scope, name);
  const made = await attempt(cf, changeSetId, stack, existing, input);
  const record: ChangeSetRecord = {
    changeSetId,
    changeSetName: name,
    stackId: stack.stackId,
    stackName: stack.stackName,
    type: input.ChangeSetType === 'CREATE' ? 'CREATE' : 'UPDATE',
    description: input.Description,
    createdAt: cf.clock.now(),
    onFailure:
      input.OnStackFailure === undefined ? undefined : onFailureOf({ OnFailure: input.OnStackFailure }),
    includesNested: input.IncludeNestedStacks,
    ...made.outcome,
  };
  cf.store.transaction(() => {
    if (!existing) {
      addStack(cf, {
        ...stack,
        status: 'REVIEW_IN_PROGRESS',
        terminationProtected: false,
        disableRollback: false,
        clientRequestToken: input.ClientToken,
        changeSetId,
      });
    }
    if (cf.records.changeSets.count(scope, stack.stackId) >= MOST_CHANGE_SETS) {
      throw validationError(`ChangeSet limit exceeded: ${MOST_CHANGE_SETS}`);
    }
    keepDefinition(cf, scope, made.prepared);
    if (namesake) {
      forgetNested(cf, scope, namesake);
      changeStack(cf, stack.stackId, (current) => supersede(current, namesake.definitionId));
    }
    keepNested(cf, scope, made.sets);
    cf.records.changeSets.put(scope, stack.stackId, name, record);
  });
  return { Id: changeSetId, StackId: stack.stackId };
};

/** The existing stack; `undefined` if the change set will create it. Throws when the type does not fit the stack. */
function stackFor(
  cf: CloudFormation,
  scope: Scope,
  { StackName: stackName, ChangeSetName: name, ChangeSetType: type = 'UPDATE' }: CreateChangeSetCommandInput,
): StackRecord | undefined {
  if (type === 'IMPORT') throw validationError('Importing resources is not supported by this Millpond.');
  const existing = findStack(cf.records, scope, stackName!);
  if (type !== 'CREATE') {
    if (!existing) throw stackDoesNotExistFor(stackName!);
    if (!isUpdatable(existing.status)) throw notUpdatable(existing.stackId, existing.status);
  } else if (existing && existing.status !== 'REVIEW_IN_PROGRESS') {
    throw existsForChangeSet(existing.stackName, name!);
  }
  if (!existing) checkStackName(stackName!);
  return existing;
}

/**
 * Whether the change set can never be executed (again), so that its name can be used again. `aws cloudformation deploy`
 * names change sets by the second, and Millpond executes several of them within one.
 */
const isFinished = ({ status, executionStatus }: ChangeSetRecord): boolean =>
  status === 'FAILED' || executionStatus === 'EXECUTE_COMPLETE';

type Outcome = Pick<
  ChangeSetRecord,
  'status' | 'statusReason' | 'executionStatus' | 'definitionId' | 'changes' | 'nested'
>;

interface Attempt {
  outcome: Outcome;
  prepared: Pick<Prepared, 'definition' | 'texts'>;
  sets: DeepPlan['sets'];
}

const failed = (statusReason: string) =>
  ({ status: 'FAILED', executionStatus: 'UNAVAILABLE', statusReason }) as const;

/** Rejects with faults. AWS: a failed transform is no fault, but creates a failed change set. */
async function attempt(
  cf: CloudFormation,
  changeSetId: string,
  stack: Pick<StackRecord, 'scope' | 'stackId' | 'stackName'>,
  existing: StackRecord | undefined,
  input: CreateChangeSetCommandInput,
): Promise<Attempt> {
  const definitionId = randomUUID();
  const request = { ...(await definitionRequest(cf, stack.scope, existing, input)), isReviewed: true };
  const prepared = await prepareDefinition(cf, stack, definitionId, request);
  const compared = existing ?? ({ ...stack, outputs: [] } as unknown as StackRecord);
  const root = { changeSetName: input.ChangeSetName!, changeSetId };
  try {
    const { tree, ids, sets } = await withFaults<DeepPlan>(async () => {
      if (prepared.failedTransform) throw prepared.failedTransform;
      return input.IncludeNestedStacks
        ? planDeep(cf, root, changeSetId, { stack: compared, prepared })
        : { tree: await changeTreeFor(cf, compared, prepared), ids: new Map(), sets: [] };
    });
    const isEmpty = input.ChangeSetType !== 'CREATE' && !hasChanges(tree);
    const state = isEmpty
      ? failed(NO_CHANGES)
      : ({ status: 'CREATE_COMPLETE', executionStatus: 'AVAILABLE' } as const);
    const changes = viewChanges(tree, ids);
    return { outcome: { ...state, definitionId, changes, nested: referencesTo(sets) }, prepared, sets };
  } catch (error) {
    const { cause } = error as Error;
    if (!(cause instanceof TransformError)) throw error;
    return { outcome: { ...failed(cause.message), definitionId, changes: [] }, prepared, sets: [] };
  }
}
