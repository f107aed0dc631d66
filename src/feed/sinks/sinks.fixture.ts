// What tests of sinks need: calls to services in this process, messages, and calls that fail, hang and come back.

import { createClient } from '../../wire/client.ts';
import { describeFailure } from '../../wire/failure.ts';
import { Fault } from '../../wire/fault.ts';
import { loadSchema } from '../../wire/schema.ts';
import type { Service } from '../../wire/service.ts';
import { type AwsCalls, CallFailed, type Message, type Row } from '../sink.ts';

type Callee = Parameters<AwsCalls['call']>[0];

const SCOPE = { accountId: '000000000000', region: 'us-east-1' };

/** Calls services of this process, as a feed's process does through Millpond. */
export function callsTo(services: Partial<Record<Callee, Service>>): AwsCalls {
  return {
    async call(service, operation, input) {
      const client = createClient(service, { inProcess: services[service] });
      try {
        return await client.call(operation as never, input as never, SCOPE);
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        const { code, message, isClientFault } = describeFailure(error, loadSchema(service));
        throw new CallFailed(code, message, isClientFault);
      }
    },
  };
}

/** A call as it was made. */
export interface MadeCall {
  service: Callee;
  operation: string;
  // biome-ignore lint/suspicious/noExplicitAny: the input of any operation
  input: any;
}

/** Calls that are recorded, and answered by `answer`. */
export function recordedCalls(answer: (call: MadeCall) => unknown): AwsCalls & { made: MadeCall[] } {
  const made: MadeCall[] = [];
  return {
    made,
    async call(service, operation, input) {
      const call = { service, operation, input };
      made.push(call);
      return answer(call);
    },
  };
}

let lastSequence = 0;

/** A message; its sequence is larger than those of earlier ones. */
export function message(lane: string, payload: unknown = {}, more: Partial<Message> = {}): Message {
  return { sequence: String(++lastSequence), lane, at: 0, kind: 'write', payload, ...more };
}

/** A message for a table, with one key. */
export const rowMessage = (key: Record<string, Row['columns'][string]>, columns: Row['columns'], more = {}) =>
  message(Object.values(key).join(), undefined, {
    row: { key: Object.keys(key), columns: { ...key, ...columns } },
    ...more,
  });

/** A signal that never aborts. */
export const patient = () => new AbortController().signal;
