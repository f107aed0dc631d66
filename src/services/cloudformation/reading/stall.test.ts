// No template, hostile or large, blocks the event loop that serves names, health checks and failovers. stall.fixture.ts
// measures each template; a plain template of the same run is the baseline.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const MOST_MS = 50;
const PROGRAM = fileURLToPath(new URL('./stall.fixture.ts', import.meta.url));

interface Measured {
  name: string;
  longestMs: number;
  outcomes: string[];
}

test('no template blocks the event loop', async (context) => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--disable-warning=ExperimentalWarning',
    PROGRAM,
  ]);
  const [plain, ...others] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Measured);
  assert.equal(plain?.name, 'plain');
  assert.deepEqual([...new Set(plain.outcomes)], ['done']);
  assert.ok(others.length >= 15, `${others.length} templates`);
  for (const { name, longestMs, outcomes } of [plain, ...others]) {
    context.diagnostic(`${name}: ${longestMs.toFixed(1)} ms; ${outcomes.join(', ')}`);
  }
  for (const { name, longestMs, outcomes } of others) {
    assert.ok(longestMs <= MOST_MS + plain.longestMs, `${name}: ${longestMs.toFixed(1)} ms`);
    const wrong = outcomes.filter((outcome) => outcome !== 'done' && outcome !== 'ValidationError');
    assert.deepEqual(wrong, [], name);
  }
});
