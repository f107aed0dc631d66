// A module and its imports are loaded one file at a time, in the order in which import() would run them.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import { loadInPieces } from './load-in-pieces.ts';

interface Run {
  name: string;
  turn: number;
}

/** Files by name that record when they run; each takes 3 ms. */
function files(context: TestContext, sources: Record<string, string>) {
  const directory = mkdtempSync(join(tmpdir(), 'millpond-pieces-'));
  const runs: Run[] = [];
  let turn = 0;
  let isOver = false;
  const count = () => {
    turn++;
    if (!isOver) setImmediate(count);
  };
  count();
  const noted = `noted${directory.replace(/\W/g, '')}`;
  const note = (name: string) => {
    runs.push({ name, turn });
    for (const since = performance.now(); performance.now() < since + 3; );
  };
  Object.assign(globalThis, { [noted]: note });
  context.after(() => {
    isOver = true;
    rmSync(directory, { recursive: true });
  });
  for (const [name, source] of Object.entries(sources)) {
    writeFileSync(join(directory, name), `${source}\nglobalThis.${noted}('${name}');\n`);
  }
  return { runs, url: (name: string) => pathToFileURL(join(directory, name)) };
}

it('the event loop turns between two files', async (context) => {
  const COUNT = 60;
  const sources: Record<string, string> = {};
  for (let index = 0; index < COUNT; index++) {
    sources[`${index}.ts`] = index + 1 < COUNT ? `import './${index + 1}.ts';` : '';
  }
  const { runs, url } = files(context, sources);
  await loadInPieces(url('0.ts'));
  assert.equal(runs.length, COUNT);
  for (const { turn } of runs) assert.ok(runs.filter((run) => run.turn === turn).length <= 4);
});

it('files are loaded in the order of imports, each once, without type imports', async (context) => {
  const { runs, url } = files(context, {
    'main.ts': `import type { Absent } from './absent.ts';
import { a } from './a.ts';
import {
  b,
  type Absent as Other,
} from './b.ts';
export * from './c.ts';
export type { Gone } from './gone.ts';
export const lazily = () => import('./later.ts');`,
    'a.ts': "import { c } from './c.ts';\nexport const a = () => c;",
    'b.ts': "import './a.ts';\nexport const b = 1;",
    'c.ts': 'export const c = 1;',
    'later.ts': '',
  });
  await Promise.all([loadInPieces(url('main.ts')), loadInPieces(url('main.ts'))]);
  assert.deepEqual(
    runs.map(({ name }) => name),
    ['c.ts', 'a.ts', 'b.ts', 'main.ts'],
  );
});

it('a file that does not exist is ignored', async (context) => {
  await loadInPieces(files(context, {}).url('none.ts'));
});

it('the import itself reports a file that cannot be loaded', async (context) => {
  const { url } = files(context, { 'broken.ts': "import './missing.ts';" });
  await loadInPieces(url('broken.ts'));
  await assert.rejects(import(url('broken.ts').href), /missing/);
});
