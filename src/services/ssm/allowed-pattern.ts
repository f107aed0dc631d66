// Whether a value matches its parameter's allowed pattern. The pattern comes from the user and may backtrack for a
// very long time, so it has a time limit; a value that does not match within the limit is refused.

import { createContext, Script } from 'node:vm';
import { invalidPattern, patternMismatch } from './faults.ts';

const MAX_LENGTH = 1_024;
const TIMEOUT_MS = 20;
const TEST = new Script('pattern.test(value)');

/** Throws InvalidAllowedPatternException or ParameterPatternMismatchException. */
export function checkAgainstPattern(value: string, source: string): void {
  let pattern: RegExp;
  try {
    if (source.length > MAX_LENGTH) throw new SyntaxError();
    pattern = new RegExp(`^(?:${source})$`, 's');
  } catch {
    throw invalidPattern(source);
  }
  let matches = false;
  try {
    matches = TEST.runInContext(createContext({ pattern, value }), { timeout: TIMEOUT_MS });
  } catch {
    // The time limit has passed.
  }
  if (!matches) throw patternMismatch(source);
}
