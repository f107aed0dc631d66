// Drives CloudWatch Logs' resource types as CloudFormation does.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ownLogs } from '../../../test/support/logs.ts';
import { driveTypes, SCOPE } from '../../../test/support/resource-types.ts';
import type { Properties } from '../../control/resource-type.ts';
import { createClient } from '../../wire/client.ts';
import { logsResourceTypes } from './cloudformation.ts';
import type { Sdk } from './sdk.ts';

async function openLogs(test: TestContext, lambda?: Parameters<typeof ownLogs>[0]['lambda']) {
  const { service, stop } = await ownLogs({ clock: { now: () => 0 }, ...(lambda && { lambda }) });
  test.after(stop);
  const logs = createClient<Sdk>('logs', { inProcess: service });
  return { logs, ...driveTypes(logsResourceTypes(logs)) };
}

test('a log group is created, changed and deleted', async (test) => {
  const { logs, make, update, deleteAll } = await openLogs(test);
  const key = (name: string) => `arn:aws:kms:us-east-1:000000000000:key/${name}`;
  const first = { LogGroupName: '/aws/lambda/web', RetentionInDays: '7', KmsKeyId: key('a') };
  const made = await make('AWS::Logs::LogGroup', 'Logs', first);
  assert.deepEqual(made, {
    physicalId: '/aws/lambda/web',
    attributes: { Arn: 'arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/web:*' },
  });
  const groups = async () => (await logs.call('DescribeLogGroups', {}, SCOPE)).logGroups!;
  assert.equal((await groups())[0]!.retentionInDays, 7);
  const second = { LogGroupName: '/aws/lambda/web', KmsKeyId: key('b') };
  await update('AWS::Logs::LogGroup', 'Logs', made.physicalId, [first, second]);
  const [changed] = await groups();
  assert.deepEqual([changed!.retentionInDays, changed!.kmsKeyId], [undefined, key('b')]);
  const third = { LogGroupName: '/aws/lambda/web' };
  await update('AWS::Logs::LogGroup', 'Logs', made.physicalId, [second, third]);
  assert.equal((await groups())[0]!.kmsKeyId, undefined);
  await deleteAll();
  assert.deepEqual(await groups(), []);
  await assert.rejects(make('AWS::Logs::LogGroup', 'Bad', { LogGroupName: 'x', RetentionInDays: 2 }), {
    name: 'ResourceFailure',
    physicalId: 'x',
  });
});

test('what log groups cannot do is refused by name, and asking for nothing is not', async (test) => {
  const { make, update } = await openLogs(test);
  const cases: Properties[] = [
    { BearerTokenAuthenticationEnabled: true },
    { DataProtectionPolicy: {} },
    { DeletionProtectionEnabled: 'true' },
    { FieldIndexPolicies: [{ Fields: ['a'] }] },
    { ResourcePolicyDocument: {} },
  ];
  for (const properties of cases) {
    const [name] = Object.keys(properties);
    await assert.rejects(make('AWS::Logs::LogGroup', 'Logs', properties), {
      message: `Millpond does not support ${name} of a log group.`,
    });
  }
  const group = { LogGroupName: 'g', DeletionProtectionEnabled: 'false', FieldIndexPolicies: [] };
  await make('AWS::Logs::LogGroup', 'Logs', group);
  const other = { ...group, LogGroupClass: 'INFREQUENT_ACCESS' };
  await assert.rejects(update('AWS::Logs::LogGroup', 'Logs', 'g', [group, other]), {
    message: 'The LogGroupClass of g cannot be changed.',
  });
});

