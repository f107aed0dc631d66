import assert from 'node:assert/strict';
import { it } from 'node:test';
import { mapArguments } from './arguments.ts';

const HOST = '000000000000.dkr.ecr.us-east-1.amazonaws.com';
const LOCAL = 'localhost:4566';

const CASES: [given: string[], becomes: string[]][] = [
  [
    ['login', '-u', 'AWS', '-p', 'x', `https://${HOST}`],
    ['login', '-u', 'AWS', '-p', 'x', LOCAL],
  ],
  [
    ['login', '--username', 'AWS', '--password-stdin', HOST],
    ['login', '--username', 'AWS', '--password-stdin', LOCAL],
  ],
  [
    ['logout', `${HOST}/`],
    ['logout', LOCAL],
  ],
  [
    ['--context', 'x', 'tag', 'app:latest', `${HOST}/team/app:latest`],
    ['--context', 'x', 'tag', 'app:latest', `${LOCAL}/${HOST}/team/app:latest`],
  ],
  [
    ['image', 'push', `${HOST}/app`],
    ['image', 'push', `${LOCAL}/${HOST}/app`],
  ],
  [
    ['build', `--tag=${HOST}/app:1`, '-t', `${HOST}/app:2`, '.'],
    ['build', `--tag=${LOCAL}/${HOST}/app:1`, '-t', `${LOCAL}/${HOST}/app:2`, '.'],
  ],
  [
    ['run', '--rm', `${HOST}/app:1`, 'echo', `${HOST}/app:1`],
    ['run', '--rm', `${LOCAL}/${HOST}/app:1`, 'echo', `${HOST}/app:1`],
  ],
  [
    ['exec', 'c', 'echo', `${HOST}/app`],
    ['exec', 'c', 'echo', `${HOST}/app`],
  ],
];

it('names of registries become names at the API', () => {
  for (const [given, becomes] of CASES)
    assert.deepEqual(mapArguments(given, LOCAL), becomes, given.join(' '));
});

it('everything else stays', () => {
  for (const given of [
    [],
    ['--help'],
    ['ps'],
    ['push', 'docker.io/library/app'],
    ['login', 'registry.example'],
    ['push', `${HOST}.evil.test/app`],
    ['push', HOST],
    ['build', '.', '--label', 'a=b'],
  ]) {
    assert.deepEqual(mapArguments(given, LOCAL), given);
  }
});
