// What Millpond must not load only to be ready: each of these costs memory for good and time at every start.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { runCommand } from './support/command.ts';

const MAIN = pathToFileURL('src/main.ts').href;
const HEAVY = /^NativeModule (internal\/deps\/undici\/undici|https|http2|wasi)$/;

test('the program is loaded without what nobody has asked for yet', async () => {
  const script = `
    await import(${JSON.stringify(MAIN)});
    const packages = Object.keys(process.getBuiltinModule('node:module')._cache);
    console.log(JSON.stringify([...process.moduleLoadList, ...packages]));`;
  const { stdout, stderr, code } = await runCommand(['--input-type=module', '-e', script], []);
  assert.equal(code, 0, stderr);
  const loaded = JSON.parse(stdout) as string[];
  assert.ok(loaded.some((name) => name.includes('/node_modules/pino/')));
  const heavy = loaded.filter((name) => HEAVY.test(name) || name.includes('/node_modules/ioredis/'));
  assert.deepEqual(heavy, []);
});
