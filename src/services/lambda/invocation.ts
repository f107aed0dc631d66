// The types of one invocation of a function.

import type { Scope } from '../../aws/scope.ts';
import type { LogLine, Outcome } from '../../machines/functions/function.ts';
import type { FunctionRecord, VersionRecord } from './domain/model.ts';

/** An invocation to run. */
export interface Call {
  scope: Scope;
  record: FunctionRecord;
  version: VersionRecord;
  /** The ARN with the qualifier that the caller used. */
  arn: string;
  requestId: string;
  event: Buffer;
  clientContext?: string;
}

/** The outcome of an invocation. */
export interface Invoked extends Outcome {
  /** The whole log of the invocation. */
  lines: readonly LogLine[];
}

export interface Invoker {
  /** Resolves also when the function fails; rejects with TooManyRequestsException when it may not run. */
  invoke(call: Call): Promise<Invoked>;
}
