// The `revert` step of an update: restores changed resources, brings replaced resources back, and leaves new resources
// to the cleanup.

import { isSameResource } from '../change/index.ts';
import { resourceSpecs } from '../resource-spec.ts';
import type { MadeResource, ResourceRecord, StackOperation } from '../stack/model.ts';
import { CANCELLED, type Run, reasonOf, update, write } from './act.ts';
import { baseOf, isSettled, stepKey, typeNamed } from './apply.ts';
import type { Piece } from './order.ts';

/** The resources that the update has changed, in the order of their dependencies before the update. */
export function piecesToRevert(
  resources: ReadonlyMap<string, ResourceRecord>,
  operation: StackOperation,
): Piece[] {
  return [...resources.values()]
    .filter(
      (resource) => resource.before?.operationId === baseOf(operation) && !isSettled(resource, operation),
    )
    .map(({ logicalId, before }) => ({
      key: logicalId,
      logicalId,
      after: new Set(before?.made?.needs ?? []),
    }));
}

/** Restores one resource. It never rejects: a failure becomes the resource's status. */
export async function revertResource(run: Run, operation: StackOperation, logicalId: string): Promise<void> {
  const resource = run.resources.get(logicalId)!;
  const old = resource.before?.made;
  // The end of Millpond interrupted this action; how far it got is not known.
  const current =
    resource.action?.wanted && resource.action.operationId === operation.id
      ? attempted(resource)
      : resource.made;
  if (!old) return leaveToCleanup(run, operation, resource, current);
  if (operation.skipped.includes(logicalId)) {
    finish(run, operation, resource, old, true);
    return;
  }
  const spec = resourceSpecs().get(resource.type);
  if (current && !isSameResource(spec, current, old)) {
    resource.leftovers.push({ ...current, deletionPolicy: undefined });
    finish(run, operation, resource, old, true);
    return;
  }
  if (!current || current.token === old.token) {
    finish(run, operation, resource, old, resource.status === 'UPDATE_FAILED');
    return;
  }
  await restore(run, operation, resource, current, old);
}

function attempted(resource: ResourceRecord): MadeResource {
  const { wanted, kind } = resource.action!;
  if (kind !== 'update' || !resource.made) return wanted!;
  const { physicalId, attributes, ref } = resource.made;
  return { ...wanted!, physicalId, attributes, ref };
}

/** The resource is new: the cleanup deletes it. */
function leaveToCleanup(
  run: Run,
  operation: StackOperation,
  resource: ResourceRecord,
  current: MadeResource | undefined,
): void {
  const isDeleted = operation.retainExceptOnCreate || current?.deletionPolicy === 'RetainExceptOnCreate';
  if (current) resource.made = isDeleted ? { ...current, deletionPolicy: undefined } : current;
  resource.action = undefined;
  resource.settledIn = stepKey(operation);
  write(run, resource);
}

function finish(
  run: Run,
  operation: StackOperation,
  resource: ResourceRecord,
  made: MadeResource,
  reports: boolean,
): void {
  resource.leftovers = resource.leftovers.filter(({ token }) => token !== made.token);
  resource.made = made;
  resource.action = undefined;
  resource.settledIn = stepKey(operation);
  const { properties, physicalId } = made;
  if (reports) write(run, resource, { status: 'UPDATE_COMPLETE', physicalId, properties });
  else write(run, resource);
}

async function restore(
  run: Run,
  operation: StackOperation,
  resource: ResourceRecord,
  current: MadeResource,
  old: MadeResource,
): Promise<void> {
  const { properties } = old;
  const isRetry = resource.status === 'UPDATE_IN_PROGRESS' && resource.settledIn === `${stepKey(operation)}…`;
  resource.made = current;
  resource.action = undefined;
  if (!isRetry) {
    resource.settledIn = `${stepKey(operation)}…`;
    write(run, resource, { status: 'UPDATE_IN_PROGRESS', properties });
  }
  try {
    const type = typeNamed(run, resource.type);
    if (!type.update) throw new Error(`${resource.type} cannot be updated in place.`);
    const wanted = { ...old, token: `${old.token}` };
    const made = await update(run, type, resource, current, wanted, isRetry);
    if (run.stopping.aborted) return;
    const spec = resourceSpecs().get(resource.type);
    if (!isSameResource(spec, made, current)) resource.leftovers.push(current);
    finish(run, operation, resource, made, true);
  } catch (error) {
    if (run.stopping.aborted) return;
    resource.settledIn = stepKey(operation);
    const reason = run.signal.aborted ? CANCELLED.update : reasonOf(error);
    write(run, resource, { status: 'UPDATE_FAILED', reason, properties });
  }
}
