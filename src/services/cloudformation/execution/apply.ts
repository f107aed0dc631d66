// The `apply` step: once a resource's dependencies are settled, it keeps, creates, updates or replaces the resource.

import { ResourceFailure } from '../../../control/resource-failure.ts';
import type { ResourceType } from '../../../control/resource-type.ts';
import { Bug } from '../../../kernel/assert.ts';
import { isSameResource } from '../change/index.ts';
import { resourceSpecs } from '../resource-spec.ts';
import type { CompiledStack } from '../stack/compile.ts';
import type { MadeResource, ResourceRecord, StackOperation } from '../stack/model.ts';
import { objectionOfPolicy } from '../stack/policy.ts';
import { describeIssue, TemplateError } from '../template/issues.ts';
import type { ResourceDeclaration } from '../template/resource-declaration.ts';
import { CANCELLED, create, failedStatus, type Run, reasonOf, tokenFor, update, write } from './act.ts';
import { decide } from './decide.ts';
import type { Piece } from './order.ts';
import { awaitSignals } from './signals.ts';
import { type WantedResource, wantedResource } from './wanted.ts';

/** Identifies a step of an operation; see ResourceRecord.settledIn. */
export const stepKey = (operation: StackOperation): string => `${operation.id}/${operation.step}`;

/** The id of the operation before which the stack was last consistent. A rollback restores that state. */
export const baseOf = ({ id, baseId = id }: StackOperation): string => baseId;

/** Whether the operation's current step has finished with the resource, successfully or not. */
export const isSettled = (resource: ResourceRecord | undefined, operation: StackOperation): boolean =>
  resource?.settledIn === stepKey(operation);

/** Whether the operation's current step has failed on the resource. */
export const hasFailed = (resource: ResourceRecord, operation: StackOperation): boolean =>
  isSettled(resource, operation) && resource.status.endsWith('_FAILED');

/** The resources that are not settled yet. */
export function piecesToApply(
  compiled: CompiledStack,
  resources: ReadonlyMap<string, ResourceRecord>,
  operation: StackOperation,
): Piece[] {
  return [...compiled.resources.keys()]
    .filter((logicalId) => !isSettled(resources.get(logicalId), operation))
    .map((logicalId) => ({
      key: logicalId,
      logicalId,
      after: compiled.dependencies.get(logicalId) ?? new Set(),
    }));
}

/** Applies the target to one resource. It never rejects: a failure becomes the resource's status. */
export async function applyResource(
  run: Run,
  operation: StackOperation,
  compiled: CompiledStack,
  logicalId: string,
): Promise<void> {
  const declaration = compiled.resources.get(logicalId)!;
  const resource = run.resources.get(logicalId) ?? newResource(run, declaration);
  const isRetry = resource.action?.operationId === operation.id;
  if (!isRetry && !begin(run, operation, compiled, declaration, resource)) return;
  try {
    const made = await perform(run, resource, isRetry);
    if (run.stopping.aborted) return;
    await settle(run, operation, resource, made, isRetry);
  } catch (error) {
    if (!run.stopping.aborted) fail(run, operation, resource, error, declaration);
  }
}

function newResource(run: Run, { logicalId, type }: ResourceDeclaration): ResourceRecord {
  return {
    stackId: run.stack.stackId,
    logicalId,
    type,
    status: 'CREATE_IN_PROGRESS',
    changedAt: run.cf.clock.now(),
    leftovers: [],
    signals: [],
  };
}

/** Decides on the action and stores it. Returns false when there is nothing to do. */
function begin(
  run: Run,
  operation: StackOperation,
  compiled: CompiledStack,
  declaration: ResourceDeclaration,
  resource: ResourceRecord,
): boolean {
  if (resource.status === 'CREATE_FAILED' && resource.made) {
    resource.leftovers.push(resource.made);
    resource.made = undefined;
  }
  const { made } = resource;
  if (resource.before?.operationId !== baseOf(operation)) {
    resource.before = { operationId: baseOf(operation), made };
  }
  const verb = made ? 'update' : 'create';
  const refuse = (reason: string) => {
    resource.settledIn = stepKey(operation);
    write(
      run,
      resource,
      { status: made ? 'UPDATE_IN_PROGRESS' : 'CREATE_IN_PROGRESS' },
      { status: failedStatus(verb), reason },
    );
    return false;
  };
  let wanted: WantedResource;
  let type: ResourceType;
  try {
    type = typeNamed(run, made ? resource.type : declaration.type);
    wanted = wantedResource(run.cf, run.stack, compiled, declaration, run.resources);
  } catch (error) {
    const isPlaced = error instanceof TemplateError && error.issues.some(({ place }) => place);
    return refuse(isPlaced ? error.message : placed(run, operation, declaration, reasonOf(error)));
  }
  const target = madeFrom(run, operation, compiled, declaration, wanted);
  if (!made) {
    resource.type = declaration.type;
    resource.signals = [];
    return journal(run, operation, resource, 'create', target);
  }
  const decided = decide(
    made,
    {
      type: resource.type,
      properties: target.properties,
      tags: target.tags,
      updatePolicy: wanted.updatePolicy,
    },
    resourceSpecs().get(resource.type),
    type,
  );
  const decision = decided === 'keep' && resource.status === 'UPDATE_FAILED' ? 'update' : decided;
  if (decision === 'keep') {
    const { needs, deletionPolicy, updateReplacePolicy, metadata } = target;
    resource.made = { ...made, needs, deletionPolicy, updateReplacePolicy, metadata };
    resource.settledIn = stepKey(operation);
    write(run, resource);
    return false;
  }
  const objection = objectionOfPolicy(
    operation.policyDuringUpdate ?? run.stack.policy,
    decision === 'update' ? 'Update:Modify' : 'Update:Replace',
    { logicalId: resource.logicalId, type: resource.type },
  );
  if (objection) return refuse(objection);
  if (decision === 'nameTaken') {
    return refuse(
      `CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename ${nameOf(made, resource)} and update the stack again.`,
    );
  }
  return journal(run, operation, resource, decision, target);
}

