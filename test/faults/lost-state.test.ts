// The state is lost or damaged beside nodes that run, and data directories are copied. Nothing that the state does not
// know is ended or deleted, and a copy has nothing to do with its original.

import assert from 'node:assert/strict';
import { cpSync, readdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { DescribeEventsCommand, TestFailoverCommand } from '@aws-sdk/client-elasticache';
import type { MemberStatus } from '../../src/status.ts';
import { backupPath } from '../../src/store/state-files.ts';
import { MILLPOND, runCommand } from '../support/command.ts';
import { endpointsAreRight } from './endpoints-right.ts';
import { type MillpondProcess, startMillpondProcess } from './millpond-process.ts';
import { isAlive, signal } from './node-processes.ts';
import { createGroup, isAvailable, type Scene, underFault, withMillpond } from './program.ts';
import { ask } from './session.ts';
import { shardsOf } from './victims.ts';
import { until } from './wait.ts';

const GROUPS = ['cluster mode off, 1+2', 'cluster mode on, 3x(1+1)'] as const;
const PORT = 6379;
const GROUP = 'demo';

const stateOf = ({ dataDir }: MillpondProcess) => join(dataDir, 'state.sqlite');
const backupsIn = ({ dataDir }: MillpondProcess) =>
  readdirSync(dataDir).filter((name) => /^state\.sqlite\.backup-2/.test(name));

function loseState(millpond: MillpondProcess, how: 'remove' | 'empty' | 'noise'): void {
  const file = stateOf(millpond);
  for (const suffix of ['-wal', '-shm']) rmSync(file + suffix, { force: true });
  if (how === 'remove') rmSync(file);
  else if (how === 'empty') truncateSync(file, 0);
  else writeFileSync(file, Buffer.alloc(20_000, 'noise'));
}

function loseBackups(millpond: MillpondProcess): void {
  for (const name of backupsIn(millpond)) rmSync(join(millpond.dataDir, name));
}

const membersOf = async (millpond: MillpondProcess, groupId = GROUP) =>
  (await shardsOf(millpond, groupId)).flatMap(({ members }) => members);

const told = (millpond: MillpondProcess, what: RegExp) =>
  millpond.logLines().filter(({ msg }) => what.test(msg));

for (const group of GROUPS) {
  test(`${group}: the state is lost beside nodes that run, and there is a backup`, async (t) => {
    await underFault(t, { group }, async ({ millpond, groupId, invariants, random }: Scene) => {
      await until('there is a backup', 30_000, () => backupsIn(millpond).length > 0 || 'none yet');
      for (const how of random.shuffled(['remove', 'empty', 'noise'] as const)) {
        const before = await membersOf(millpond, groupId);
        await millpond.kill9();
        loseState(millpond, how);
        await millpond.start();
        await invariants.settled();
        const after = await membersOf(millpond, groupId);
        assert.deepEqual(
          after.map(({ id, pid }) => [id, pid]),
          before.map(({ id, pid }) => [id, pid]),
        );
        assert.ok(told(millpond, /goes on with its backup of/).length > 0);
      }
    });
  });
}

for (const group of GROUPS) {
  test(`${group}: the backup is older than a failover of each shard`, async (t) => {
    await withMillpond(t, {}, async (millpond) => {
      await createGroup(millpond, GROUP, group);
      await isAvailable(millpond, GROUP);
      const old = await shardsOf(millpond, GROUP);
      await millpond.kill9();
      const backup = copyOfState(millpond);
      await millpond.start();
      for (const { id, primary } of old) await failOver(millpond, id, primary);
      const before = await placesOf(millpond);
      const key = 'set after the backup';
      const primaries = (await membersOf(millpond)).filter(({ role }) => role === 'primary');
      // With cluster mode on all but one of them say whose slot it is.
      for (const { address } of primaries) await ask(address, PORT, 'SET', key, 'foo').catch(String);
      await millpond.kill9();
      loseState(millpond, 'empty');
      loseBackups(millpond);
      renameSync(backup, backupPath(stateOf(millpond), Date.now()));
      await millpond.start();
      await until('all is as it was', 30_000, async () => {
        const after = await placesOf(millpond);
        return isDeepStrictEqual(after, before) || JSON.stringify(after);
      });
      assert.equal(told(millpond, /recorded address of a node is out of date/).length, old.length);
      const values = await Promise.all(
        primaries.map(({ address }) => ask(address, PORT, 'GET', key).catch(String)),
      );
      assert.ok(values.includes('foo'), values.join());
      await until('the names are right', 5_000, async () =>
        endpointsAreRight(await millpond.group(GROUP), millpond.resolver),
      );
    });
  });
}

/** Of a Millpond that was killed. */
function copyOfState(millpond: MillpondProcess): string {
  const copy = join(millpond.dataDir, 'copy.sqlite');
  const database = new DatabaseSync(stateOf(millpond));
  database.prepare('VACUUM INTO ?').run(copy);
  database.close();
  return copy;
}

/** Resolves once the old primary is back, at its new address. */
async function failOver(millpond: MillpondProcess, shardId: string, old: MemberStatus): Promise<void> {
  const command = new TestFailoverCommand({ ReplicationGroupId: GROUP, NodeGroupId: shardId });
  await until(`${shardId} may fail over`, 30_000, () =>
    millpond.elasticache.send(command).then(
      () => true,
      (error: Error) => error.name === 'TestFailoverNotAvailableFault' && error.message,
    ),
  );
  await until(`${old.id} is a replica at another address`, 60_000, async () => {
    const { role, state, address } = await millpond.member(GROUP, old.id);
    return (role === 'replica' && state === 'running' && address !== old.address) || `${role}, ${state}`;
  });
  await isAvailable(millpond, GROUP);
}

/** What must be the same after a restart: of each member its process, address, role and state. */
const placesOf = async (millpond: MillpondProcess) =>
  (await membersOf(millpond)).map(({ id, pid, address, role, state }) => ({ id, pid, address, role, state }));

/** A group with a key in it, whose Millpond is killed and loses its state for good. */
async function withLostState(
  t: TestContext,
  how: 'remove' | 'empty' | 'noise',
  play: (millpond: MillpondProcess, left: { id: string; pid: number; address: string }[]) => Promise<void>,
): Promise<void> {
  await withMillpond(t, {}, async (millpond) => {
    await createGroup(millpond, GROUP, 'cluster mode off, 1+2');
    await isAvailable(millpond, GROUP);
    const members = await membersOf(millpond);
    const { address } = members.find(({ role }) => role === 'primary')!;
    await ask(address, PORT, 'SET', 'hoge', 'foo');
    const left = members.map(({ id, pid, address: own }) => ({ id, pid: pid!, address: own }));
    await millpond.kill9();
    loseState(millpond, how);
    loseBackups(millpond);
    try {
      await play(millpond, left);
      for (const { id, pid, address: own } of left) {
        assert.ok(isAlive(pid), `${id} was ended`);
        // A replica that has just synced is sent what was written since only after its next acknowledgement.
        await until(`${id} has the key`, 10_000, async () => (await ask(own, PORT, 'GET', 'hoge')) === 'foo');
      }
    } finally {
      for (const { pid } of left) signal(pid, 'SIGKILL');
    }
  });
}

for (const how of ['remove', 'empty'] as const) {
  test(`the state is lost (${how}) without a backup: what runs is left and named`, async (t) => {
    await withLostState(t, how, async (millpond, left) => {
      await millpond.start();
      const [line] = told(millpond, /Engines run that the state does not know/);
      for (const { id, pid } of left) assert.match(line!.msg, new RegExp(`${id} \\(pid ${pid}\\)`));
      // A new group of the same name gets in nobody's way.
      await createGroup(millpond, GROUP, 'cluster mode off, 1+2');
      await isAvailable(millpond, GROUP);
      for (const { pid, address } of await membersOf(millpond)) {
        assert.ok(left.every((old) => old.pid !== pid && old.address !== address));
      }
      for (const { pid } of left)
        assert.ok(
          told(millpond, /to make room for a new node/).some(({ pids }) => isDeepStrictEqual(pids, [pid])),
        );
      const { Events = [] } = await millpond.elasticache.send(new DescribeEventsCommand({ Duration: 60 }));
      const events = Events.map(({ Message = '' }) => Message);
      assert.equal(events.filter((text) => /belong to no node/.test(text)).length, left.length, `${events}`);
      const ending = await millpond.down();
      assert.equal(ending.code, 0, ending.stderr);
      for (const { pid } of left) assert.match(ending.stderr, new RegExp(`pid ${pid}\\b`));
      await millpond.start();
    });
  });
}

test('the state is damaged and has no backup: nothing is touched, and what to do is said', async (t) => {
  await withLostState(t, 'noise', async (millpond) => {
    const directory = ['--data-dir', millpond.dataDir];
    const { code, stderr } = await runCommand(MILLPOND, ['up', '--detach', '--port=0', ...directory]);
    assert.equal(code, 1);
    assert.match(stderr, /is damaged .*no backup.*move it away/);
    rmSync(stateOf(millpond));
    await millpond.start();
  });
});

test('purge ends what runs, whether the state knows it or not', async (t) => {
  await withMillpond(t, {}, async (millpond) => {
    await createGroup(millpond, GROUP, 'cluster mode off, 1+2');
    await isAvailable(millpond, GROUP);
    const members = await membersOf(millpond);
    await millpond.kill9();
    loseState(millpond, 'remove');
    loseBackups(millpond);
    await millpond.start();
    assert.equal((await millpond.down('--purge')).code, 0);
    for (const { id, pid } of members) assert.ok(!isAlive(pid!), id);
    await millpond.start();
  });
});

for (const group of GROUPS) {
  for (const original of ['runs', 'was killed'] as const) {
    test(`${group}: a copy of a data directory whose Millpond ${original}`, async (t) => {
      await underFault(t, { group }, async ({ millpond, groupId, invariants }) => {
        // So that there is something on the disks.
        assert.equal((await millpond.down()).code, 0);
        await millpond.start();
        await invariants.settled({ acknowledgedBy: 0 });
        const mine = await membersOf(millpond, groupId);
        if (original === 'was killed') await millpond.kill9();
        const dataDir = `${millpond.dataDir}-copy`;
        cpSync(millpond.dataDir, dataDir, { recursive: true, preserveTimestamps: true });
        const copy = await startMillpondProcess({ dataDir });
        try {
          await isAvailable(copy, groupId);
          const addresses = new Set(mine.map(({ address }) => address));
          const pids = new Set(mine.map(({ pid }) => pid));
          await until('the copy has nodes of its own', 30_000, async () => {
            const theirs = await membersOf(copy, groupId);
            const shared = theirs.find(({ pid, address }) => addresses.has(address) || pids.has(pid));
            if (shared) return `${shared.id} is shared`;
            return theirs.every(({ state }) => state === 'running') || 'not all run';
          });
          for (const { address, role } of await membersOf(copy, groupId)) {
            if (role !== 'primary' || group !== 'cluster mode off, 1+2') continue;
            await ask(address, PORT, 'SET', 'in the copy', 'only');
          }
          assert.equal((await copy.down()).code, 0);
        } finally {
          await copy.destroy({ keep: false });
        }
        for (const { id, pid, address } of mine) {
          assert.ok(isAlive(pid!), `${id} was ended`);
          if (group === 'cluster mode off, 1+2')
            assert.equal(await ask(address, PORT, 'GET', 'in the copy'), null);
        }
        if (original === 'was killed') await millpond.start();
        await invariants.settled();
      });
    });
  }
}
