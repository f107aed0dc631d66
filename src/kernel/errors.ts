// Operational failures: what goes wrong outside Millpond (a taken port, a full disk, a missing engine).
// A closed set of codes; the message is one sentence that says what to do. Faults of the AWS API are
// not here (wire/fault.ts), nor are bugs (assert.ts).

export type OperationalCode =
  | 'AddressInUse'
  | 'AddressUnavailable'
  | 'AlreadyRunning'
  | 'CommandFailed'
  | 'DiskFull'
  | 'EngineFailed'
  | 'EngineMissing'
  | 'InvalidOption'
  | 'NameResolution'
  | 'NotRunning'
  | 'StateUnreadable'
  | 'TimedOut';

export class OperationalError extends Error {
  override readonly name = 'OperationalError';
  readonly code: OperationalCode;

  constructor(code: OperationalCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** The system's own code of an error (`EADDRINUSE`, `ENOENT`…), if it bears one. */
export function systemCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** Codes of the system by which the machine itself refuses a file operation, and what that means. */
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

/** What the machine lacks, where that is why a file operation failed. `what` begins the sentence. */
export function hostFailure(error: unknown, what: string): OperationalError | undefined {
  if (error instanceof OperationalError) return error;
  const lacking = LACKING[systemCode(error) ?? ''];
  return lacking && new OperationalError(lacking.code, `${what}: ${lacking.reason}.`, error);
}
