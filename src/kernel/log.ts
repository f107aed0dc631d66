// The log: one JSON line per entry, with the request or reconcile id that it belongs to. It never contains secrets, and
// it never makes its caller fail.

import pino, { type Logger } from 'pino';
import { LogFile, type LogFileOptions } from './log-file.ts';

/** A structured logger. No method throws. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(fields: object): Log;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** Bytes that wait for the reader of a pipe; beyond this, entries are dropped. */
const MOST_KEPT_BYTES = 1024 * 1024;

/** Logs to standard error when no file is given. Throws when the file cannot be opened. */
export function createLog(options: {
  level: LogLevel;
  file?: string;
  limits?: Partial<LogFileOptions>;
}): Log {
  const { level, file, limits } = options;
  const destination = file === undefined ? standardError() : new LogFile(file, limits);
  return new SafeLog(pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination));
}

function standardError() {
  const destination = pino.destination({ dest: 2, sync: true, maxLength: MOST_KEPT_BYTES });
  destination.on('error', () => {});
  return destination;
}

type Method = Exclude<keyof Log, 'child'>;

/** Guards the logger: a field may be any thrown value, even one whose properties throw when they are read. */
class SafeLog implements Log {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  debug(fields: object, message: string): void {
    this.#write('debug', fields, message);
  }

  info(fields: object, message: string): void {
    this.#write('info', fields, message);
  }

  warn(fields: object, message: string): void {
    this.#write('warn', fields, message);
  }

  error(fields: object, message: string): void {
    this.#write('error', fields, message);
  }

  child(fields: object): Log {
    try {
      return new SafeLog(this.#logger.child(fields));
    } catch {
      return this;
    }
  }

  #write(method: Method, fields: object, message: string): void {
    try {
      this.#logger[method](fields, message);
    } catch {
      this.#logger[method]({ fields: 'unreadable' }, message);
    }
  }
}

/** A log that drops everything. */
export const silentLog: Log = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLog,
};
