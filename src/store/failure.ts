// Translates SQLite errors that the host causes into operational errors.

import { OperationalError } from '../kernel/errors.ts';

const SQLITE_FULL = 13;
const SQLITE_IOERR = 10;

/** Runs a write. Throws an OperationalError (DiskFull, StateUnreadable) when the host refuses it. */
export function translated<T>(write: () => T): T {
  try {
    return write();
  } catch (error) {
    throw asOperational(error);
  }
}

/** Translates a full disk and an I/O error; returns any other error unchanged. */
export function asOperational(error: unknown): unknown {
  const code = Number((error as { errcode?: unknown } | undefined)?.errcode) & 0xff;
  if (code === SQLITE_FULL) {
    return new OperationalError(
      'DiskFull',
      'The disk that holds the state is full; nothing was changed.',
      error,
    );
  }
  if (code === SQLITE_IOERR) {
    return new OperationalError(
      'StateUnreadable',
      'The state cannot be written; nothing was changed.',
      error,
    );
  }
  return error;
}

/** True for the error that a write throws when the disk is full. */
export const isDiskFull = (error: unknown): boolean =>
  error instanceof OperationalError && error.code === 'DiskFull';
