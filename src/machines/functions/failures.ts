// The errors that Lambda itself reports for functions, with their exact texts.

/** AWS: the limit of a response that is not streamed. */
export const MAX_RESPONSE_BYTES = 6 * 1024 * 1024;
/** AWS: the message names 6 MB and 100 bytes, the Runtime API's limit. */
const TOLD_RESPONSE_BYTES = 6_291_556;

/** The JSON of an error. */
export interface FunctionError {
  errorType: string;
  errorMessage: string;
}

export const exited = (requestId: string, how: string | undefined): FunctionError => ({
  errorType: 'Runtime.ExitError',
  errorMessage: `RequestId: ${requestId} Error: ${how ? `Runtime exited with error: ${how}` : 'Runtime exited without providing a reason'}`,
});

export const timedOut = (requestId: string, timeoutMs: number): FunctionError => ({
  errorType: 'Sandbox.Timedout',
  errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds(timeoutMs)} seconds`,
});

export const responseTooLarge = (): FunctionError => ({
  errorType: 'Function.ResponseSizeTooLarge',
  errorMessage: `Response payload size exceeded maximum allowed payload size (${TOLD_RESPONSE_BYTES} bytes).`,
});

export const noBootstrap = (requestId: string): FunctionError => ({
  errorType: 'Runtime.InvalidEntrypoint',
  errorMessage: `RequestId: ${requestId} Error: Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]`,
});

/** AWS: a go1.x function whose handler names no program. */
export const noGoProgram =
  (handler: string) =>
  (requestId: string): FunctionError => ({
    errorType: 'PathError',
    errorMessage: `RequestId: ${requestId} Error: fork/exec /var/task/${handler}: no such file or directory`,
  });

/** This machine cannot start the function; Lambda has no such case. */
export const notStartable = (requestId: string, reason: string): FunctionError => ({
  errorType: 'Runtime.InvalidEntrypoint',
  errorMessage: `RequestId: ${requestId} Error: ${reason}`,
});

/**
 * AWS: a report names only Lambda's own error types. The rule is from the runtime interface emulator
 * (internal/lambda/fatalerror). `payload` is the JSON of an error.
 */
export function reportedType(payload: Buffer): string {
  let errorType: unknown;
  try {
    errorType = JSON.parse(payload.toString('utf8'))?.errorType;
  } catch {
    // A payload that is not JSON has no type.
  }
  return typeof errorType === 'string' && /^(Runtime|Function)\.[A-Z][A-Za-z]+$/.test(errorType)
    ? errorType
    : 'Runtime.Unknown';
}

/** The error type of a process that exceeded its memory. */
export const OUT_OF_MEMORY = 'Runtime.OutOfMemory';

/** An exit in Lambda's words: `exit status 1`, `signal: killed`; undefined for an exit without a reason. */
export function describeExit(code: number | null, signal: NodeJS.Signals | null): string | undefined {
  const name = signal ?? (code !== null && code > 128 ? SIGNALS[code - 128] : undefined);
  if (name) return `signal: ${WORDS[name] ?? name}`;
  return code ? `exit status ${code}` : undefined;
}

// The shell in between reports a signal as 128 + its number.
const SIGNALS: Record<number, NodeJS.Signals> = {
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  15: 'SIGTERM',
};

const WORDS: Partial<Record<NodeJS.Signals, string>> = {
  SIGILL: 'illegal instruction',
  SIGABRT: 'aborted',
  SIGBUS: 'bus error',
  SIGFPE: 'floating point exception',
  SIGKILL: 'killed',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
};

/** Milliseconds as seconds with two decimals. */
export const seconds = (ms: number): string => (ms / 1000).toFixed(2);
