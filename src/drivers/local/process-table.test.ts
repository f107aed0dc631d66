// Tests the parsers. Pure; real processes are in local-driver.test.ts.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { parseStat } from './process-table.ts';
import { parseLsof, parsePs } from './ps-process-table.ts';

it('reads /proc/PID/stat, whatever the name of the process', () => {
  const rest = '1 4242 4242 0 -1 4194624 1 0 0 0 0 0 0 0 20 0 5 0 987654 1 2';
  assert.deepEqual(parseStat(`4242 (redis) server) S ${rest}`), {
    pid: 4242,
    groupId: 4242,
    startTick: '987654',
    state: 'alive',
  });
  assert.equal(parseStat(`4242 (a) Z ${rest}`)?.state, 'alive', 'five threads are on their way out');
  assert.equal(parseStat(`4242 (a) Z ${rest.replace(' 5 0 ', ' 1 0 ')}`)?.state, 'dead');
  assert.equal(parseStat(`4242 (a) T ${rest}`)?.state, 'stopped');
  assert.equal(parseStat(undefined), undefined);
});

it('reads ps and lsof', () => {
  assert.deepEqual(
    parsePs('  12   12 Ss   Sat Nov 21 10:00:00 2026    \n  13   12 T  Sat Nov 21 10:00:01 2026\n'),
    [
      { pid: 12, groupId: 12, startTick: 'Sat Nov 21 10:00:00 2026', state: 'alive' },
      { pid: 13, groupId: 12, startTick: 'Sat Nov 21 10:00:01 2026', state: 'stopped' },
    ],
  );
  assert.deepEqual(parseLsof('p12\ncredis-ser\nfcwd\nn/data/nodes/a\n'), [
    { pid: 12, directory: '/data/nodes/a', executable: 'redis-ser' },
  ]);
});
