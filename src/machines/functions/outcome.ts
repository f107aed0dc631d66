// What an invocation came to: the outcome that Lambda gets, from the result of a process and from what was measured.
// Times are those of `performance.now()`.

import { type FunctionError, OUT_OF_MEMORY, reportedType } from './failures.ts';
import type { EnvironmentIdentity, InitFailure, LogLine, Outcome, PlatformFault } from './function.ts';

/** How an invocation ended in its process. */
export interface Result {
  status: Outcome['status'];
  payload: Buffer;
  contentType?: string;
  /** Present when the process could not report its error itself. */
  error?: FunctionError;
}

/** What is known of the environment at the end of an invocation. */
export interface Circumstances {
  environment: EnvironmentIdentity;
  /** When the environment began. */
  startedAt: number;
  /** When the process got the invocation; absent when it ended before. */
  since: number | undefined;
  timeoutMs: number;
  /** The initialisation, if it has succeeded. */
  init: Outcome['init'];
  /** Whether no earlier outcome of the environment told the initialisation. */
  isFirst: boolean;
  /** What the process reported of a failed initialisation. */
  initError: Buffer | undefined;
  isOutOfMemory: boolean;
  memoryBytes: number;
  /** The output since the last call. */
  takeOutput(): LogLine[];
}

/** The outcome of an invocation that ends now. */
export function outcomeOf(result: Result, circumstances: Circumstances): Outcome {
  const { status, payload, contentType } = result;
  const { startedAt, since, timeoutMs, isFirst, takeOutput } = circumstances;
  const now = performance.now();
  const init: NonNullable<Outcome['init']> = circumstances.init ?? {
    durationMs: now - startedAt,
    log: takeOutput(),
    failure: initFailure(result),
  };
  // AWS: the duration of a failed initialisation counts as the invocation's.
  const elapsed = init.failure ? init.durationMs : now - (since ?? now);
  const fault = faultOf(result, circumstances);
  return {
    payload,
    contentType: contentType ?? 'application/json',
    status,
    environment: circumstances.environment,
    durationMs: status === 'timed out' ? timeoutMs : elapsed,
    ...(isFirst && { init }),
    ...(fault && { fault }),
    log: takeOutput(),
    memoryBytes: circumstances.memoryBytes,
  };
}

function faultOf(
  { status, payload, error }: Result,
  { initError, isOutOfMemory }: Circumstances,
): PlatformFault | undefined {
  if (error) {
    const errorType = isOutOfMemory ? OUT_OF_MEMORY : error.errorType;
    return { errorType, text: `${error.errorMessage}\n${error.errorType}` };
  }
  return status === 'failed' && payload === initError ? { errorType: reportedType(payload) } : undefined;
}

/** The failure of a process that ended before it asked for work. */
const initFailure = ({ status, payload, error }: Result): InitFailure =>
  status === 'timed out'
    ? { status: 'timeout' }
    : { status: 'error', errorType: error?.errorType ?? reportedType(payload) };
