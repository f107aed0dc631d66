// One invocation of a function: what is asked, and what comes of it.

import type { Scope } from '../../aws/scope.ts';
import type { LogLine, Outcome } from '../../sandbox/functions/function.ts';
import type { FunctionRecord, VersionRecord } from './domain/model.ts';

export interface Call {
  scope: Scope;
  record: FunctionRecord;
  version: VersionRecord;
  /** As the caller named the function. */
  arn: string;
  requestId: string;
  event: Buffer;
  clientContext?: string;
}

export interface Invoked extends Outcome {
  /** The whole log of the invocation. */
  lines: readonly LogLine[];
}

export interface Invoker {
  /** Rejects with TooManyRequestsException; whatever the function does wrong is in what it resolves to. */
  invoke(call: Call): Promise<Invoked>;
}
