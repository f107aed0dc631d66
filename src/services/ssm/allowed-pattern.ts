// Whether a value matches the pattern that its parameter allows. The pattern is the user's, and may be one that takes
// for ever: it gets a moment, and what has not matched by then does not match.

import { createContext, Script } from 'node:vm';
import { invalidPattern, patternMismatch } from './faults.ts';

const MAX_LENGTH = 1_024;
const TIMEOUT_MS = 100;
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
    // Out of time.
  }
  if (!matches) throw patternMismatch(source);
}
