// The committed schemas are those that the installed SDK packages hold.

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { it } from 'node:test';
import { extractSchemas, GENERATED, SDK_PACKAGES } from '../../scripts/extract-schemas.ts';

it('generated/ is what `npm run schemas` writes', async () => {
  const files = await extractSchemas(SDK_PACKAGES);
  assert.deepEqual((await readdir(GENERATED)).sort(), [...files.keys()].sort());
  for (const [name, text] of files) {
    const committed = await readFile(new URL(name, GENERATED), 'utf8');
    assert.ok(committed === text, `${name} is out of date: run npm run schemas`);
  }
});
