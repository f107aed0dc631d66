// Tests the AWS SDK that Node functions can use without packaging it.

import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { startTestFunctions, type TestFunctions } from './functions.fixture.ts';

let test: TestFunctions;
before(async () => {
  test = await startTestFunctions();
});
after(() => test.stop());

it('the SDK is available to scripts and modules', async () => {
  const script = await test.node(`
    const { STSClient } = require('@aws-sdk/client-sts');
    exports.handler = async () => typeof STSClient;`);
  const module = await test.specOf({
    'index.mjs': `
      import { STSClient } from '@aws-sdk/client-sts';
      export const handler = async () => typeof STSClient;`,
  });
  for (const spec of [script, module]) assert.equal((await test.invoke(spec)).answer, 'function');
});

it("the function's own SDK takes precedence", async () => {
  const spec = await test.specOf({
    'index.js': "exports.handler = async () => require('@aws-sdk/client-sts').own;",
    'node_modules/@aws-sdk/client-sts/index.js': "exports.own = 'packed';",
  });
  assert.equal((await test.invoke(spec)).answer, 'packed');
});

it('no other package of Millpond is available', async () => {
  const spec = await test.node(`
    const lacks = (name) => { try { require(name); return false; } catch (error) { return error.message; } };
    exports.handler = async () => [lacks('pino'), lacks('@aws-sdk/nothing'), process.env.MILLPOND_SDK_FROM];`);
  const { answer } = await test.invoke(spec);
  assert.match(answer[0], /^Cannot find module 'pino'/);
  assert.match(answer[1], /^Cannot find module '@aws-sdk\/nothing'/);
  assert.ok(!String(answer[1]).includes('runtimes.ts'), 'nothing of Millpond is named');
  assert.equal(answer[2] ?? undefined, undefined);
});

it('a missing client fails only when it is used', async () => {
  const spec = await test.node(`
    const { Nothing } = require('@aws-sdk/client-nothing');
    exports.handler = async () => { try { return new Nothing({}); } catch (error) { return error.message; } };`);
  const { answer } = await test.invoke(spec);
  assert.equal(
    answer,
    '@aws-sdk/client-nothing is not installed with this Millpond: include it in the package of the function',
  );
});
