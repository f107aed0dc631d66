// The calls of services that the sinks of feeds make: to Millpond's own services, or where an endpoint is set.

import type { Scope } from './aws/scope.ts';
import { type AwsCalls, CallFailed } from './feed/sink.ts';
import type { Client } from './wire/client.ts';
import { describeFailure } from './wire/failure.ts';
import { Fault } from './wire/fault.ts';
import { loadSchema } from './wire/schema.ts';

type AnyCall = (operation: string, input: object, scope: Scope) => Promise<unknown>;

/** Calls in an account and region. */
export const createFeedCalls =
  (clientOf: (service: string) => Client<unknown>) =>
  (scope: Scope): AwsCalls => ({
    async call(service, operation, input) {
      const call = clientOf(service).call as unknown as AnyCall;
      try {
        return await call(operation, input, scope);
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        const { code, message, status } = describeFailure(error, loadSchema(service));
        throw new CallFailed(code, message, status < 500 && status !== 429);
      }
    },
  });
