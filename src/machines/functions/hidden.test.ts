// Tests directories that no function may see, and data directories in places where functions have their own
// directories.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import { systemClock } from '../../kernel/clock.ts';
import { silentLog } from '../../kernel/log.ts';
import { createFunctions } from './pool.ts';

for (const parent of ['/var/tmp', '/opt', '/usr/local/share']) {
  it(`a hidden directory in ${parent} is empty for functions, although their files come from there`, (context) =>
    seenIn(parent, context));
}

async function seenIn(parent: string, context: TestContext): Promise<void> {
  const directory = await mkdtemp(join(parent, 'millpond-hidden-')).catch(() => undefined);
  if (!directory) return context.skip('needs root');
  const functions = await createFunctions({
    directory: join(directory, 'functions'),
    clock: systemClock,
    log: silentLog,
    hidden: [directory],
  });
  context.after(async () => {
    await functions.stop();
    await rm(directory, { recursive: true });
  });
  const codeDirectory = join(directory, 'code');
  await mkdir(codeDirectory);
  const layer = join(directory, 'layer');
  await mkdir(layer);
  await writeFile(join(layer, 'layered'), '');
  await writeFile(join(directory, 'secret'), 'secret');
  const source = `
    const { readdirSync, writeFileSync } = require('node:fs');
    exports.handler = async () => {
      writeFileSync('/tmp/mine', '');
      return [process.env.LAMBDA_TASK_ROOT, readdirSync(${JSON.stringify(directory)}), readdirSync('/tmp'), readdirSync('/opt').includes('layered')];
    };`;
  await writeFile(join(codeDirectory, 'index.js'), source);
  const outcome = await functions.invoke(
    {
      ...{ key: 'hidden', runtime: 'nodejs24.x', handler: 'index.handler' },
      ...{ codeDirectory, layerDirectories: [layer], variables: () => ({}) },
      ...{ timeoutMs: 20_000, memoryBytes: 512 * 2 ** 20 },
    },
    { requestId: 'r', functionArn: 'a', event: Buffer.from('{}') },
  );
  const [root, seen, temporary, isLayered] = JSON.parse(outcome!.payload.toString());
  if (root !== '/var/task') return context.skip('needs namespaces');
  assert.deepEqual([seen, temporary, isLayered], [[], ['mine'], true]);
}
