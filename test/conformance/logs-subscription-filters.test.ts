// Subscription filters through the SDK's own client, and what the subscribed function receives.

import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { silentLog } from '../../src/kernel/log.ts';
import type { LambdaClient } from '../../src/services/logs/subscriptions.ts';
import { startWireServer, type WireServer } from '../../src/wire/server.ts';
import { type OwnLogs, ownLogs } from '../support/logs.ts';

const NOW = Date.UTC(2026, 0, 15);
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:';
const INVALID = { name: 'InvalidParameterException' };

let logs: OwnLogs;
let server: WireServer;
let client: CloudWatchLogs;
const invoked: { name: string; message: Message }[] = [];

interface Message {
  logStream: string;
  logEvents: { id: string; timestamp: number; message: string }[];
}

/** The functions `allowed` and `gone` have a policy; invoking `gone` fails. */
const lambda = {
  async call(operation: string, input: { FunctionName: string; Payload: Uint8Array }) {
    const name = input.FunctionName.slice(FUNCTION.length);
    if (operation === 'GetPolicy') {
      if (name !== 'allowed' && name !== 'gone') throw new Error('there is no policy');
      const Statement = [
        { Effect: 'Allow', Action: 'lambda:InvokeFunction', Principal: { Service: 'logs.amazonaws.com' } },
      ];
      return { Policy: JSON.stringify({ Statement }) };
    }
    if (name === 'gone') throw new Error('there is no function');
    const { awslogs } = JSON.parse(Buffer.from(input.Payload).toString());
    invoked.push({ name, message: JSON.parse(gunzipSync(Buffer.from(awslogs.data, 'base64')).toString()) });
    return {};
  },
} as unknown as LambdaClient;

before(async () => {
  logs = await ownLogs({ clock: { now: () => NOW }, lambda });
  server = await startWireServer({
    services: [logs.service],
    port: 0,
    defaultRegion: 'us-east-1',
    log: silentLog,
  });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  client = new CloudWatchLogs({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 });
});

after(async () => {
  client?.destroy();
  await server?.stop();
  await logs?.stop();
});

const put = (logGroupName: string, filterName: string, to: string, filterPattern = '') =>
  client.putSubscriptionFilter({ logGroupName, filterName, filterPattern, destinationArn: FUNCTION + to });

it('filters are put, described, replaced and deleted', async () => {
  const logGroupName = 'described';
  await client.createLogGroup({ logGroupName });
  await put(logGroupName, 'b', 'allowed', 'ERROR');
  await put(logGroupName, 'a', 'allowed');
  await put(logGroupName, 'b', 'allowed', 'WARN');
  await assert.rejects(put(logGroupName, 'c', 'allowed'), { name: 'LimitExceededException' });
  const { subscriptionFilters } = await client.describeSubscriptionFilters({
    logGroupName,
    filterNamePrefix: 'b',
  });
  assert.deepEqual(subscriptionFilters, [
    {
      ...{ filterName: 'b', logGroupName, filterPattern: 'WARN', destinationArn: `${FUNCTION}allowed` },
      ...{ distribution: 'ByLogStream', applyOnTransformedLogs: false, creationTime: NOW },
    },
  ]);
  await client.deleteSubscriptionFilter({ logGroupName, filterName: 'b' });
  await assert.rejects(client.deleteSubscriptionFilter({ logGroupName, filterName: 'b' }), {
    name: 'ResourceNotFoundException',
  });
  await client.deleteLogGroup({ logGroupName });
  await client.createLogGroup({ logGroupName });
  assert.deepEqual((await client.describeSubscriptionFilters({ logGroupName })).subscriptionFilters, []);
});

it('what Millpond does not send is refused', async () => {
  const logGroupName = 'refused';
  await client.createLogGroup({ logGroupName });
  await assert.rejects(put(logGroupName, 'x', 'forbidden'), {
    ...INVALID,
    message: /^Could not execute the lambda function\. Make sure you have given CloudWatch Logs permission/,
  });
  await assert.rejects(put(logGroupName, 'x', 'allowed', '[ip, user]'), INVALID);
  await assert.rejects(put('none', 'x', 'allowed'), { name: 'ResourceNotFoundException' });
  const destinationArn = 'arn:aws:kinesis:us-east-1:000000000000:stream/s';
  await assert.rejects(
    client.putSubscriptionFilter({ logGroupName, filterName: 'x', filterPattern: '', destinationArn }),
    INVALID,
  );
});

it('the function receives the events that match, and one that is gone keeps none from it', async () => {
  const names = { logGroupName: 'sent', logStreamName: 's' };
  await client.createLogGroup(names);
  await client.createLogStream(names);
  await put('sent', 'a-gone', 'gone');
  await put('sent', 'errors', 'allowed', 'ERROR');
  const texts = ['ERROR one', 'fine', 'ERROR two'];
  const logEvents = texts.map((message, index) => ({ timestamp: NOW + index, message }));
  await client.putLogEvents({ ...names, logEvents });
  const { events } = await client.filterLogEvents({ logGroupName: 'sent', filterPattern: 'ERROR' });
  await logs.stop();
  assert.deepEqual(invoked, [
    {
      name: 'allowed',
      message: {
        ...{ messageType: 'DATA_MESSAGE', owner: '000000000000', logGroup: 'sent', logStream: 's' },
        subscriptionFilters: ['errors'],
        logEvents: events!.map(({ eventId, timestamp, message }) => ({ id: eventId, timestamp, message })),
      },
    },
  ]);
});
