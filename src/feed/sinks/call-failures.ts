// Which failures of calls may pass. A message whose failure is final would fail again, however often it is sent.

import { OperationalError } from '../../kernel/errors.ts';
import { CallFailed, type Failure, type Message } from '../sink.ts';

/**
 * Codes whose meaning differs from the general rule, by which a caller's error is final and a service's error may pass.
 * Throttling passes. A missing target, a missing permission or a broken key may be mended while the feed runs: the reason
 * is shown, and the messages wait as long as their retries allow.
 */
const MAY_PASS: ReadonlySet<string> = new Set([
  // Throttling.
  ...['Throttling', 'ThrottlingException', 'ThrottledException', 'Throttled', 'RequestThrottled'],
  ...['TooManyRequestsException', 'RequestLimitExceeded', 'ProvisionedThroughputExceededException'],
  ...['EC2ThrottledException', 'SlowDown', 'LimitExceededException', 'OverLimit'],
  ...[
    'KMSThrottlingException',
    'KMSThrottling',
    'KmsThrottled',
    'BandwidthLimitExceeded',
    'PriorRequestNotComplete',
  ],
  // The target is missing, or is being made or changed.
  ...['ResourceNotFoundException', 'NotFoundException', 'NotFound', 'TableNotFoundException'],
  ...['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue', 'QueueDeletedRecently'],
  ...['ResourceConflictException', 'ResourceNotReadyException', 'ResourceInUseException'],
  ...['TransactionConflictException', 'SnapStartNotReadyException'],
  // Something that its owner can mend: permissions, keys, the network of a function, items that are too many.
  'ItemCollectionSizeLimitExceededException',
  ...['AccessDenied', 'AccessDeniedException', 'AuthorizationError', 'AuthorizationErrorException'],
  ...['ExpiredToken', 'ExpiredTokenException', 'UnrecognizedClientException', 'InvalidClientTokenId'],
  ...['KMSAccessDeniedException', 'KMSDisabledException', 'KMSInvalidStateException', 'KMSNotFoundException'],
  ...['KMSAccessDenied', 'KMSDisabled', 'KMSInvalidState', 'KMSNotFound', 'KmsAccessDenied', 'KmsDisabled'],
  ...['InvalidZipFileException', 'InvalidRuntimeException', 'InvalidSecurityGroupIDException'],
  ...['InvalidSubnetIDException', 'SubnetIPAddressLimitReachedException', 'ENILimitReachedException'],
  // A time limit.
  ...['RequestTimeout', 'RequestTimeoutException', 'RequestTooOld', 'ServiceUnavailable'],
]);

/** Whether a call that failed with this code may succeed later. `isCallersFault` is what the service says of it. */
export const mayPass = (code: string, isCallersFault: boolean): boolean =>
  !isCallersFault || MAY_PASS.has(code);

/** What one failed call says of each of its messages: not delivered, because the service refused the whole call. */
export interface CallFailure {
  code: string;
  mayRetry: boolean;
  reason: string;
}

/**
 * The failure of a call that the service answered with an error. Throws any other error again: then it is not known
 * whether the call did anything.
 */
export function callFailure(error: unknown): CallFailure {
  if (!(error instanceof CallFailed)) throw error;
  return {
    code: error.code,
    mayRetry: mayPass(error.code, error.isFinal),
    reason: oneLine(`${error.code}: ${error.message}`),
  };
}

/** The same failure for each of these messages. */
export const allFailed = (
  messages: readonly Message[],
  { mayRetry, reason }: Pick<CallFailure, 'mayRetry' | 'reason'>,
): Failure[] => messages.map((_, index) => ({ index, mayRetry, reason }));

const LONGEST_REASON = 500;

/** A reason for people: one line, of a bounded length. */
export function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > LONGEST_REASON ? `${line.slice(0, LONGEST_REASON)}…` : line;
}

/** Settles as the call does, or rejects with TimedOut when the signal ends the wait. The call itself goes on. */
export async function untilAborted<T>(call: Promise<T>, signal: AbortSignal, what: string): Promise<T> {
  const late = () => new OperationalError('TimedOut', `${what} did not answer in time.`);
  if (signal.aborted) {
    call.catch(() => {});
    throw late();
  }
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(late());
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([call, promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
