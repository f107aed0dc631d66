// Deletes resources: all of them (for a delete or the rollback of a create), or those that an update replaced or
// removed (the cleanup). Dependents are deleted first.

import { isRefused } from '../../../control/resource-attempts.ts';
import type { CompiledStack } from '../stack/compile.ts';
import type { MadeResource, ResourceRecord, StackOperation } from '../stack/model.ts';
import { CANCELLED, type Run, reasonOf, remove, write } from './act.ts';
import { isSettled, stepKey, typeNamed } from './apply.ts';
import type { Attempt } from './blocked-deletions.ts';

/** One physical resource to delete. */
export interface Deletion {
  key: string;
  logicalId: string;
  needs: readonly string[];
  /** A replaced resource. Absent: the resource itself is deleted. */
  leftover?: MadeResource;
}

/** All remaining resources. Failed deletions are included, because what they depend on must stay. */
export function everything(
  resources: ReadonlyMap<string, ResourceRecord>,
  operation: StackOperation,
): Deletion[] {
  return [...resources.values()].flatMap((resource) => {
    const found = leftoversOf(resource);
    const { logicalId, made } = resource;
    const isLeft = made || resource.action;
    const isDone = isSettled(resource, operation) && resource.status !== 'DELETE_FAILED';
    if (isLeft && !isDone) found.push({ key: logicalId, logicalId, needs: neededBy(resource) });
    return found;
  });
}

/** The resources that are no longer part of the stack after an update or its rollback. */
export function superseded(
  resources: ReadonlyMap<string, ResourceRecord>,
  compiled: CompiledStack | undefined,
): Deletion[] {
  return [...resources.values()].flatMap((resource) => {
    const found = leftoversOf(resource);
    const { logicalId } = resource;
    if (!compiled?.resources.has(logicalId) && (resource.made || resource.action)) {
      found.push({ key: logicalId, logicalId, needs: neededBy(resource) });
    }
    return found;
  });
}

const neededBy = ({ made, action }: ResourceRecord): readonly string[] =>
  made?.needs ?? action?.wanted?.needs ?? [];

const leftoversOf = ({ logicalId, leftovers }: ResourceRecord): Deletion[] =>
  leftovers.map((leftover) => ({
    key: `${logicalId}#${leftover.token}`,
    logicalId,
    needs: leftover.needs,
    leftover,
  }));

/** `false`: another resource blocks the deletion, and it will be tried again. */
export type HasEnded = boolean;

/** Deletes a replaced resource or a failed creation. It never rejects. */
export async function deleteLeftover(
  run: Run,
  { logicalId, leftover }: Deletion,
  { isFirst, isLast }: Attempt,
): Promise<HasEnded> {
  const resource = run.resources.get(logicalId)!;
  const old = leftover!;
  const onlyEvent = { physicalId: old.physicalId, eventOnly: true };
  const drop = () => {
    resource.leftovers = resource.leftovers.filter(({ token }) => token !== old.token);
  };
  if (isRetained(old)) {
    drop();
    write(run, resource, { status: 'DELETE_SKIPPED', ...onlyEvent });
    return true;
  }
  if (isFirst) write(run, resource, { status: 'DELETE_IN_PROGRESS', reason: noteOn(old), ...onlyEvent });
  try {
    await remove(run, typeNamed(run, resource.type), resource, old);
    if (run.stopping.aborted) return true;
    drop();
    write(run, resource, { status: 'DELETE_COMPLETE', ...onlyEvent });
  } catch (error) {
    if (run.stopping.aborted) return true;
    if (!isLast && isBlocked(run, resource, error)) return false;
    // AWS: the update still completes, and the resource that could not be deleted leaves the stack.
    drop();
    write(run, resource, { status: 'DELETE_FAILED', reason: reasonOf(error), ...onlyEvent });
  }
  return true;
}

/** Deletes the resource itself, as part of a delete, a rollback or a cleanup. It never rejects. */
export async function deleteResource(
  run: Run,
  operation: StackOperation,
  { logicalId }: Deletion,
  { isLast }: Attempt,
): Promise<HasEnded> {
  const resource = run.resources.get(logicalId)!;
  // An interrupted creation may have created the resource.
  const made: MadeResource = resource.made ?? resource.action!.wanted!;
  const isSkipped = operation.skipped.includes(logicalId);
  if (isSkipped || isRetained(made, operation)) {
    resource.settledIn = stepKey(operation);
    resource.lastPhysicalId = made.physicalId;
    resource.made = undefined;
    resource.action = undefined;
    write(run, resource, { status: 'DELETE_SKIPPED', physicalId: made.physicalId });
    forgetInCleanup(run, operation, resource);
    return true;
  }
  resource.made = made;
  resource.lastPhysicalId = made.physicalId;
  resource.action = undefined;
  const { physicalId } = made;
  if (resource.status !== 'DELETE_IN_PROGRESS')
    write(run, resource, { status: 'DELETE_IN_PROGRESS', reason: noteOn(made), physicalId });
  try {
    await remove(run, typeNamed(run, resource.type), resource, made);
    if (run.stopping.aborted) return true;
    resource.made = undefined;
    resource.settledIn = stepKey(operation);
    write(run, resource, { status: 'DELETE_COMPLETE', physicalId });
    forgetInCleanup(run, operation, resource);
  } catch (error) {
    if (run.stopping.aborted) return true;
    if (!isLast && isBlocked(run, resource, error)) return false;
    resource.settledIn = stepKey(operation);
    const reason = run.signal.aborted ? CANCELLED.delete : reasonOf(error);
    if (operation.step === 'cleanup') resource.made = undefined;
    write(run, resource, { status: 'DELETE_FAILED', reason, physicalId });
    forgetInCleanup(run, operation, resource);
  }
  return true;
}

/** Whether another resource blocks the deletion. The type names the errors that mean this. */
function isBlocked(run: Run, { type }: ResourceRecord, error: unknown): boolean {
  const names = run.cf.typeNamed(type)?.inTheWay;
  return names !== undefined && isRefused(error, names);
}

/** A cleanup forgets the resources that it deletes. A deleted stack keeps the records of its resources. */
function forgetInCleanup(run: Run, operation: StackOperation, resource: ResourceRecord): void {
  if (operation.step !== 'cleanup' || resource.leftovers.length > 0) return;
  run.cf.records.resources.delete(run.stack.scope, run.stack.stackId, resource.logicalId);
  run.resources.delete(resource.logicalId);
}

/** AWS: RetainExceptOnCreate, as the policy or in the request, retains nothing of a failed create. */
function isRetained({ deletionPolicy }: MadeResource, operation?: StackOperation): boolean {
  const isOfCreation = operation?.kind === 'create';
  if (isOfCreation && operation.retainExceptOnCreate) return false;
  return deletionPolicy === 'Retain' || (deletionPolicy === 'RetainExceptOnCreate' && !isOfCreation);
}

const noteOn = ({ deletionPolicy }: MadeResource): string | undefined =>
  deletionPolicy === 'Snapshot' ? 'Deleted without the snapshot that its policy asks for.' : undefined;
