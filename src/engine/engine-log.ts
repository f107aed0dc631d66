// Reads an engine's log: why it did not start, whether it saved everything. Pure text; Redis 7 and Valkey 8 use the
// same wording except for their names.

import { OperationalError } from '../kernel/errors.ts';
import type { EngineBinary } from './fleet.ts';

const START_MARK = '--- starting ';

/** The line that a driver writes into the log before each start. */
export const startMark = (binary: EngineBinary): string =>
  `${START_MARK}${binary.engine} ${binary.version} ---\n`;

/** The lines since the last start, from the end of a log. */
export function linesOfLastStart(tail: string): string[] {
  // Without the mark, the tail begins in the middle of a line; either way the first line is not the engine's.
  const start = Math.max(0, tail.lastIndexOf(START_MARK));
  return tail.slice(start).split('\n').slice(1).filter(Boolean);
}

/**
 * The error for an engine that did not start, from the last lines of its log: AddressInUse, AddressUnavailable,
 * DiskFull or EngineFailed.
 */
export function startFailure(key: string, reason: string, lines: readonly string[]): OperationalError {
  const told = summarise(lines);
  const message = `The engine of node ${key} could not be started: ${reason}${told && `. Its log: ${told}`}`;
  const text = lines.join('\n');
  if (/address already in use/i.test(text)) return new OperationalError('AddressInUse', message);
  if (/cannot assign requested address/i.test(text)) {
    return new OperationalError('AddressUnavailable', message);
  }
  if (/no space left on device/i.test(text)) return new OperationalError('DiskFull', message);
  return new OperationalError('EngineFailed', message);
}

const SUMMARY_LINES = 4;
const SUMMARY_LENGTH = 600;
/** The prefix of each line of an engine's log. */
const LINE_HEAD = /^\d+:[A-Z] \d+ \w+ \d+ [\d:.]+ [.\-*#] /;

/**
 * The last lines as one line for people. The engine quotes the line of the configuration that it rejects; secrets are
 * removed.
 */
export function summarise(lines: readonly string[]): string {
  return lines
    .slice(-SUMMARY_LINES)
    .map((line) => line.replace(/>>> '((?:rename-command|master|user|primary)\S*).*/, ">>> '$1 …'"))
    .map((line) => line.replace(LINE_HEAD, ''))
    .join(' / ')
    .slice(0, SUMMARY_LENGTH);
}

/**
 * The directive that an engine rejected in its configuration, from its log; `undefined` when it failed for another
 * reason.
 */
export function rejectedDirective(lines: readonly string[]): string | undefined {
  if (!lines.some((line) => line.includes('FATAL CONFIG FILE ERROR'))) return undefined;
  for (const line of lines) {
    const match = /^>>> '([a-z][a-z0-9-]*)/.exec(line);
    if (match) return match[1];
  }
  return undefined;
}

/** Whether the log's last lines report a full disk. */
export const reportsFullDisk = (lines: readonly string[]): boolean =>
  /no space left on device|disk quota exceeded/i.test(lines.slice(-10).join('\n'));

/**
 * Whether nothing was lost since clients were last served. A run that ended while it loaded its data served nobody
 * and changed nothing: then the run before it decides.
 */
export function lastServiceEndedCleanly(log: string): boolean {
  for (const run of log.split(START_MARK).reverse()) {
    const lines = run.split('\n').slice(1).filter(Boolean);
    if (reportsCleanEnd(lines)) return true;
    if (lines.some((line) => line.includes('Ready to accept connections'))) return false;
  }
  return false;
}

/**
 * Whether a run that ends with these lines saved everything: its last line is the farewell, and a line shortly before
 * it says that the data was written.
 */
export function reportsCleanEnd(lines: readonly string[]): boolean {
  const end = lines.slice(-6);
  const saved = end.findLastIndex((line) => line.endsWith('DB saved on disk'));
  return saved >= 0 && /\bis now ready to exit, bye bye\.\.\.$/.test(end.at(-1) ?? '');
}

/**
 * Why this run ended while it loaded its dump, in the engine's words; `undefined` when it did not. A dump format that
 * is too new for this engine is not damage.
 */
export function refusedDump(lines: readonly string[]): string | undefined {
  if (lines.some((line) => /Ready to accept connections|Can't handle RDB format version/.test(line))) {
    return undefined;
  }
  const words = lines.findLast((line) => REFUSALS.test(line));
  return words?.replace(LINE_HEAD, '');
}

const REFUSALS =
  /Short read or OOM loading DB|Wrong RDB checksum|Wrong signature trying to load|Internal error in RDB|Fatal error loading the DB|RDB ERROR DETECTED|Unexpected EOF reading RDB|rdb\.c:\d+/;
