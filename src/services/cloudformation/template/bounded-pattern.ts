// Matches a regular expression of a template with a time limit. Both the expression and the text may be hostile, and an
// expression with catastrophic backtracking would block Millpond.

import { createContext, Script } from 'node:vm';

const TIMEOUT_MS = 100;

const match = new Script('new RegExp(source, flags).test(text)');
let context: { source: string; flags: string; text: string } | undefined;

/** `invalid`: the expression is malformed. `too slow`: it took longer than 100 ms. The whole text must match. */
export function matchesWholly(pattern: string, text: string): boolean | 'invalid' | 'too slow' {
  const insensitive = pattern.startsWith('(?i)');
  const source = `^(?:${insensitive ? pattern.slice(4) : pattern})$`;
  const flags = insensitive ? 'is' : 's';
  try {
    new RegExp(source, flags);
  } catch {
    return 'invalid';
  }
  context ??= createContext({ source, flags, text }) as { source: string; flags: string; text: string };
  Object.assign(context, { source, flags, text });
  try {
    return match.runInContext(context, { timeout: TIMEOUT_MS }) === true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return 'too slow';
    throw error;
  }
}
