// The events of a stack. They are written in the transaction of the change that they report, and listed newest first.
// Of each stack the newest 5,000 are kept.

import type { Scope } from '../../aws/scope.ts';
import type { Records } from './records.ts';
import type { ResourceRecord, StackEventRecord, StackRecord } from './stack/model.ts';

const MOST_KEPT = 5_000;
const HIGHEST = 999_999_999_999;

/** Later events sort first. */
const partOf = (count: number): string => String(HIGHEST - count).padStart(12, '0');

/** `at` is in milliseconds since the epoch; `newId` creates the event's id. */
export interface EventDetail {
  at: number;
  status: string;
  reason?: string | undefined;
  newId(): string;
}

/** Appends an event of the stack itself. Increments `stack.eventCount`; the caller stores the stack. */
export function appendStackEvent(records: Records, stack: StackRecord, detail: EventDetail): void {
  append(records, stack, {
    eventId: detail.newId(),
    stackId: stack.stackId,
    stackName: stack.stackName,
    logicalId: stack.stackName,
    physicalId: stack.stackId,
    type: 'AWS::CloudFormation::Stack',
    at: detail.at,
    status: detail.status,
    reason: detail.reason,
    clientRequestToken: stack.clientRequestToken,
  });
}

/**
 * Appends an event of one resource. Increments `stack.eventCount`; the caller stores the stack. `physicalId` overrides
 * that of the record.
 */
export function appendResourceEvent(
  records: Records,
  stack: StackRecord,
  resource: ResourceRecord,
  detail: Omit<EventDetail, 'newId'> & { physicalId?: string | undefined; properties?: unknown },
): void {
  append(records, stack, {
    eventId: `${resource.logicalId}-${detail.status}-${new Date(detail.at).toISOString()}`,
    stackId: stack.stackId,
    stackName: stack.stackName,
    logicalId: resource.logicalId,
    physicalId: detail.physicalId ?? resource.made?.physicalId ?? '',
    type: resource.type,
    at: detail.at,
    status: detail.status,
    reason: detail.reason,
    properties: detail.properties === undefined ? undefined : JSON.stringify(detail.properties),
    clientRequestToken: stack.clientRequestToken,
  });
}

function append(records: Records, stack: StackRecord, event: StackEventRecord): void {
  const count = ++stack.eventCount;
  records.events.put(stack.scope, stack.stackId, partOf(count), event);
  if (count > MOST_KEPT) records.events.delete(stack.scope, stack.stackId, partOf(count - MOST_KEPT));
}

/** One page, newest first. `marker` is the `next` of the page before; the last page has none. */
export function listEvents(
  records: Records,
  scope: Scope,
  stack: StackRecord,
  limit: number,
  marker?: number,
): { events: StackEventRecord[]; next?: number } {
  const first = marker ?? stack.eventCount;
  const events = records.events.list(scope, stack.stackId, { from: partOf(first), limit: limit + 1 });
  if (events.length <= limit) return { events };
  return { events: events.slice(0, limit), next: first - limit };
}
