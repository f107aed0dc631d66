// One resource, one piece of work: written down before it is begun and after it is done, so that it can be entered
// again at any instant with the same token. What is to be done is decided elsewhere.

import { ResourceFailure } from '../../../control/resource-failure.ts';
import type { Properties, ResourceRequest, ResourceType } from '../../../control/resource-type.ts';
import { derivedToken } from '../../../kernel/ids.ts';
import type { CloudFormation } from '../context.ts';
import type { MadeResource, ResourceRecord, ResourceStatus, StackRecord } from '../stack/model.ts';
import { changeStack, putResource, type ResourceNews } from '../stack/stacks.ts';
import { tagsOfResource } from '../tags.ts';
import { withDynamicValues } from './dynamic-values.ts';

/** What a run holds in memory; every change of a resource goes through it and into the store. */
export interface Run {
  cf: CloudFormation;
  stack: StackRecord;
  resources: Map<string, ResourceRecord>;
  /** Aborted when the stack turns round or Millpond stops. */
  signal: AbortSignal;
  /** Aborted only when Millpond stops: then nothing is written down any more. */
  stopping: AbortSignal;
}

export const TOKEN_LENGTH = 12;

export const tokenFor = (stackId: string, logicalId: string, ...parts: string[]): string =>
  derivedToken(TOKEN_LENGTH, stackId, logicalId, ...parts).toUpperCase();

/** Writes the resource, the events and the stack that counts them; keeps the run's copies the same. */
export function write(run: Run, resource: ResourceRecord, ...news: ResourceNews[]): void {
  const { cf } = run;
  const written = cf.store.transaction(() =>
    changeStack(cf, run.stack.stackId, (stack) => {
      if (news.length === 0) putResource(cf, stack, resource);
      for (const one of news) putResource(cf, stack, resource, one);
    }),
  );
  if (written) run.stack = written;
  run.resources.set(resource.logicalId, resource);
}

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

/** Makes `wanted`, and gives it with what the type said of it. */
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

/** What has no id yet is found by its token first. */
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
    // A parameter that is gone must not keep a resource from going.
    () => made.properties,
  );
  const { tags, token } = made;
  const { isRetry: _, ...request } = requestFor(run, resource, { properties, tags, token, isRetry: true });
  await type.delete({ ...request, physicalId: physicalId ?? '' });
}

/** An error without a text says at least what it is. */
export const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message || error.name : String(error)).slice(0, 4_000);

/** AWS's words for one that is broken off because another failed. */
export const CANCELLED: Record<'create' | 'update' | 'delete', string> = {
  create: 'Resource creation cancelled',
  update: 'Resource update cancelled',
  delete: 'Resource deletion cancelled',
};

export const failedStatus = (kind: 'create' | 'update' | 'delete'): ResourceStatus =>
  kind === 'create' ? 'CREATE_FAILED' : kind === 'update' ? 'UPDATE_FAILED' : 'DELETE_FAILED';
