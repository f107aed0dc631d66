// Acts on one resource: stores its record, and calls its type to create, update or delete it. Callers store an action
// before it begins and after it ends, so that it can be repeated with the same idempotency token after a crash.
// Decisions are elsewhere.

import { ResourceFailure } from '../../../control/resource-failure.ts';
import type { Properties, ResourceRequest, ResourceType } from '../../../control/resource-type.ts';
import { derivedToken } from '../../../kernel/ids.ts';
import type { CloudFormation } from '../context.ts';
import type { MadeResource, ResourceRecord, ResourceStatus, StackRecord } from '../stack/model.ts';
import { changeStack, putResource, type ResourceReport } from '../stack/stacks.ts';
import { tagsOfResource } from '../tags.ts';
import { withDynamicValues } from './dynamic-values.ts';

/** The state of one step's execution in memory. `write` keeps it equal to the store. */
export interface Run {
  cf: CloudFormation;
  stack: StackRecord;
  resources: Map<string, ResourceRecord>;
  /** Aborted when the stack begins a rollback or Millpond stops. */
  signal: AbortSignal;
  /** Aborted only when Millpond stops. After that nothing is written. */
  stopping: AbortSignal;
}

/** Characters of an idempotency token. Types also use it as the suffix of generated names. */
export const TOKEN_LENGTH = 12;

/** The idempotency token of an action: the same parts give the same token. */
export const tokenFor = (stackId: string, logicalId: string, ...parts: string[]): string =>
  derivedToken(TOKEN_LENGTH, stackId, logicalId, ...parts).toUpperCase();

/** Stores the resource with an event for each report, and updates the run's copies. */
export function write(run: Run, resource: ResourceRecord, ...reports: ResourceReport[]): void {
  const { cf } = run;
  const written = cf.store.transaction(() =>
    changeStack(cf, run.stack.stackId, (stack) => {
      if (reports.length === 0) putResource(cf, stack, resource);
      for (const report of reports) putResource(cf, stack, resource, report);
    }),
  );
  if (written) run.stack = written;
  run.resources.set(resource.logicalId, resource);
}

/** The request to a resource type, with the stack's names and CloudFormation's own tags. */
export function requestFor(
  run: Run,
  resource: ResourceRecord,
  options: { properties: Properties; tags: Record<string, string>; token: string; isRetry: boolean },
): ResourceRequest {
  const { stack, signal } = run;
  return {
    scope: stack.scope,
    stackId: stack.stackId,
    stackName: stack.stackName,
    logicalId: resource.logicalId,
    resourceType: resource.type,
    signal,
    ...options,
    tags: { ...options.tags, ...tagsOfResource(stack, resource.logicalId) },
  };
}

/** Creates `wanted` and returns it with the id and attributes that the type answered. */
export async function create(
  run: Run,
  type: ResourceType,
  resource: ResourceRecord,
  wanted: MadeResource,
  isRetry: boolean,
): Promise<MadeResource> {
  const properties = await withDynamicValues(run.cf, run.stack.scope, wanted.properties);
  const { tags, token } = wanted;
  const state = await type.create(requestFor(run, resource, { properties, tags, token, isRetry }));
  return { ...wanted, ...state, ref: type.ref ? type.ref(state) : state.physicalId };
}

/** Updates `made` in place to `wanted` and returns it with what the type answered. */
export async function update(
  run: Run,
  type: ResourceType,
  resource: ResourceRecord,
  made: MadeResource,
  wanted: MadeResource,
  isRetry: boolean,
): Promise<MadeResource> {
  const { scope } = run.stack;
  const properties = await withDynamicValues(run.cf, scope, wanted.properties);
  const before = await withDynamicValues(run.cf, scope, made.properties);
  const { tags, token } = wanted;
  const request = requestFor(run, resource, { properties, tags, token, isRetry });
  const state = await type.update!({ ...request, physicalId: made.physicalId ?? '', before });
  return { ...wanted, ...state, ref: type.ref ? type.ref(state) : state.physicalId };
}

/** Deletes the resource. If its id is not known, a repeated creation with the same token finds it first. */
export async function remove(
  run: Run,
  type: ResourceType,
  resource: ResourceRecord,
  made: MadeResource,
): Promise<void> {
  let { physicalId } = made;
  if (physicalId === undefined) {
    try {
      ({ physicalId } = await create(run, type, resource, made, true));
    } catch (error) {
      run.signal.throwIfAborted();
      if (!(error instanceof ResourceFailure)) return;
      physicalId = error.physicalId;
    }
  }
  const properties = await withDynamicValues(run.cf, run.stack.scope, made.properties).catch(
    // A deleted parameter must not prevent the deletion of a resource.
    () => made.properties,
  );
  const { tags, token } = made;
  const { isRetry: _, ...request } = requestFor(run, resource, { properties, tags, token, isRetry: true });
  await type.delete({ ...request, physicalId: physicalId ?? '' });
}

/** The error's text for a status reason; its name when it has no text. */
export const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message || error.name : String(error)).slice(0, 4_000);

/** AWS's status reasons for a resource that is cancelled because another one failed. */
export const CANCELLED: Record<'create' | 'update' | 'delete', string> = {
  create: 'Resource creation cancelled',
  update: 'Resource update cancelled',
  delete: 'Resource deletion cancelled',
};

/** The status of a resource after a failed action. */
export const failedStatus = (kind: 'create' | 'update' | 'delete'): ResourceStatus =>
  kind === 'create' ? 'CREATE_FAILED' : kind === 'update' ? 'UPDATE_FAILED' : 'DELETE_FAILED';
