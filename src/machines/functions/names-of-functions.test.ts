// Tests Millpond's current names inside of functions.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { systemClock } from '../../kernel/clock.ts';
import { silentLog } from '../../kernel/log.ts';
import { openView } from '../names/open-view.ts';
import { createFunctions } from './pool.ts';

it('a function resolves a name to its current address', async (context) => {
  const directory = await mkdtemp(join(tmpdir(), 'millpond-names-test-'));
  let address = '127.9.1.1';
  const names = await openView({
    dnsAddress: '127.0.0.1',
    dnsPort: 5353,
    readNames: async () => ({ 'primary.test': address }),
  });
  const functions = await createFunctions({
    directory: join(directory, 'functions'),
    clock: systemClock,
    log: silentLog,
    mounts: names.mounts,
  });
  context.after(async () => {
    await functions.stop();
    await names.dispose();
    await rm(directory, { recursive: true });
  });
  const source = `
    const { lookup } = require('node:dns/promises');
    exports.handler = async () => process.env.LAMBDA_TASK_ROOT === '/var/task' ? (await lookup('primary.test')).address : null;`;
  await writeFile(join(directory, 'index.js'), source);
  const ask = async () => {
    const outcome = await functions.invoke(
      {
        ...{ key: 'names', runtime: 'nodejs24.x', handler: 'index.handler' },
        ...{ codeDirectory: directory, layerDirectories: [], variables: () => ({}) },
        ...{ timeoutMs: 20_000, memoryBytes: 512 * 2 ** 20 },
      },
      { requestId: 'r', functionArn: 'a', event: Buffer.from('{}') },
    );
    return JSON.parse(outcome!.payload.toString());
  };
  const first = await ask();
  if (first === null) return context.skip('needs namespaces');
  assert.equal(first, '127.9.1.1');
  address = '127.9.1.2';
  while ((await ask()) !== '127.9.1.2') await new Promise(setImmediate);
});
