// Deleting: everything (a delete, the rollback of a creation), or what an update replaced and removed. Each after
// all that was made with its help.

import { isRefused } from '../../../control/resource-attempts.ts';
import type { CompiledStack } from '../stack/compile.ts';
import type { MadeResource, ResourceRecord, StackOperation } from '../stack/model.ts';
import { CANCELLED, type Run, reasonOf, remove, write } from './act.ts';
import { isSettled, stepKey, typeNamed } from './apply.ts';
import type { Attempt } from './put-off.ts';

export interface Deletion {
  key: string;
  logicalId: string;
  needs: readonly string[];
  /** Of what was replaced; absent: the resource itself. */
  leftover?: MadeResource;
}

/** Everything that is still there, what failed to be deleted too: those that it needs stay. */
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

/** After an update, or its rollback: what is no longer part of the stack. */
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

/** `false`: something is in the way, and it is to be tried again. */
export type HasEnded = boolean;

/** Never rejects. */
export async function deleteLeftover(
  run: Run,
  { logicalId, leftover }: Deletion,
  { isFirst, isLast }: Attempt,
): Promise<HasEnded> {
  const resource = run.resources.get(logicalId)!;
  const old = leftover!;
  const aside = { physicalId: old.physicalId, aside: true };
  const drop = () => {
    resource.leftovers = resource.leftovers.filter(({ token }) => token !== old.token);
  };
  if (isRetained(old)) {
    drop();
    write(run, resource, { status: 'DELETE_SKIPPED', ...aside });
    return true;
  }
  if (isFirst) write(run, resource, { status: 'DELETE_IN_PROGRESS', reason: noteOn(old), ...aside });
  try {
    await remove(run, typeNamed(run, resource.type), resource, old);
    if (run.stopping.aborted) return true;
    drop();
    write(run, resource, { status: 'DELETE_COMPLETE', ...aside });
  } catch (error) {
    if (run.stopping.aborted) return true;
    if (!isLast && isInTheWay(run, resource, error)) return false;
    // AWS: an update is complete all the same; what could not be deleted is no longer the stack's.
    drop();
    write(run, resource, { status: 'DELETE_FAILED', reason: reasonOf(error), ...aside });
  }
  return true;
}

/** The resource itself, as part of a delete, a rollback or a cleanup. Never rejects. */
export async function deleteResource(
  run: Run,
  operation: StackOperation,
  { logicalId }: Deletion,
  { isLast }: Attempt,
): Promise<HasEnded> {
  const resource = run.resources.get(logicalId)!;
  // An attempt that was broken off in the middle may have made something.
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
    if (!isLast && isInTheWay(run, resource, error)) return false;
    resource.settledIn = stepKey(operation);
    const reason = run.signal.aborted ? CANCELLED.delete : reasonOf(error);
    if (operation.step === 'cleanup') resource.made = undefined;
    write(run, resource, { status: 'DELETE_FAILED', reason, physicalId });
    forgetInCleanup(run, operation, resource);
  }
  return true;
}

/** The names of errors are the type's own. */
function isInTheWay(run: Run, { type }: ResourceRecord, error: unknown): boolean {
  const names = run.cf.typeNamed(type)?.inTheWay;
  return names !== undefined && isRefused(error, names);
}

/** A stack that goes on knows nothing of what was removed from it. */
function forgetInCleanup(run: Run, operation: StackOperation, resource: ResourceRecord): void {
  if (operation.step !== 'cleanup' || resource.leftovers.length > 0) return;
  run.cf.records.resources.delete(run.stack.scope, run.stack.stackId, resource.logicalId);
  run.resources.delete(resource.logicalId);
}

/** AWS: RetainExceptOnCreate, the policy or the request's flag, keeps nothing of a creation that failed. */
function isRetained({ deletionPolicy }: MadeResource, operation?: StackOperation): boolean {
  const isOfCreation = operation?.kind === 'create';
  if (isOfCreation && operation.retainExceptOnCreate) return false;
  return deletionPolicy === 'Retain' || (deletionPolicy === 'RetainExceptOnCreate' && !isOfCreation);
}

const noteOn = ({ deletionPolicy }: MadeResource): string | undefined =>
  deletionPolicy === 'Snapshot' ? 'Deleted without the snapshot that its policy asks for.' : undefined;
