// Tags of log groups by both sets of operations, and how streams and retentions are deleted, through the SDK's client.

import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { systemClock } from '../../src/kernel/clock.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { startWireServer, type WireServer } from '../../src/wire/server.ts';
import { type OwnLogs, ownLogs } from '../support/logs.ts';

let logs: OwnLogs;
let server: WireServer;
let client: CloudWatchLogs;

before(async () => {
  logs = await ownLogs({ clock: systemClock });
  const services = [logs.service];
  server = await startWireServer({ services, port: 0, defaultRegion: 'us-east-1', log: silentLog });
  client = new CloudWatchLogs({
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
});

after(async () => {
  client?.destroy();
  await server?.stop();
  await logs?.stop();
});

const absent = { name: 'ResourceNotFoundException' };

it('tags are the same by name of the group and by its ARN', async () => {
  const logGroupName = 'tagged';
  const resourceArn = `arn:aws:logs:us-east-1:000000000000:log-group:${logGroupName}`;
  await client.createLogGroup({ logGroupName, tags: { a: '1' } });
  await client.tagLogGroup({ logGroupName, tags: { b: '2' } });
  await client.tagResource({ resourceArn, tags: { c: '3', a: '4' } });
  const expected = { a: '4', b: '2', c: '3' };
  assert.deepEqual((await client.listTagsLogGroup({ logGroupName })).tags, expected);
  assert.deepEqual((await client.listTagsForResource({ resourceArn })).tags, expected);
  await client.untagLogGroup({ logGroupName, tags: ['a', 'never'] });
  await client.untagResource({ resourceArn, tagKeys: ['b'] });
  assert.deepEqual((await client.listTagsLogGroup({ logGroupName })).tags, { c: '3' });
});

it('tags of a group that there is not are refused', async () => {
  const logGroupName = 'absent';
  const resourceArn = `arn:aws:logs:us-east-1:000000000000:log-group:${logGroupName}`;
  await assert.rejects(client.tagLogGroup({ logGroupName, tags: { a: '1' } }), absent);
  await assert.rejects(client.untagLogGroup({ logGroupName, tags: ['a'] }), absent);
  await assert.rejects(client.listTagsLogGroup({ logGroupName }), absent);
  await assert.rejects(client.tagResource({ resourceArn, tags: { a: '1' } }), absent);
  await assert.rejects(client.untagResource({ resourceArn, tagKeys: ['a'] }), absent);
});

it('a stream is deleted with its events, and a retention once and again', async () => {
  const [logGroupName, logStreamName] = ['group', 'stream'];
  await client.createLogGroup({ logGroupName });
  await client.createLogStream({ logGroupName, logStreamName });
  const logEvents = [{ timestamp: Date.now(), message: 'm' }];
  await client.putLogEvents({ logGroupName, logStreamName, logEvents });
  await client.deleteLogStream({ logGroupName, logStreamName });
  assert.deepEqual((await client.describeLogStreams({ logGroupName })).logStreams, []);
  assert.deepEqual((await client.filterLogEvents({ logGroupName })).events, []);
  await assert.rejects(client.deleteLogStream({ logGroupName, logStreamName }), {
    ...absent,
    message: 'The specified log stream does not exist.',
  });

  const retention = async () =>
    (await client.describeLogGroups({})).logGroups!.find((group) => group.logGroupName === logGroupName)!
      .retentionInDays;
  await client.putRetentionPolicy({ logGroupName, retentionInDays: 1 });
  assert.equal(await retention(), 1);
  await client.deleteRetentionPolicy({ logGroupName });
  assert.equal(await retention(), undefined);
  await client.deleteRetentionPolicy({ logGroupName });
  await assert.rejects(client.deleteRetentionPolicy({ logGroupName: 'absent' }), absent);
});

it('identifiers of groups that are none are refused, and not shown', async () => {
  const refused = {
    name: 'InvalidParameterException',
    message:
      "1 validation error detected: Value at 'logGroupIdentifier' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w#+=/:,.@-]*",
  };
  const logGroupIdentifier = 'arn:aws:logs:us-east-1:000000000000:log-group:group:*';
  await assert.rejects(client.describeLogStreams({ logGroupIdentifier }), refused);
  await assert.rejects(client.filterLogEvents({ logGroupIdentifier }), refused);
  await assert.rejects(client.getLogEvents({ logGroupIdentifier, logStreamName: 's' }), refused);
});
