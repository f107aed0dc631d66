import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isWaiter } from './waiter.ts';

test('waiters are recognised by their User-Agent', () => {
  const common = 'ua/2.1 os/linux#6.1 md/arch#x86_64 lang/python#3.11.7';
  for (const userAgent of [
    `aws-cli/1.45.11 md/Botocore#1.43.11 ${common} m/Z,B,g,b,N,D cfg/retry-mode#legacy`,
    `Boto3/1.43.11 ${common} m/B`,
    'aws-cli/2.9.19 Python/3.11.2 prompt/off command/cloudformation.wait.stack-create-complete',
    'aws-cli/2.30.0 md/command#elasticache.wait.replication-group-available',
    'aws-cli/2.9.19 prompt/off command/cloudformation.deploy',
  ]) {
    assert.ok(isWaiter(userAgent), userAgent);
  }
});

test('other clients are not waiters', () => {
  for (const userAgent of [
    undefined,
    '',
    'aws-sdk-js/3.1168.0 ua/2.1 lang/js m/N,E,g',
    'Boto3/1.43.11 m/b,Z,D',
    'aws-cli/2.9.19 prompt/off command/cloudformation.describe-stacks',
    'aws-cli/2.9.19 prompt/off command/deploy.wait-for',
  ]) {
    assert.equal(isWaiter(userAgent), false, userAgent);
  }
});
