// AWS::CloudFormation::Stack: a stack that is created, updated and deleted with its parent.

import { physicalName } from '../../../control/physical-name.ts';
import { ResourceFailure } from '../../../control/resource-failure.ts';
import type {
  ExistingResource,
  ResourceRequest,
  ResourceState,
  ResourceType,
} from '../../../control/resource-type.ts';
import { hasChanges } from '../change/index.ts';
import type { CloudFormation } from '../context.ts';
import { beginOperation, createStack, newOperation, newStackId, towards } from '../stack/begin.ts';
import { changeTreeFor } from '../stack/changes.ts';
import { keepDefinition } from '../stack/definitions.ts';
import { findStack, isGone } from '../stack/lookup.ts';
import type { StackRecord } from '../stack/model.ts';
import type { Prepared } from '../stack/prepare.ts';
import { prepareNested } from '../stack/prepare-nested.ts';
import { getStack } from '../stack/stacks.ts';
import { isUpdatable, succeeded } from '../stack/statuses.ts';

/** The resource type of nested stacks. */
export function nestedStack(cf: CloudFormation): ResourceType {
  return {
    name: 'AWS::CloudFormation::Stack',
    async create(request) {
      const stackName = physicalName(request, { maxLength: 128 });
      const { stackId } =
        findStack(cf.records, request.scope, stackName) ?? (await begin(cf, request, stackName));
      const stack = await settled(cf, stackId, request.signal);
      if (stack && succeeded(stack.status)) return stateOf(stack);
      throw new ResourceFailure(
        `Embedded stack ${stackId} was not successfully created: ${stack?.statusReason ?? 'it is gone'}`,
        stackId,
      );
    },
    update: (request) => update(cf, request),
    async delete({ physicalId, signal }) {
      const stack = await settled(cf, physicalId, signal);
      if (!stack || isGone(stack)) return;
      beginOperation(cf, physicalId, {
        status: 'DELETE_IN_PROGRESS',
        operation: newOperation('delete', cf.clock.now()),
        refuse() {},
      });
      const left = await settled(cf, physicalId, signal);
      if (left && !isGone(left)) {
        throw new Error(
          `Embedded stack ${physicalId} was not successfully deleted: ${left.statusReason ?? ''}`,
        );
      }
    },
  };
}

/** The stack, once no operation is under way. `undefined` when it does not exist. */
async function settled(
  cf: CloudFormation,
  stackId: string,
  signal: AbortSignal,
): Promise<StackRecord | undefined> {
  const found = await cf.notices
    .until(
      stackId,
      () => {
        const stack = getStack(cf, stackId);
        return stack?.operation ? undefined : { stack };
      },
      { signal, now: cf.clock.now },
    )
    .catch((error: unknown) => {
      throw new ResourceFailure('Resource creation cancelled', stackId, error);
    });
  return found?.stack;
}

async function begin(
  cf: CloudFormation,
  request: ResourceRequest,
  stackName: string,
): Promise<{ stackId: string }> {
  const { scope } = request;
  const parent = getStack(cf, request.stackId);
  const stackId = newStackId(scope, stackName);
  // A failed nested stack keeps its resources for inspection until the parent rolls back.
  const operation = newOperation('create', cf.clock.now(), { onFailure: 'DO_NOTHING' });
  const prepared = await prepareNested(cf, request, { scope, stackId, stackName }, operation.id);
  createStack(cf, prepared, {
    ...{ scope, stackId, stackName, operation },
    terminationProtected: false,
    timeoutMinutes: Number(request.properties.TimeoutInMinutes) || undefined,
    parentId: request.stackId,
    rootId: parent?.rootId ?? request.stackId,
  });
  return { stackId };
}

async function update(cf: CloudFormation, request: ExistingResource): Promise<ResourceState> {
  const { physicalId: stackId, token } = request;
  const parent = getStack(cf, request.stackId);
  let stack = await settled(cf, stackId, request.signal);
  if (!stack || isGone(stack)) throw new Error(`Stack ${stackId} does not exist`);
  const isRollback = parent?.operation?.step === 'revert';
  const ofThisUpdate = `${stackId}/${parent?.operation?.id ?? ''}/`;
  // The parent's update did not change this stack, so there is nothing to restore.
  if (isRollback && !stack.lastTarget?.startsWith(ofThisUpdate)) return stateOf(stack);
  const definitionId = `${ofThisUpdate}${token}${isRollback ? '/back' : ''}`;
  const isDone = stack.lastTarget === definitionId;
  if (!isDone) {
    const prepared = isRollback
      ? await previousDefinition(cf, stack, definitionId)
      : await prepareNested(cf, request, stack, definitionId);
    const isVoid =
      !prepared?.failedTransform && !(prepared && hasChanges(await changeTreeFor(cf, stack, prepared)));
    if (!prepared || isVoid) return stateOf(stack);
    beginUpdate(cf, stack, prepared, isRollback);
    stack = await settled(cf, stackId, request.signal);
  }
  if (stack && succeeded(stack.status)) return stateOf(stack);
  // AWS: the text names the status at which the nested stack began its rollback, not the current one.
  throw new Error(
    `Embedded stack ${stackId} was not successfully updated. Currently in UPDATE_ROLLBACK_IN_PROGRESS with reason: ${stack?.lastFailure ?? 'it is gone'}`,
  );
}

function beginUpdate(cf: CloudFormation, stack: StackRecord, prepared: Prepared, isRollback: boolean): void {
  const operation = towards(prepared, newOperation('update', cf.clock.now()));
  beginOperation(cf, stack.stackId, {
    status: 'UPDATE_IN_PROGRESS',
    operation,
    refuse(current) {
      if (!isUpdatable(current.status)) {
        throw new Error(`Stack:${current.stackId} is in ${current.status} state and can not be updated.`);
      }
    },
    change(current) {
      keepDefinition(cf, current.scope, prepared);
      current.updatedAt = cf.clock.now();
      current.lastTarget = prepared.definition.id;
      current.definitionBefore = isRollback ? undefined : current.definitionId;
    },
  });
}

/**
 * The definition before the parent's update. It comes from the store, because the template at the URL may have changed.
 * `undefined` when the update never reached this stack.
 */
async function previousDefinition(
  cf: CloudFormation,
  stack: StackRecord,
  id: string,
): Promise<Prepared | undefined> {
  const { scope, definitionBefore } = stack;
  if (definitionBefore === undefined) return undefined;
  const definition = cf.records.definitions.get(scope, definitionBefore);
  const texts = cf.records.texts.get(scope, definitionBefore);
  if (!definition || !texts) return undefined;
  return {
    definition: { ...definition, id },
    texts,
    template: await cf.reader.parse(texts.processed ?? texts.text),
  };
}

const stateOf = (stack: StackRecord): ResourceState => ({
  physicalId: stack.stackId,
  attributes: Object.fromEntries(stack.outputs.map(({ name, value }) => [`Outputs.${name}`, value])),
});
