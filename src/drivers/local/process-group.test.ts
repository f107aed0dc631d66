import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { until } from '../../engine/testing/settle.ts';
import { endGroup } from './process-group.ts';
import { createProcessTable, type ProcessTable } from './process-table.ts';

/** Runs `script` in its own group and directory; its processes are ended after the test. */
async function startGroup(t: TestContext, script: string) {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'millpond-group-')));
  const leader = spawn('sh', ['-c', script], { cwd: directory, detached: true, stdio: 'ignore' });
  await once(leader, 'spawn');
  const groupId = leader.pid!;
  t.after(() => {
    try {
      process.kill(-groupId, 'SIGKILL');
    } catch {
      // All gone.
    }
    rmSync(directory, { recursive: true, force: true });
  });
  return { leader, groupId, directory };
}

/** The real table with a count of group queries, each of which reads every process. */
function countingTable(): ProcessTable & { groupLooks: number } {
  const table = {
    ...createProcessTable(),
    groupLooks: 0,
    group(groupId: number) {
      table.groupLooks++;
      return createProcessTable().group(groupId);
    },
  };
  return table;
}

const exit = (leader: ChildProcess): Promise<unknown> => once(leader, 'exit');
const isGone = (table: ProcessTable, groupId: number): boolean =>
  table.group(groupId).every((look) => look.state === 'dead');

test('a single process is ended without reading all others', async (t) => {
  const { leader, groupId, directory } = await startGroup(t, 'exec sleep 60');
  const table = countingTable();
  await endGroup(table, groupId, directory, exit(leader));
  assert.equal(table.groupLooks, 0);
  assert.ok(isGone(table, groupId));
});

test('the children of a dead leader are ended, too', async (t) => {
  const { leader, groupId, directory } = await startGroup(t, 'sleep 60 & exit 0');
  if (leader.exitCode === null) await exit(leader);
  const table = createProcessTable();
  await until('its child lives on', () => !isGone(table, groupId));
  await endGroup(table, groupId, directory, Promise.resolve());
  assert.ok(isGone(table, groupId));
});

test('a group that works elsewhere is left alone', async (t) => {
  const { groupId } = await startGroup(t, 'exec sleep 60');
  const table = createProcessTable();
  await endGroup(table, groupId, join(tmpdir(), 'some-other-directory'));
  assert.ok(!isGone(table, groupId));
});
