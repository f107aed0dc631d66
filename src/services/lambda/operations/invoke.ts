// Invokes a function: synchronously, asynchronously, or as a dry run.

import { type Found, findFunction, type Lambda, versionOf } from '../context.ts';
import { LATEST } from '../domain/names.ts';
import { acceptEvent } from '../event-queue.ts';
import { notJson, payloadTooLarge } from '../faults.ts';
import type { Invoked } from '../invocation.ts';
import type { Operation } from '../sdk.ts';

const MOST_SYNCHRONOUS_BYTES = 6 * 1024 * 1024;
const MOST_ASYNCHRONOUS_BYTES = 1024 * 1024;
/** AWS: the size of the end of the log in the answer. */
const TAIL_BYTES = 4096;

export const Invoke: Operation<'Invoke'> = async (lambda, input, context) => {
  const found = findFunction(lambda, input.FunctionName, context, input.Qualifier);
  const type = input.InvocationType ?? 'RequestResponse';
  if (type === 'DryRun') return { StatusCode: 204 };
  const event = readPayload(input.Payload as Uint8Array | undefined, type);
  if (type === 'Event') {
    accept(lambda, found, context.requestId, event);
    return { StatusCode: 202 };
  }
  const { reference, record } = found;
  const version = versionOf(record, reference.qualifier, Math.random()) ?? found.version;
  const outcome = await lambda.invoke({
    scope: reference.scope,
    record,
    version,
    arn: found.arn,
    requestId: context.requestId,
    event,
    ...(input.ClientContext !== undefined && { clientContext: clientContext(input.ClientContext) }),
  });
  return {
    StatusCode: 200,
    ...(outcome.status !== 'succeeded' && { FunctionError: 'Unhandled' }),
    ...(input.LogType === 'Tail' && { LogResult: tail(outcome) }),
    ExecutedVersion: version.version,
    Payload: outcome.payload,
  };
};

/** AWS: deprecated but still called; always asynchronous. */
export const InvokeAsync: Operation<'InvokeAsync'> = (lambda, input, context) => {
  const found = findFunction(lambda, input.FunctionName, context);
  const payload = readPayload(input.InvokeArgs as Uint8Array | undefined, 'Event');
  accept(lambda, found, context.requestId, payload);
  return { Status: 202 };
};

function readPayload(payload: Uint8Array | undefined, type: string): Buffer {
  const limit = type === 'Event' ? MOST_ASYNCHRONOUS_BYTES : MOST_SYNCHRONOUS_BYTES;
  const bytes = payload?.byteLength ?? 0;
  if (bytes > limit) throw payloadTooLarge(bytes, type, limit);
  // AWS: a missing payload is an empty event.
  if (!payload || bytes === 0) return Buffer.from('{}');
  const event = Buffer.from(payload.buffer, payload.byteOffset, bytes);
  try {
    JSON.parse(event.toString());
  } catch (error) {
    throw notJson((error as Error).message);
  }
  return event;
}

function accept(lambda: Lambda, { reference }: Found, requestId: string, event: Buffer): void {
  const { scope, name, qualifier } = reference;
  acceptEvent(lambda.events, scope, name, {
    requestId,
    ...(qualifier !== undefined && qualifier !== LATEST && { qualifier }),
    payload: event.toString('base64'),
  });
}

function clientContext(encoded: string): string {
  const text = Buffer.from(encoded, 'base64').toString();
  try {
    return JSON.stringify(JSON.parse(text));
  } catch (error) {
    throw notJson(`client context: ${(error as Error).message}`);
  }
}

function tail({ lines }: Invoked): string {
  const log = Buffer.from(lines.map(({ text }) => `${text}\n`).join(''));
  return log.subarray(-TAIL_BYTES).toString('base64');
}
