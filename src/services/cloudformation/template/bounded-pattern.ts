// A template's own regular expression on a user's own text: both may be hostile, and an expression that never ends
// would end Millpond.

import { createContext, Script } from 'node:vm';

const TIMEOUT_MS = 100;

const match = new Script('new RegExp(source, flags).test(text)');
let context: { source: string; flags: string; text: string } | undefined;

/** `invalid` when it is no expression, `too slow` when it was given up. The whole text must match, as in Java. */
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
