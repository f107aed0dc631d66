// After a kill -9 at any time, every acknowledged point is stored exactly once.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openCloudWatch } from '../../../test/support/metrics.ts';

const PROGRAM = fileURLToPath(new URL('../../../test/support/put-metrics-program.ts', import.meta.url));

test('no acknowledged point is lost or doubled by kill -9 while metrics are put', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'millpond-metrics-killed-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, 'state.sqlite');
  let acknowledged = 0;
  let folds = 0;
  for (let round = 0; round < 5; round++) {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', PROGRAM, file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    let said = '';
    const enough = 100 + round * 57;
    for await (const chunk of child.stdout) {
      said += chunk;
      // Only complete lines count: the last one may be cut off.
      if (Number(said.split('\n').at(-2) ?? 0) >= enough) child.kill('SIGKILL');
    }
    await ended;
    acknowledged += Number(said.split('\n').at(-2));
    const cloudwatch = openCloudWatch(file);
    const sum = (await cloudwatch.values('acknowledged')).reduce((all, [, value]) => all + value!, 0);
    // In each round, one call may have been stored and not yet acknowledged.
    assert.ok(sum >= acknowledged && sum <= acknowledged + round + 1, `${sum} of ${acknowledged}`);
    folds = Number(cloudwatch.store.prepare('SELECT COUNT(*) AS count FROM metric_blocks').get()!.count);
    cloudwatch.store.close();
  }
  assert.ok(folds > 0, 'the journal was folded in the meantime');
});
