// What the log of an engine tells: why it did not start, whether it has saved everything. Pure text; Redis 7 and Valkey 8
// share these words but for their own name.

import { OperationalError } from '../kernel/errors.ts';
import type { EngineBinary } from './fleet.ts';

const START_MARK = '--- starting ';

/** The line that a driver writes into the log before each start. */
export const startMark = (binary: EngineBinary): string =>
  `${START_MARK}${binary.engine} ${binary.version} ---\n`;

/** The lines of the last start, from the end of a log. */
export function linesOfLastStart(tail: string): string[] {
  // Without the mark the tail begins amid a line; either way the first line is none of the engine's.
  const start = Math.max(0, tail.lastIndexOf(START_MARK));
  return tail.slice(start).split('\n').slice(1).filter(Boolean);
}

/** Why an engine ended at once, from the last lines of its log. */
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
/** What an engine writes before the words of a line. */
const LINE_HEAD = /^\d+:[A-Z] \d+ \w+ \d+ [\d:.]+ [.\-*#] /;

/** One line for people. The engine quotes the configuration's line that it rejects; secrets stay out. */
export function summarise(lines: readonly string[]): string {
  return lines
    .slice(-SUMMARY_LINES)
    .map((line) => line.replace(/>>> '((?:rename-command|master|user|primary)\S*).*/, ">>> '$1 …'"))
    .map((line) => line.replace(LINE_HEAD, ''))
    .join(' / ')
    .slice(0, SUMMARY_LENGTH);
}

/** The directive that an engine rejected in its configuration, from its log; `undefined` when it was not that. */
export function rejectedDirective(lines: readonly string[]): string | undefined {
  if (!lines.some((line) => line.includes('FATAL CONFIG FILE ERROR'))) return undefined;
  for (const line of lines) {
    const match = /^>>> '([a-z][a-z0-9-]*)/.exec(line);
    if (match) return match[1];
  }
  return undefined;
}

/** Whether the engine says that there is no room for its data. */
export const tellsOfFullDisk = (lines: readonly string[]): boolean =>
  /no space left on device|disk quota exceeded/i.test(lines.slice(-10).join('\n'));

/**
 * Whether nothing was lost since clients were last served. A run that ended before it served anybody, while it loaded
 * its data, has changed nothing: then the one before it tells.
 */
export function lastServiceEndedCleanly(log: string): boolean {
  for (const run of log.split(START_MARK).reverse()) {
    const lines = run.split('\n').slice(1).filter(Boolean);
    if (tellsOfCleanEnd(lines)) return true;
    if (lines.some((line) => line.includes('Ready to accept connections'))) return false;
  }
  return false;
}

/**
 * Whether a run whose log ends so has saved everything: its very last word is its farewell, and shortly before
 * it stands that the data was written.
 */
export function tellsOfCleanEnd(lines: readonly string[]): boolean {
  const end = lines.slice(-6);
  const saved = end.findLastIndex((line) => line.endsWith('DB saved on disk'));
  return saved >= 0 && /\bis now ready to exit, bye bye\.\.\.$/.test(end.at(-1) ?? '');
}

/**
 * Why the run whose log this is ended while it loaded its dump, in the engine's words; `undefined` when it did not.
 * A format that this engine is too old for is no damage.
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
