// A disk without space left, in small: a file system of some megabytes that this test fills. Needs to be root.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { ModifyReplicationGroupCommand } from '@aws-sdk/client-elasticache';
import { MILLPOND, runCommand } from '../support/command.ts';
import { type SmallDisk, noMounting as skip, smallDisk } from '../support/small-disk.ts';
import type { MillpondProcess } from './millpond-process.ts';
import { isAlive } from './node-processes.ts';
import { type Scene, underFault } from './program.ts';
import { ask } from './session.ts';
import { shardsOf, strike } from './victims.ts';
import { during, until } from './wait.ts';

/** Far below what waiting for nodes that do not end would take. */
const QUICK_MS = 15_000;

const describe = ({ elasticache }: MillpondProcess, groupId: string, text: string) =>
  elasticache.send(
    new ModifyReplicationGroupCommand({
      ReplicationGroupId: groupId,
      ReplicationGroupDescription: text,
      ApplyImmediately: true,
    }),
  );

/** A line or two for people; never the trace of a program that broke. */
function isClear(text: string): void {
  assert.match(text, /space|full/i);
  assert.doesNotMatch(text, /\n\s+at |Internal error/);
}

const scene = (t: TestContext, play: (scene: Scene, disk: SmallDisk) => Promise<void>) => {
  const disk = smallDisk(t);
  return underFault(t, { group: 'cluster mode off, 1+2', dataDir: disk.dataDir }, async (each) => {
    try {
      await play(each, disk);
    } finally {
      disk.free();
    }
  });
};

test('a full disk: clients write on, and the API says no in an orderly way', { skip }, async (t) => {
  await scene(t, async ({ millpond, groupId, invariants, tell }, disk) => {
    disk.fill();
    const [writer] = invariants.shards.map((shard) => shard.writer);
    await writer!.nextWrite(1_000);
    for (let call = 0; call < 20; call++) {
      const answer = await describe(millpond, groupId, 'x'.repeat(200 + call)).catch((error: Error) => error);
      if (call === 0 && answer instanceof Error) tell(`the API: ${answer.name}: ${answer.message}`);
      if (answer instanceof Error) assert.ok('$fault' in answer, `no answer of the API: ${answer}`);
    }
    assert.ok(millpond.isRunning);
    disk.free();
    await describe(millpond, groupId, 'there is space again');
    await invariants.settled();
  });
});

test('a full disk: a primary dies, and later a replica', { skip }, async (t) => {
  await scene(t, async ({ millpond, groupId, invariants }, disk) => {
    for (const role of ['primary', 'replica'] as const) {
      const [shard] = await shardsOf(millpond, groupId);
      const victim = role === 'primary' ? shard!.primary : shard!.replicas[0]!;
      disk.fill();
      strike([victim], 'SIGKILL');
      await invariants.shards[0]!.writer.nextWrite(15_000);
      assert.ok(millpond.isRunning);
      // Some tries to bring it back, all in vain.
      await during(2_000);
      assert.ok(millpond.isRunning);
      disk.free();
      await invariants.settled();
    }
  });
});

test('a full disk: Millpond dies and is started again', { skip }, async (t) => {
  await scene(t, async ({ millpond, invariants, tell }, disk) => {
    disk.fill();
    await millpond.kill9();
    const started = runCommand(MILLPOND, ['up', '--detach', '--port=0', '--data-dir', millpond.dataDir]);
    const { code, stderr } = await started;
    tell(`up: ${code} ${stderr.trim()}`);
    if (code === 0) {
      await runCommand(MILLPOND, ['down', '--data-dir', millpond.dataDir]);
    } else {
      isClear(stderr);
    }
    disk.free();
    await millpond.start();
    await invariants.settled({ acknowledgedBy: 0 });
  });
});

test('a full disk: what cannot be saved is not stopped, and down says who lacks what', {
  skip,
}, async (t) => {
  await scene(t, async ({ millpond, groupId, invariants, tell }, disk) => {
    const [shard] = await shardsOf(millpond, groupId);
    const { address, endpoint } = shard!.primary;
    const port = Number(endpoint.split(':')[1]);
    await ask(address, port, 'SET', '{only}:bulk', randomBytes(1_000_000).toString('base64'));
    await invariants.shards[0]!.writer.nextWrite(5_000);
    disk.fill();
    const at = performance.now();
    const { code, stderr } = await millpond.down();
    const tookMs = performance.now() - at;
    tell(`down: ${code} after ${tookMs.toFixed(0)} ms: ${stderr.trim()}`);
    assert.equal(code, 1);
    isClear(stderr);
    // What Millpond itself gives free at its end may be enough for one of them.
    const running = shard!.members.filter(({ pid }) => isAlive(pid!));
    assert.ok(running.length > 0);
    for (const { id, address: own } of running) {
      assert.match(
        stderr,
        new RegExp(`${id} cannot save its data and keeps running.* MB of space left; it holds \\d+\\.\\d MB`),
      );
      assert.equal(await ask(own, port, 'PING'), 'PONG');
    }
    assert.ok(tookMs < QUICK_MS, `${tookMs} ms`);
    disk.free();
    const again = await millpond.down();
    assert.equal(again.code, 0, again.stderr);
    await millpond.start();
    await until('its data is back', 10_000, async () => {
      const [now] = await shardsOf(millpond, groupId);
      return Number(await ask(now!.primary.address, port, 'STRLEN', '{only}:bulk')) > 1_000_000;
    });
    await invariants.settled({ acknowledgedBy: 0 });
  });
});
