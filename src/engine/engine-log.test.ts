import assert from 'node:assert/strict';
import { it } from 'node:test';
import {
  lastServiceEndedCleanly,
  rejectedDirective,
  reportsCleanEnd,
  startFailure,
  summarise,
} from './engine-log.ts';

const fatal = [
  '*** FATAL CONFIG FILE ERROR (Redis 7.0.15) ***',
  'Reading the configuration file, at line 1',
  '>>> \'bogus-x "1"\'',
  'Bad directive or wrong number of arguments',
];

it('finds a rejected directive', () => {
  assert.equal(rejectedDirective(fatal), 'bogus-x');
  assert.equal(rejectedDirective(['1:M 1 Nov 2026 10:00:00.000 # >>> nothing']), undefined);
});

it('summarises a failed start in one line without secrets', () => {
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

it('recognises a clean end in the last lines of Redis and Valkey', () => {
  const at = '13:M 21 Nov 2026 10:31:50.145';
  const redis = [
    `${at} # User requested shutdown...`,
    `${at} * Saving the final RDB snapshot before exiting.`,
    `${at} * DB saved on disk`,
    `${at} # Redis is now ready to exit, bye bye...`,
  ];
  assert.equal(reportsCleanEnd(redis), true);
  assert.equal(reportsCleanEnd(redis.map((line) => line.replace('Redis is', 'Valkey is'))), true);
  assert.equal(reportsCleanEnd(redis.filter((line) => !line.includes('saved'))), false);
  assert.equal(reportsCleanEnd(redis.slice(0, -1)), false);
  assert.equal(reportsCleanEnd([...redis, `${at} * Ready to accept connections`]), false);
  assert.equal(reportsCleanEnd([]), false);

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
