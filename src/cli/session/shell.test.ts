import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sessionCommand, sessionEnvironment } from './shell.ts';

const SETTINGS = {
  hostName: 'ip-10-0-0-12.ec2.internal',
  region: 'us-east-1',
  accessKeyId: '111122223333',
  shell: '/bin/bash',
};

test('a session has the user’s tools and display settings, and none of their credentials', () => {
  const environment = {
    ...{ PATH: '/bin', TERM: 'screen', AWS_PAGER: '', AWS_PROFILE: 'prod', AWS_SESSION_TOKEN: 't' },
    ...{ AWS_SECRET_ACCESS_KEY: 's', AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1' },
    ...{ PS1: 'mine', PROMPT_COMMAND: 'x', BASH_ENV: '/x', OLDPWD: '/home', AWS_CONFIG_FILE: '/x' },
  };
  assert.deepEqual(sessionEnvironment(environment, SETTINGS), {
    ...{ PATH: '/bin', TERM: 'screen', AWS_PAGER: '' },
    ...{ AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'us-east-1' },
    ...{ AWS_ACCESS_KEY_ID: '111122223333', AWS_SECRET_ACCESS_KEY: 'millpond' },
    ...{ HOSTNAME: 'ip-10-0-0-12.ec2.internal', SHELL: '/bin/bash', PS1: 'sh-\\v$ ', HISTFILE: '' },
  });
  const { TERM, PS1 } = sessionEnvironment({}, { ...SETTINGS, shell: '/bin/sh' });
  assert.deepEqual([TERM, PS1], ['xterm-256color', 'sh$ ']);
});

test('the command is a plain shell, a command line, or a piped script', () => {
  const bare = ['/bin/bash', '--noprofile', '--norc'];
  assert.deepEqual(sessionCommand('/bin/bash', undefined, true), [...bare, '-i']);
  assert.deepEqual(sessionCommand('/bin/bash', undefined, false), bare);
  assert.deepEqual(sessionCommand('/bin/bash', 'echo "a b"', true), [...bare, '-c', 'echo "a b"']);
  assert.deepEqual(sessionCommand('/bin/sh', undefined, true), ['/bin/sh', '-i']);
});
