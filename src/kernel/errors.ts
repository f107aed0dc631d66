// Operational errors: what goes wrong outside Millpond (a port in use, a full disk, a missing engine). The codes are a
// closed set; the message is one sentence that says what to do. Faults of the AWS API are in wire/fault.ts, bugs in
// assert.ts.

export type OperationalCode =
  | 'AddressInUse'
  | 'AddressUnavailable'
  | 'AlreadyRunning'
  | 'CommandFailed'
  | 'ContainersUnavailable'
  | 'InstancesUnavailable'
  | 'DiskFull'
  | 'EngineFailed'
  | 'EngineMissing'
  | 'InvalidOption'
  | 'NameResolution'
  | 'NetworkUnavailable'
  | 'NotRunning'
  | 'StateUnreadable'
  | 'TimedOut';

/** An error of the host or the user's set-up. The command line, the log or a resource's status shows its message. */
export class OperationalError extends Error {
  override readonly name = 'OperationalError';
  readonly code: OperationalCode;

  constructor(code: OperationalCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** The system's error code (`EADDRINUSE`, `ENOENT`…); `undefined` when the error has none. */
export function systemCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** System error codes that mean the host refuses a file operation, with the reason for the user. */
const LACKING: Readonly<Record<string, { code: OperationalCode; reason: string }>> = {
  ENOSPC: { code: 'DiskFull', reason: 'the disk under the data directory is full' },
  EDQUOT: { code: 'DiskFull', reason: 'the disk quota of the data directory is used up' },
  EMFILE: {
    code: 'StateUnreadable',
    reason: 'Millpond has too many files open; raise its limit (ulimit -n)',
  },
  ENFILE: { code: 'StateUnreadable', reason: 'this machine has too many files open' },
  ENOMEM: { code: 'StateUnreadable', reason: 'this machine has no memory left' },
  EROFS: { code: 'StateUnreadable', reason: 'the data directory is read-only' },
  EACCES: { code: 'StateUnreadable', reason: 'the data directory may not be written' },
  EPERM: { code: 'StateUnreadable', reason: 'the data directory may not be written' },
  EIO: { code: 'StateUnreadable', reason: 'the disk under the data directory does not work' },
};

/**
 * The OperationalError for a file operation that the host refused (full disk, no permission…); `undefined` for any
 * other error. `what` begins the sentence.
 */
export function hostFailure(error: unknown, what: string): OperationalError | undefined {
  if (error instanceof OperationalError) return error;
  const lacking = LACKING[systemCode(error) ?? ''];
  return lacking && new OperationalError(lacking.code, `${what}: ${lacking.reason}.`, error);
}
