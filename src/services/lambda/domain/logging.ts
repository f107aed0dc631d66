// How a function's log is written: as plain text, or as JSON with a level below which lines are left out, one for what the
// function says and one for what Lambda says. Pure.

import { invalidParameter } from '../faults.ts';
import type { JsonLogging } from './model.ts';

export interface LoggingInput {
  LogFormat?: string | undefined;
  ApplicationLogLevel?: string | undefined;
  SystemLogLevel?: string | undefined;
  LogGroup?: string | undefined;
}

const USUAL = 'INFO';

/** `undefined` for plain text. AWS: a change to JSON begins with the usual levels. */
export function changedLogging(
  before: JsonLogging | undefined,
  input: LoggingInput | undefined,
): JsonLogging | undefined {
  if (!input) return before;
  const isJson = input.LogFormat === undefined ? before !== undefined : input.LogFormat === 'JSON';
  if (isJson) {
    return {
      applicationLevel: input.ApplicationLogLevel ?? before?.applicationLevel ?? USUAL,
      systemLevel: input.SystemLogLevel ?? before?.systemLevel ?? USUAL,
    };
  }
  if (input.ApplicationLogLevel !== undefined || input.SystemLogLevel !== undefined) {
    throw invalidParameter('ApplicationLogLevel and SystemLogLevel need the log format JSON.');
  }
  return undefined;
}

/** What a runtime reads of it. */
export const logVariables = (logging: JsonLogging | undefined): Record<string, string> => ({
  AWS_LAMBDA_LOG_FORMAT: logging ? 'JSON' : 'Text',
  ...(logging && { AWS_LAMBDA_LOG_LEVEL: logging.applicationLevel }),
});