test('a metric filter is created, changed and deleted, and replaces none of another owner', async (test) => {
  const { logs, make, update, deleteAll } = await openLogs(test);
  await logs.call('CreateLogGroup', { logGroupName: 'g' }, SCOPE);
  const filters = async () => (await logs.call('DescribeMetricFilters', {}, SCOPE)).metricFilters!;
  const metric = { MetricName: 'Errors', MetricNamespace: 'Web', MetricValue: '1', DefaultValue: '0' };
  const before = { LogGroupName: 'g', FilterPattern: 'ERROR', MetricTransformations: [metric] };
  const made = await make('AWS::Logs::MetricFilter', 'Errors', before);
  assert.match(made.physicalId, /^demo-Errors-/);
  const [found] = await filters();
  assert.equal(found!.filterPattern, 'ERROR');
  assert.equal(found!.metricTransformations![0]!.defaultValue, 0);
  const after = {
    ...before,
    FilterPattern: '{ $.ms > 5 }',
    MetricTransformations: [
      {
        ...{ MetricName: 'Slow', MetricNamespace: 'Web', MetricValue: '$.ms', Unit: 'Milliseconds' },
        Dimensions: [{ Key: 'Path', Value: '$.path' }],
      },
    ],
  };
  await update('AWS::Logs::MetricFilter', 'Errors', made.physicalId, [before, after]);
  const [changed, ...others] = await filters();
  assert.deepEqual(others, []);
  assert.deepEqual([changed!.filterName, changed!.filterPattern], [made.physicalId, after.FilterPattern]);
  assert.deepEqual(changed!.metricTransformations, [
    {
      ...{ metricName: 'Slow', metricNamespace: 'Web', metricValue: '$.ms', unit: 'Milliseconds' },
      defaultValue: undefined,
      dimensions: { Path: '$.path' },
    },
  ]);
  const named = { ...before, FilterName: 'errors' };
  await make('AWS::Logs::MetricFilter', 'Named', named);
  await assert.rejects(make('AWS::Logs::MetricFilter', 'Again', named), {
    message: `Resource of type 'AWS::Logs::MetricFilter' with identifier '{"/properties/FilterName":"errors","/properties/LogGroupName":"g"}' already exists.`,
  });
  await assert.rejects(make('AWS::Logs::MetricFilter', 'Lost', { ...named, LogGroupName: 'nope' }), {
    message: 'The specified log group does not exist.',
  });
  const refused: Properties[] = [
    { ApplyOnTransformedLogs: true },
    { EmitSystemFieldDimensions: ['@aws.account'] },
  ];
  for (const more of refused)
    await assert.rejects(make('AWS::Logs::MetricFilter', 'More', { ...before, ...more }), {
      message: /^Millpond (does not transform|has no system fields)/,
    });
  await logs.call('DeleteLogGroup', { logGroupName: 'g' }, SCOPE);
  await deleteAll();
  assert.deepEqual(await filters(), []);
});

test('a subscription filter is created, changed and deleted, and replaces none of another owner', async (test) => {
  const Policy = JSON.stringify({
    Statement: [{ Effect: 'Allow', Principal: '*', Action: 'lambda:InvokeFunction' }],
  });
  const lambda = { call: async () => ({ Policy }) } as never;
  const { logs, make, update, deleteAll } = await openLogs(test, lambda);
  await logs.call('CreateLogGroup', { logGroupName: 'g' }, SCOPE);
  const DestinationArn = 'arn:aws:lambda:us-east-1:000000000000:function:f';
  const before = { LogGroupName: 'g', FilterPattern: '', DestinationArn, Distribution: 'Random' };
  const made = await make('AWS::Logs::SubscriptionFilter', 'Sent', before);
  const after = { ...before, FilterPattern: 'ERROR' };
  await update('AWS::Logs::SubscriptionFilter', 'Sent', made.physicalId, [before, after]);
  const filters = async () =>
    (await logs.call('DescribeSubscriptionFilters', { logGroupName: 'g' }, SCOPE)).subscriptionFilters!;
  assert.deepEqual(
    (await filters()).map(({ filterName, filterPattern }) => [filterName, filterPattern]),
    [[made.physicalId, 'ERROR']],
  );
  await assert.rejects(
    make('AWS::Logs::SubscriptionFilter', 'Taken', { ...before, FilterName: made.physicalId }),
    { message: /^Resource of type 'AWS::Logs::SubscriptionFilter' with identifier .* already exists\.$/ },
  );
  const role = { ...before, RoleArn: 'arn:aws:iam::000000000000:role/r' };
  await assert.rejects(make('AWS::Logs::SubscriptionFilter', 'Role', role), {
    message: 'destinationArn for vendor lambda cannot be used with roleArn',
  });
  await deleteAll();
  assert.deepEqual(await filters(), []);
});

test('a query definition is created once, changed and deleted', async (test) => {
  const { logs, make, update, deleteAll } = await openLogs(test);
  const definitions = async () => (await logs.call('DescribeQueryDefinitions', {}, SCOPE)).queryDefinitions!;
  const before = { Name: 'slow', QueryString: 'fields @message', LogGroupNames: ['g'] };
  const made = await make('AWS::Logs::QueryDefinition', 'Slow', before);
  assert.deepEqual(made.attributes, { QueryDefinitionId: made.physicalId });
  assert.equal((await definitions()).length, 1);
  // AWS: names need not be unique.
  await make('AWS::Logs::QueryDefinition', 'Other', before);
  assert.equal((await definitions()).length, 2);
  const after = { Name: 'folder/slow', QueryString: 'fields @timestamp' };
  await update('AWS::Logs::QueryDefinition', 'Slow', made.physicalId, [before, after]);
  const changed = (await definitions()).find(({ queryDefinitionId: id }) => id === made.physicalId)!;
  assert.deepEqual(
    [changed.name, changed.queryString, changed.logGroupNames],
    ['folder/slow', 'fields @timestamp', undefined],
  );
  for (const [more, message] of [
    [{ QueryLanguage: 'SQL' }, /in the language CWLI, and not in SQL/],
    [{ Parameters: [{ Name: 'p' }] }, /parameters of query definitions/],
  ] as const)
    await assert.rejects(make('AWS::Logs::QueryDefinition', 'More', { ...before, ...more } as Properties), {
      message,
    });
  await deleteAll();
  assert.deepEqual(await definitions(), []);
});
