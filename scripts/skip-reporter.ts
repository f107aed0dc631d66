// A reporter for Node's test runner that fails the run when a test was skipped without an allowed reason.

import { relative } from 'node:path';
import type { TestEvent } from 'node:test/reporters';
import { ALLOWED_SKIPS, forbiddenSkips, type Skip } from './allowed-skips.ts';

/** Prints nothing when every skip is allowed. A test marked as todo counts as skipped. */
export default async function* skipReporter(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const skips: Skip[] = [];
  for await (const { type, data } of events) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const reason = data.skip ?? data.todo;
    if (reason === undefined || reason === false) continue;
    skips.push({ name: data.name, file: relative('', data.file ?? ''), reason });
  }
  const forbidden = forbiddenSkips(skips, ALLOWED_SKIPS);
  if (forbidden.length === 0) return;
  process.exitCode = 1;
  yield '\nSkipped, which fails where CI=true (scripts/allowed-skips.ts has the exceptions):\n';
  for (const { file, name, reason } of forbidden) {
    yield `  ${file}: ${name}: ${reason === true || reason === '' ? 'no reason given' : reason}\n`;
  }
}
