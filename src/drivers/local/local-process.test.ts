// What is read from the system and from logs. Pure; real processes are in local-fleet.test.ts.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { rejectedDirective, startFailure, summarise } from './local-process.ts';
import { lastServiceEndedCleanly, tellsOfCleanEnd } from './node-directory.ts';
import { parseStat } from './process-table.ts';
import { parseLsof, parsePs } from './ps-process-table.ts';

const fatal = [
  '*** FATAL CONFIG FILE ERROR (Redis 7.0.15) ***',
  'Reading the configuration file, at line 1',
  '>>> \'bogus-x "1"\'',
  'Bad directive or wrong number of arguments',
];

it('knows a rejected directive', () => {
  assert.equal(rejectedDirective(fatal), 'bogus-x');
  assert.equal(rejectedDirective(['1:M 1 Nov 2026 10:00:00.000 # >>> nothing']), undefined);
});

it('tells why a start failed, in one line without secrets', () => {
  const taken =
    '1:M 21 Nov 2026 10:00:00.000 # Warning: Could not create server TCP listening socket 127.5.0.1:6379: bind: Address already in use';
  assert.equal(startFailure('a', 'it ended with status 1', [taken]).code, 'AddressInUse');
  assert.equal(startFailure('a', 'r', ['x: No space left on device']).code, 'DiskFull');
  assert.equal(startFailure('a', 'r', []).message, 'The engine of node a could not be started: r');
  assert.doesNotMatch(
    summarise([">>> 'masterauth topsecret'", ">>> 'user millpond on #abc'"]),
    /topsecret|abc/,
  );
  assert.equal(summarise([taken]), taken.slice(taken.indexOf('Warning')));
});

it('tells a clean end by the last words of Redis and Valkey', () => {
  const at = '13:M 21 Nov 2026 10:31:50.145';
  const redis = [
    `${at} # User requested shutdown...`,
    `${at} * Saving the final RDB snapshot before exiting.`,
    `${at} * DB saved on disk`,
    `${at} # Redis is now ready to exit, bye bye...`,
  ];
  assert.equal(tellsOfCleanEnd(redis), true);
  assert.equal(tellsOfCleanEnd(redis.map((line) => line.replace('Redis is', 'Valkey is'))), true);
  assert.equal(tellsOfCleanEnd(redis.filter((line) => !line.includes('saved'))), false);
  assert.equal(tellsOfCleanEnd(redis.slice(0, -1)), false);
  assert.equal(tellsOfCleanEnd([...redis, `${at} * Ready to accept connections`]), false);
  assert.equal(tellsOfCleanEnd([]), false);

  const mark = '--- starting redis 7.0.15 ---\n';
  const served = `${mark}${at} * Ready to accept connections\n`;
  const clean = `${served}${redis.join('\n')}\n`;
  const diedLoading = `${mark}${at} * Loading RDB produced by version 7.0.15\n`;
  assert.equal(lastServiceEndedCleanly(clean), true);
  assert.equal(lastServiceEndedCleanly(clean + diedLoading), true);
  assert.equal(lastServiceEndedCleanly(clean + diedLoading + diedLoading), true);
  assert.equal(lastServiceEndedCleanly(clean + served), false);
  assert.equal(lastServiceEndedCleanly(clean + served + diedLoading), false);
  assert.equal(lastServiceEndedCleanly(diedLoading), false);
});

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
