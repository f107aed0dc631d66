// kill -9 loses no log event that was acknowledged, and leaves none that was not.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('./events-killed.fixture.ts', import.meta.url));

function programIn(test: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), 'millpond-events-'));
  test.after(() => rmSync(directory, { recursive: true, force: true }));
  const run = (when: string, texts: readonly string[], env = {}) => {
    const args = [PROGRAM, directory, when, ...texts];
    const { signal, status, stdout, stderr } = spawnSync(process.execPath, args, {
      env: { ...process.env, ...env },
    });
    assert.ok(signal === 'SIGKILL' || status === 0, stderr.toString());
    return { signal, lines: stdout.toString().trim().split('\n') };
  };
  const files = () =>
    readdirSync(join(directory, 'logs'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.\w+$/.test(name),
    );
  const contents = () =>
    files()
      .map((name) => readFileSync(join(directory, 'logs', name), 'utf8'))
      .join();
  return { run, files, contents };
}

test('what was acknowledged is there after kill -9, and nothing else', (test) => {
  const { run, contents } = programIn(test);
  assert.equal(run('acknowledged', ['first', 'second']).signal, 'SIGKILL');
  assert.deepEqual(run('read', []).lines, ['first 1', 'second 1']);
  const { lines } = run('before commit', ['third', 'lost']);
  assert.deepEqual(lines, ['third 1']);
  assert.ok(contents().includes('lost'));
  assert.deepEqual(run('read', []).lines, ['first 1', 'second 1', 'third 1']);
  // It is written over what the killed one left behind.
  assert.equal(run('acknowledged', ['fourth']).signal, 'SIGKILL');
  assert.deepEqual(run('read', []).lines, ['first 1', 'second 1', 'third 1', 'fourth 1']);
});

test('segments that were being settled are complete, and settled by the next run', (test) => {
  const { run, files } = programIn(test);
  const texts = ['first'];
  run('acknowledged', texts);
  for (const delay of [0, 20, 80]) {
    const more = Array.from({ length: 6 }, (_, index) => `more-${delay}-${index}`);
    run('settling', more, { DIES_AFTER_MS: String(delay) });
    texts.push(...more);
    assert.deepEqual(
      run('read', []).lines,
      texts.map((text) => `${text} 1`),
    );
  }
  const left = files();
  assert.equal(left.filter((name) => name.endsWith('.new')).length, 0, left.join());
  assert.ok(
    left.some((name) => name.endsWith('.columns')),
    left.join(),
  );
});
