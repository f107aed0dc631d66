// docs/compatibility.md is what the code says of itself.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { COMPATIBILITY, renderCompatibility } from '../scripts/generate-compatibility.ts';

test('docs/compatibility.md is what `npm run docs` writes', async () => {
  const committed = await readFile(COMPATIBILITY, 'utf8');
  assert.ok(
    committed === (await renderCompatibility()),
    'docs/compatibility.md is out of date: run npm run docs',
  );
});
