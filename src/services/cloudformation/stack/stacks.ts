// Reads and changes stacks and their resources. A change and the events that report it are one transaction.

import { randomUUID } from 'node:crypto';
import { parseArn } from '../../../aws/arn.ts';
import type { Scope } from '../../../aws/scope.ts';
import { assert } from '../../../kernel/assert.ts';
import type { CloudFormation } from '../context.ts';
import { appendResourceEvent, appendStackEvent } from '../events.ts';
import { type CompiledStack, compile } from './compile.ts';
import type { ResourceRecord, ResourceStatus, StackRecord, StackStatus } from './model.ts';

/** A new status of a resource, and what its event shows. */
export interface ResourceReport {
  status: ResourceStatus;
  reason?: string | undefined;
  /** Shown in the event only, when it differs from the record's. */
  physicalId?: string | undefined;
  properties?: unknown;
  /** The event is about another physical resource of the same logical id; the record's status does not change. */
  eventOnly?: boolean | undefined;
}

/** The account and region in a stack's id. */
export function scopeOf(stackId: string): Scope {
  const arn = parseArn(stackId);
  assert(arn, `${stackId} is not a stack's id`);
  return { accountId: arn.accountId, region: arn.region };
}

/** The stack of this id, also when it is deleted. */
export function getStack(cf: CloudFormation, stackId: string): StackRecord | undefined {
  return cf.records.stacks.find(scopeOf(stackId), stackId);
}

/** Reads, changes and stores the stack in one transaction. Returns `undefined` when there is no such stack. */
export function changeStack(
  cf: CloudFormation,
  stackId: string,
  change: (stack: StackRecord) => void,
): StackRecord | undefined {
  return cf.store.transaction(() => {
    const stack = getStack(cf, stackId);
    if (!stack) return undefined;
    change(stack);
    putStack(cf, stack);
    return stack;
  });
}

/** Stores the stack and, after the commit, wakes those who wait for it. */
export function putStack(cf: CloudFormation, stack: StackRecord): void {
  cf.records.stacks.put(stack.scope, stack);
  cf.store.afterCommit(() => cf.notices.notify(stack.stackId));
}

/** Sets the status and appends its event. The caller stores the stack in the same transaction. */
export function setStatus(
  cf: CloudFormation,
  stack: StackRecord,
  status: StackStatus,
  reason?: string,
): void {
  stack.status = status;
  stack.statusReason = reason;
  appendStackEvent(cf.records, stack, { at: cf.clock.now(), status, reason, newId: randomUUID });
}

/** Stores the resource and appends the event of `report`. The caller stores the stack, which counts its events. */
export function putResource(
  cf: CloudFormation,
  stack: StackRecord,
  resource: ResourceRecord,
  report?: ResourceReport,
): void {
  const at = cf.clock.now();
  if (report && !report.eventOnly) {
    resource.status = report.status;
    resource.statusReason = report.reason;
    resource.changedAt = at;
  }
  if (report) {
    appendResourceEvent(cf.records, stack, resource, { at, ...report });
  }
  cf.records.resources.put(stack.scope, stack.stackId, resource.logicalId, resource);
}

/** All resources of a stack by logical id. */
export const resourcesOf = (cf: CloudFormation, stack: StackRecord): Map<string, ResourceRecord> =>
  new Map(
    cf.records.resources
      .list(stack.scope, stack.stackId)
      .map((resource) => [resource.logicalId, resource] as const),
  );

/** Definitions are immutable, so a compiled stack stays valid. */
const MOST_COMPILED = 100;
const compiled = new WeakMap<CloudFormation, Map<string, CompiledStack>>();

/** The compiled definition, from a cache of the last 100. */
export async function compiledStack(
  cf: CloudFormation,
  stack: StackRecord,
  definitionId: string,
): Promise<CompiledStack> {
  const known = compiled.get(cf) ?? new Map<string, CompiledStack>();
  compiled.set(cf, known);
  const found = known.get(definitionId);
  if (found) return found;
  const definition = cf.records.definitions.get(stack.scope, definitionId);
  const text = cf.records.texts.get(stack.scope, definitionId);
  assert(definition && text, `the definition of ${stack.stackId} is missing`);
  const result = compile(await cf.reader.parse(text.processed ?? text.text), stack, definition);
  const oldest = known.keys().next().value;
  if (known.size >= MOST_COMPILED && oldest !== undefined) known.delete(oldest);
  known.set(definitionId, result);
  return result;
}
