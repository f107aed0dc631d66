// The log: one JSON line an entry, with the request or reconcile id it belongs to. Never secrets.

import pino from 'pino';

export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(fields: object): Log;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** What waits for the disk to take it again; beyond that entries are dropped. */
const MOST_KEPT_BYTES = 1024 * 1024;

export function createLog(options: { level: LogLevel; file?: string }): Log {
  const destination = pino.destination({
    dest: options.file ?? 2,
    sync: true,
    mkdir: true,
    maxLength: MOST_KEPT_BYTES,
  });
  // On a full disk entries are kept back and then lost; the program goes on.
  destination.on('error', () => {});
  return pino({ level: options.level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
}

export const silentLog: Log = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLog,
};
