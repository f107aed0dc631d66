// Tests what the fake fleet adds to the contract: verbs that make nodes fail.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createFakeFleet } from './fake-fleet.ts';

async function started() {
  const fleet = createFakeFleet();
  for (const key of ['a', 'b']) {
    const address = `127.0.9.${key.charCodeAt(0)}`;
    const spec = { key, address, port: 6379, binary: fleet.binaries[0]!, directives: {} };
    await fleet.start({ ...spec, data: 'keep' });
    await fleet.ready(key);
  }
  return fleet;
}

it('hangs only one node, and resumes it', async () => {
  const fleet = await started();
  fleet.hang('a');
  assert.deepEqual([fleet.status('a').state, fleet.status('b').state], ['hung', 'running']);
  await assert.rejects(fleet.admin('a').send('PING'), { code: 'TimedOut' });
  fleet.resume('a');
  assert.equal(fleet.status('a').state, 'running');
  assert.equal(await fleet.admin('a').send('PING'), 'PONG');
});

it('adopts a hung node as hung, and ends it on stop', async () => {
  const fleet = await started();
  fleet.hang('a');
  const again = fleet.reopen();
  await again.adopt(new Set(['a', 'b']));
  assert.deepEqual([again.status('a').state, again.status('b').state], ['hung', 'running']);
  await again.stop('a', { save: true, graceMs: 10_000 });
  assert.equal(again.status('a').state, 'exited');
  assert.equal((await again.stored('a')).clean, false);
});

it('ends a node at once when it crashes', async () => {
  const fleet = await started();
  const exited = new Promise<void>((resolve) =>
    fleet.onChange((key) => key === 'a' && fleet.status(key).state === 'exited' && resolve()),
  );
  fleet.crash('a');
  await exited;
  await assert.rejects(fleet.admin('a').send('PING'), { code: 'EngineFailed' });
});
