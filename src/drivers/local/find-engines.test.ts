// Tests which processes count as engines of nodes, over a process table of the test's own.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { findEngines } from './find-engines.ts';
import type { ProcessTable } from './process-look.ts';

const ROOT = '/data/nodes';

it('finds an engine in a directory that no node can have, and has no record of it', async () => {
  const directory = `${ROOT}/a copy of mine`;
  const look = { pid: 12, groupId: 12, startTick: '1', state: 'alive' as const };
  const table = {
    look: () => look,
    workingBelow: () => [{ pid: 12, directory, executable: '/usr/bin/redis-server' }],
  } as unknown as ProcessTable;
  assert.deepEqual(await findEngines(table, ROOT, new Set()), [
    {
      ...{ groupId: 12, key: 'a copy of mine', directory, leader: look },
      ...{ executable: '/usr/bin/redis-server', record: undefined },
    },
  ]);
});
