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
