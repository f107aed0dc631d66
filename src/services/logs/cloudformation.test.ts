// Drives CloudWatch Logs' resource type as CloudFormation does.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownLogs } from '../../../test/support/logs.ts';
import { driveTypes, SCOPE } from '../../../test/support/resource-types.ts';
import { createClient } from '../../wire/client.ts';
import { logsResourceTypes } from './cloudformation.ts';
import type { Sdk } from './sdk.ts';

test('a log group is created, changed and deleted', async (test) => {
  const { service, stop } = await ownLogs({ clock: { now: () => 0 } });
  test.after(stop);
  const logs = createClient<Sdk>('logs', { inProcess: service });
  const { make, update, deleteAll } = driveTypes(logsResourceTypes(logs));
  const first = { LogGroupName: '/aws/lambda/web', RetentionInDays: '7' };
  const made = await make('AWS::Logs::LogGroup', 'Logs', first);
  assert.deepEqual(made, {
    physicalId: '/aws/lambda/web',
    attributes: { Arn: 'arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/web:*' },
  });
  const groups = async () => (await logs.call('DescribeLogGroups', {}, SCOPE)).logGroups!;
  assert.equal((await groups())[0]!.retentionInDays, 7);
  await update('AWS::Logs::LogGroup', 'Logs', made.physicalId, [first, { LogGroupName: '/aws/lambda/web' }]);
  assert.equal((await groups())[0]!.retentionInDays, undefined);
  await deleteAll();
  assert.deepEqual(await groups(), []);
  await assert.rejects(make('AWS::Logs::LogGroup', 'Bad', { LogGroupName: 'x', RetentionInDays: 2 }), {
    name: 'ResourceFailure',
    physicalId: 'x',
  });
});