const nameOf = (made: MadeResource, resource: ResourceRecord) => made.physicalId ?? resource.logicalId;

function madeFrom(
  run: Run,
  operation: StackOperation,
  compiled: CompiledStack,
  declaration: ResourceDeclaration,
  wanted: WantedResource,
): MadeResource {
  const { logicalId, deletionPolicy, updateReplacePolicy } = declaration;
  const definition = run.cf.records.definitions.get(run.stack.scope, operation.targetId ?? '');
  return {
    token: tokenFor(run.stack.stackId, logicalId, operation.id, operation.step),
    properties: wanted.properties,
    tags: definition?.tags ?? {},
    attributes: {},
    ref: null,
    needs: [...(compiled.dependencies.get(logicalId) ?? [])],
    deletionPolicy,
    updateReplacePolicy,
    metadata: wanted.metadata,
    creationPolicy: wanted.creationPolicy,
  };
}

function journal(
  run: Run,
  operation: StackOperation,
  resource: ResourceRecord,
  kind: 'create' | 'update' | 'replace',
  wanted: MadeResource,
): true {
  resource.action = {
    kind,
    token: wanted.token,
    operationId: operation.id,
    since: run.cf.clock.now(),
    wanted,
  };
  const { properties } = wanted;
  if (kind === 'create') write(run, resource, { status: 'CREATE_IN_PROGRESS', properties });
  else if (kind === 'update') write(run, resource, { status: 'UPDATE_IN_PROGRESS', properties });
  else {
    const reason = 'Requested update requires the creation of a new physical resource; hence creating one.';
    write(run, resource, { status: 'UPDATE_IN_PROGRESS', reason, properties });
  }
  return true;
}

/** Throws when no provider has the type. */
export function typeNamed(run: Run, name: string): ResourceType {
  const type = run.cf.typeNamed(name);
  if (!type) throw new Error(`Millpond cannot create resources of type ${name}.`);
  return type;
}

async function perform(run: Run, resource: ResourceRecord, isRetry: boolean): Promise<MadeResource> {
  const { action, made } = resource;
  if (!action?.wanted) throw new Bug(`${resource.logicalId} has no action`);
  const type = typeNamed(run, resource.type);
  if (action.kind === 'update' && made) return update(run, type, resource, made, action.wanted, isRetry);
  return create(run, type, resource, action.wanted, isRetry);
}

async function settle(
  run: Run,
  operation: StackOperation,
  resource: ResourceRecord,
  made: MadeResource,
  isRetry: boolean,
): Promise<void> {
  const { action, made: old } = resource;
  const { properties, physicalId } = made;
  const isUpdate = action!.kind !== 'create';
  const isOther = old !== undefined && !isSameResource(resourceSpecs().get(resource.type), old, made);
  if (action!.kind !== 'update') {
    const initiated = { reason: 'Resource creation Initiated', physicalId, properties };
    write(run, resource, { status: isUpdate ? 'UPDATE_IN_PROGRESS' : 'CREATE_IN_PROGRESS', ...initiated });
    await awaitSignals(run, resource, made, isRetry);
    if (run.stopping.aborted) return;
  }
  if (isOther) resource.leftovers.push({ ...old, deletionPolicy: made.updateReplacePolicy });
  resource.made = made;
  resource.action = undefined;
  resource.settledIn = stepKey(operation);
  write(run, resource, { status: isUpdate ? 'UPDATE_COMPLETE' : 'CREATE_COMPLETE', physicalId, properties });
}

function fail(
  run: Run,
  operation: StackOperation,
  resource: ResourceRecord,
  error: unknown,
  declaration: ResourceDeclaration,
): void {
  const { action, made: old } = resource;
  const wanted = action!.wanted!;
  const isUpdate = action!.kind !== 'create';
  const isCancelled = run.signal.aborted;
  const physicalId = error instanceof ResourceFailure ? error.physicalId : undefined;
  if (action!.kind === 'update' && old) {
    // How far the update got is not known, so the rollback treats the resource as changed.
    resource.made = { ...wanted, physicalId: old.physicalId, attributes: old.attributes, ref: old.ref };
  } else if (physicalId !== undefined || isCancelled) {
    const part = { ...wanted, physicalId, deletionPolicy: undefined };
    // AWS: a resource whose creation failed belongs to the stack and is deleted with it.
    if (isUpdate) resource.leftovers.push(part);
    else resource.made = part;
  }
  resource.action = undefined;
  resource.settledIn = stepKey(operation);
  const verb = isUpdate ? 'update' : 'create';
  write(run, resource, {
    status: failedStatus(verb),
    reason: isCancelled ? CANCELLED[verb] : placed(run, operation, declaration, reasonOf(error)),
    physicalId,
    properties: wanted.properties,
  });
}

/**
 * Adds the place in the template to the message. The place is our own addition. It is left out after a transform,
 * because the author does not know the processed template.
 */
function placed(
  run: Run,
  operation: StackOperation,
  { place }: ResourceDeclaration,
  message: string,
): string {
  const texts = run.cf.records.texts.get(run.stack.scope, operation.targetId ?? '');
  return texts?.processed === undefined ? describeIssue({ message: message.trimEnd(), place }) : message;
}
