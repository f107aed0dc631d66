// Changing a stack and its resources: each change is one transaction with the events that tell of it.

import { randomUUID } from 'node:crypto';
import { parseArn } from '../../../aws/arn.ts';
import type { Scope } from '../../../aws/scope.ts';
import { assert } from '../../../kernel/assert.ts';
import type { CloudFormation } from '../context.ts';
import { appendResourceEvent, appendStackEvent } from '../events.ts';
import { type CompiledStack, compile } from './compile.ts';
import type { ResourceRecord, ResourceStatus, StackRecord, StackStatus } from './model.ts';

export interface ResourceNews {
  status: ResourceStatus;
  reason?: string | undefined;
  /** Only for the event, where it is not the record's own. */
  physicalId?: string | undefined;
  properties?: unknown;
  /** It tells of something else of the same logical id; the resource stays as it is. */
  aside?: boolean | undefined;
}

export function scopeOf(stackId: string): Scope {
  const arn = parseArn(stackId);
  assert(arn, `${stackId} is no stack's id`);
  return { accountId: arn.accountId, region: arn.region };
}

export function getStack(cf: CloudFormation, stackId: string): StackRecord | undefined {
  return cf.records.stacks.find(scopeOf(stackId), stackId);
}

/** Reads, changes and writes in one transaction; tells whoever waits. `undefined` when there is no such stack. */
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

export function putStack(cf: CloudFormation, stack: StackRecord): void {
  cf.records.stacks.put(stack.scope, stack);
  cf.store.afterCommit(() => cf.notices.tell(stack.stackId));
}

/** For inside of a change: the status, and the event that tells of it. */
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

/** Writes the resource with its event and the stack, whose events are counted. */
export function putResource(
  cf: CloudFormation,
  stack: StackRecord,
  resource: ResourceRecord,
  news?: ResourceNews,
): void {
  const at = cf.clock.now();
  if (news && !news.aside) {
    resource.status = news.status;
    resource.statusReason = news.reason;
    resource.changedAt = at;
  }
  if (news) {
    appendResourceEvent(cf.records, stack, resource, { at, ...news });
  }
  cf.records.resources.put(stack.scope, stack.stackId, resource.logicalId, resource);
}

export const resourcesOf = (cf: CloudFormation, stack: StackRecord): Map<string, ResourceRecord> =>
  new Map(
    cf.records.resources
      .list(stack.scope, stack.stackId)
      .map((resource) => [resource.logicalId, resource] as const),
  );

/** Definitions never change, so that what was compiled once stays right. */
const MOST_COMPILED = 100;
const compiled = new WeakMap<CloudFormation, Map<string, CompiledStack>>();

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
  assert(definition && text, `${stack.stackId} has lost its definition`);
  const result = compile(await cf.reader.parse(text.processed ?? text.text), stack, definition);
  const oldest = known.keys().next().value;
  if (known.size >= MOST_COMPILED && oldest !== undefined) known.delete(oldest);
  known.set(definitionId, result);
  return result;
}
