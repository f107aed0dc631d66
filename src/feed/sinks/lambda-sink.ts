// Invokes a function with changes and waits for its answer, as an event source mapping does.

import type { AwsCalls, Failure, Message, Sink } from '../sink.ts';
import { allFailed, callFailure, oneLine, untilAborted } from './call-failures.ts';

/** AWS: the largest event of a synchronous invocation. */
const MOST_EVENT_BYTES = 6 * 1024 * 1024;
/** AWS: the largest batch of an event source mapping of streams. */
const MOST_RECORDS = 10_000;
/** `{"Records":[` and `]}`, and a comma after each record. */
const FRAME_BYTES = 16;

export interface LambdaSinkOptions {
  /** A name or an ARN, with or without a version or an alias. */
  function: string;
  /** The function answers with `batchItemFailures`, each an `itemIdentifier`: the sequence of a message. */
  reportsItemFailures: boolean;
  /** Each message is the event of an invocation of its own; otherwise the event is `{ "Records": [ … ] }`. */
  isSingle: boolean;
}

interface InvokeOutput {
  FunctionError?: string;
  Payload?: Uint8Array;
}

/**
 * An invocation delivers all of its messages or none, unless the function reports failures of items. An error of the
 * function may pass: it can be mended, or depend on something that comes back.
 */
export function createLambdaSink(options: LambdaSinkOptions, calls: AwsCalls): Sink {
  const { isSingle } = options;

  async function invoke(event: string, messages: readonly Message[], signal: AbortSignal) {
    const bytes = Buffer.from(event);
    if (bytes.length > MOST_EVENT_BYTES) {
      const reason = `The event has ${bytes.length} bytes; a function takes ${MOST_EVENT_BYTES}.`;
      // Of several messages only one may be too large.
      return allFailed(messages, { mayRetry: messages.length > 1, reason });
    }
    const input = { FunctionName: options.function, InvocationType: 'RequestResponse', Payload: bytes };
    let output: InvokeOutput;
    try {
      const call = calls.call('lambda', 'Invoke', input);
      output = (await untilAborted(call, signal, `The function ${options.function}`)) as InvokeOutput;
    } catch (error) {
      return allFailed(messages, callFailure(error));
    }
    const answer = readJson(output.Payload);
    if (output.FunctionError) return allFailed(messages, { mayRetry: true, reason: reasonOf(answer) });
    return options.reportsItemFailures ? itemFailures(answer, messages) : [];
  }

  async function deliverSingly(messages: readonly Message[], signal: AbortSignal): Promise<Failure[]> {
    const outcomes = await Promise.allSettled(
      messages.map((message) => invoke(JSON.stringify(message.payload), [message], signal)),
    );
    if (outcomes.length === 1 && outcomes[0]!.status === 'rejected') throw outcomes[0]!.reason;
    return outcomes.flatMap((outcome, index) => {
      if (outcome.status === 'fulfilled') return outcome.value.map((failure) => ({ ...failure, index }));
      // It is not known whether this one was delivered, but of the others it is.
      return [{ index, mayRetry: true, reason: oneLine(String(outcome.reason?.message)) }];
    });
  }

  return {
    name: `lambda ${options.function}`,
    limits: {
      messages: isSingle ? 1 : MOST_RECORDS,
      bytes: MOST_EVENT_BYTES - (isSingle ? 0 : FRAME_BYTES + MOST_RECORDS),
    },
    isAllOrNothing: !isSingle && !options.reportsItemFailures,
    deliver: (messages, signal) =>
      isSingle
        ? deliverSingly(messages, signal)
        : invoke(JSON.stringify({ Records: messages.map(({ payload }) => payload) }), messages, signal),
    async close() {},
  };
}

/**
 * AWS: an answer that is null, or whose list is empty, null or absent, is a success. One that names no message of the
 * batch, or that is something else, is a failure of the whole batch.
 */
function itemFailures(answer: unknown, messages: readonly Message[]): Failure[] {
  if (answer === null || answer === undefined || answer === '') return [];
  const invalid = (what: string) =>
    allFailed(messages, { mayRetry: true, reason: `The function's answer ${what}.` });
  if (typeof answer !== 'object') return invalid('is no object with batchItemFailures');
  const list = (answer as { batchItemFailures?: unknown }).batchItemFailures;
  if (list === null || list === undefined) return [];
  if (!Array.isArray(list)) return invalid('has batchItemFailures that is no list');
  const failed = new Set<string>();
  for (const item of list) {
    const identifier = (item as { itemIdentifier?: unknown } | null)?.itemIdentifier;
    if (typeof identifier !== 'string' || identifier === '')
      return invalid('has an item without itemIdentifier');
    failed.add(identifier);
  }
  const failures: Failure[] = [];
  const found = new Set<string>();
  for (const [index, { sequence }] of messages.entries()) {
    if (!failed.has(sequence)) continue;
    found.add(sequence);
    failures.push({ index, mayRetry: true, reason: 'The function reported it in batchItemFailures.' });
  }
  return found.size === failed.size ? failures : invalid('names an itemIdentifier that is not in the batch');
}

function readJson(payload: Uint8Array | undefined): unknown {
  if (!payload || payload.length === 0) return undefined;
  try {
    return JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.length).toString());
  } catch {
    return undefined;
  }
}

/** AWS: the answer of a function that failed has `errorType` and `errorMessage`. */
function reasonOf(answer: unknown): string {
  const { errorType, errorMessage } = (answer ?? {}) as { errorType?: unknown; errorMessage?: unknown };
  const parts = [errorType, errorMessage].filter((part) => typeof part === 'string' && part !== '');
  return oneLine(`The function failed${parts.length > 0 ? `: ${parts.join(': ')}` : '.'}`);
}
