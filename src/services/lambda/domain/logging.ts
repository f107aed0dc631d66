// The logging settings of a function: plain text, or JSON with minimum levels for the function's lines and for
// Lambda's own. Pure.

import { invalidParameter } from '../faults.ts';
import type { JsonLogging } from './model.ts';

/** `LoggingConfig` of a request. */
export interface LoggingInput {
  LogFormat?: string | undefined;
  ApplicationLogLevel?: string | undefined;
  SystemLogLevel?: string | undefined;
  LogGroup?: string | undefined;
}

const USUAL = 'INFO';

/**
 * The settings after an update; `undefined` means plain text. AWS: a change to JSON starts with the default levels.
 * Throws InvalidParameterValueException.
 */
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
    throw invalidParameter('ApplicationLogLevel and SystemLogLevel require the log format JSON.');
  }
  return undefined;
}

/** The environment variables that tell a runtime these settings. */
export const logVariables = (logging: JsonLogging | undefined): Record<string, string> => ({
  AWS_LAMBDA_LOG_FORMAT: logging ? 'JSON' : 'Text',
  ...(logging && { AWS_LAMBDA_LOG_LEVEL: logging.applicationLevel }),
});
