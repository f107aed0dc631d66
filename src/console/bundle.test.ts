import assert from 'node:assert/strict';
import { test } from 'node:test';
import { consoleBundle } from './bundle.ts';

test('in a clone the sources are bundled once, and no process stays', async () => {
  const [one, other] = await Promise.all([consoleBundle(), consoleBundle()]);
  assert.equal(one, other);
  assert.deepEqual([...one.files.keys()], [one.script, one.style]);
  const [script, style] = [...one.files.values()].map(({ content }) => content.toString());
  assert.match(script!, /uplot/);
  // A page loads nothing from elsewhere.
  assert.doesNotMatch(style!, /url\(|@import/);
  assert.ok(script!.length < 300_000, String(script!.length));
  while (process.getActiveResourcesInfo().includes('ProcessWrap')) await new Promise(setImmediate);
});
