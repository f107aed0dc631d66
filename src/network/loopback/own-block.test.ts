import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import { claimOwnBlock } from './own-block.ts';

function directories(test: TestContext): { original: string; other: string } {
  const directory = mkdtempSync(join(tmpdir(), 'millpond-block-'));
  test.after(() => rmSync(directory, { recursive: true }));
  const original = join(directory, 'original');
  mkdirSync(original);
  return { original, other: join(directory, 'other') };
}

const busy = (...numbers: number[]) => Promise.resolve(new Set(numbers));

async function claimed(directory: string, ...taken: number[]): Promise<number> {
  const block = await claimOwnBlock(directory, () => busy(...taken));
  await block.release();
  return block.number;
}

it('a directory gets its block again although its own nodes use it', async (test) => {
  const { original, other } = directories(test);
  const number = await claimed(original);
  assert.equal(await claimed(original, number), number);
  renameSync(original, other);
  assert.equal(await claimed(other, number), number, 'moved');
});

it('a copy of a directory gets the block only when nothing uses it', async (test) => {
  const { original, other } = directories(test);
  const number = await claimed(original);
  cpSync(original, other, { recursive: true });
  assert.notEqual(await claimed(other, number), number);
  rmSync(other, { recursive: true });
  cpSync(original, other, { recursive: true });
  assert.equal(await claimed(other), number);
});

it('a file of an older version counts as its own', async (test) => {
  const { original } = directories(test);
  const number = await claimed(original);
  writeFileSync(join(original, 'address-block'), `${number}\n`);
  assert.equal(await claimed(original, number), number);
});
