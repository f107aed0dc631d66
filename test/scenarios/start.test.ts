// `millpond start` as somebody meets it first: the walkthrough's stack, what it says to try, and the next day.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { MILLPOND, runCommand, startCommand } from '../support/command.ts';
import { WITHOUT_PYTHON_CLIENTS } from '../support/outside-clients.ts';
import { startPythonIndex } from '../support/python-index.ts';

test('start makes the stack, says what to try, and goes on where it was', {
  skip: process.platform !== 'linux' ? 'needs Linux' : WITHOUT_PYTHON_CLIENTS,
}, async (t) => {
  const parent = mkdtempSync(join(tmpdir(), 'millpond-start-'));
  const index = await startPythonIndex(t);
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS|MILLPOND)_/.test(name));
  const env: NodeJS.ProcessEnv = {
    ...Object.fromEntries(kept),
    ...{ MILLPOND_DATA_DIR: join(parent, 'state'), PIP_INDEX_URL: index, PIP_CONFIG_FILE: '/dev/null' },
  };
  t.after(async () => {
    const down = await runCommand(MILLPOND, ['down', '--purge'], { env });
    rmSync(parent, { recursive: true, force: true });
    assert.equal(down.code, 0, down.stderr);
  });

  const day = async (visit: number) => {
    const start = startCommand(MILLPOND, ['start', '--port', '0'], { env });
    await start.prints(/Ctrl-C stops everything/);
    const again = await runCommand(MILLPOND, ['start'], { env });
    assert.equal(again.code, 0, again.stderr);
    assert.match(again.stderr, /^millpond: it is already running/);
    const [, url] = /^ {2}function +(http:\S+)$/m.exec(again.stdout) ?? [];
    const { written, read } = (await (await fetch(url!)).json()) as { written: number; read: number };
    assert.deepEqual([written, read], [visit, visit]);
    start.child.kill('SIGINT');
    const { code, stdout, stderr } = await start.ended;
    assert.equal(code, 0, stderr);
    return stdout;
  };
  const first = await day(1);
  assert.match(first, /\n\nCreating demo…\n\ndemo {3}available {3}us-east-1/);
  for (const expected of [
    ...[/^ {2}primary +demo\.\S+:6379$/m, /^ {2}reader +demo-ro\.\S+:6379$/m],
    ...[
      /^ {2}instance +i-[0-9a-f]{17}$/m,
      / curl http:\/\/127\.0\.0\.1:\d+\/ /,
      / ssm start-session .*--target i-/,
    ],
    / deploy .*examples\/cluster-mode-disabled\/stack\.yaml --stack-name demo --parameter NumCacheClusters=3/,
  ]) {
    assert.match(first, expected);
  }
  const second = await day(2);
  const shown = (text: string) => text.match(/^ {2}(primary|reader|function|instance) .*$/gm);
  assert.deepEqual(shown(second), shown(first));
});
