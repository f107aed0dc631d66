// The committed schemas match the installed SDK packages, and the constraints match botocore's models.

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { it } from 'node:test';
import {
  BOTOCORE_VERSION,
  extractAllConstraints,
  findBotocoreData,
} from '../../scripts/extract-constraints.ts';
import { extractSchemas, GENERATED, SDK_PACKAGES } from '../../scripts/extract-schemas.ts';

const committedFiles = async (isWanted: (name: string) => boolean) =>
  (await readdir(GENERATED)).filter(isWanted).sort();

async function compare(files: ReadonlyMap<string, string>, script: string): Promise<void> {
  for (const [name, text] of files) {
    const committed = await readFile(new URL(name, GENERATED), 'utf8');
    assert.ok(committed === text, `${name} is out of date: run npm run ${script}`);
  }
}

const isConstraints = (name: string) => name.endsWith('.constraints.json');

it('generated/ is what `npm run schemas` writes', async () => {
  const files = await extractSchemas(SDK_PACKAGES);
  assert.deepEqual(await committedFiles((name) => !isConstraints(name)), [...files.keys()].sort());
  await compare(files, 'schemas');
});

it('generated/*.constraints.json are what `npm run constraints` writes', async (test) => {
  const data = findBotocoreData();
  if (!data) return test.skip(`botocore ${BOTOCORE_VERSION} is not in an environment of set-up's`);
  const { files, unknown } = extractAllConstraints(data);
  assert.deepEqual(await committedFiles(isConstraints), [...files.keys()].sort());
  await compare(files, 'constraints');
  assert.deepEqual(unknown, [], 'what the SDK has and botocore has not');
});
