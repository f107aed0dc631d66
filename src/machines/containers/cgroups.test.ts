import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { removeGroups } from './cgroups.ts';

// Directories behave as control groups do: only empty ones can be removed.
const directory = mkdtempSync(join(tmpdir(), 'millpond-cgroups-'));
after(() => rmSync(directory, { recursive: true }));

function groupIn(parent: string, name: string): string {
  const group = join(directory, parent, name);
  mkdirSync(group, { recursive: true });
  return group;
}

it('nothing is left of the last group', async () => {
  const [one, other] = [groupIn('pids', 'one'), groupIn('pids', 'other')];
  await removeGroups([one]);
  assert.ok(existsSync(other));
  await removeGroups([other]);
  assert.ok(!existsSync(join(directory, 'pids')));
});

it('a parent that hands its controllers on stays', async () => {
  const group = groupIn('unified', 'one');
  writeFileSync(join(directory, 'unified', 'cgroup.subtree_control'), 'memory pids');
  await removeGroups([group]);
  assert.ok(!existsSync(group));
  assert.ok(existsSync(join(directory, 'unified')));
});
