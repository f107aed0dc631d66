// CloudWatch Logs as its own clients see it: the SDK for JavaScript and the AWS CLI, over HTTP.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { silentLog } from '../../src/kernel/log.ts';
import type { Sdk } from '../../src/services/logs/sdk.ts';
import { createClient } from '../../src/wire/client.ts';
import { startWireServer, type WireServer } from '../../src/wire/server.ts';
import { appendThrough } from '../support/append-logs.ts';
import { type OwnLogs, ownLogs } from '../support/logs.ts';
import { AWS_CLI, awsEnvironment, run, WITHOUT_PYTHON_CLIENTS } from '../support/outside-clients.ts';

const NOW = Date.UTC(2026, 0, 15);
const MIB = 2 ** 20;
const SCOPE = { accountId: '000000000000', region: 'us-east-1' };

let logs: OwnLogs;
let server: WireServer;
let client: CloudWatchLogs;

before(async () => {
  logs = await ownLogs({ clock: { now: () => NOW }, bounds: { groupBytes: 12 * MIB, allBytes: 32 * MIB } });
  server = await startWireServer({
    services: [logs.service],
    port: 0,
    defaultRegion: 'us-east-1',
    log: silentLog,
  });
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

const append = (group: string, stream: string, messages: string[]) =>
  appendThrough(createClient<Sdk>('logs', { inProcess: logs.service }))(
    SCOPE,
    group,
    stream,
    messages.map((message, index) => ({ at: NOW - 1000 + index, message })),
  );

describe('log groups', () => {
  it('are made, described and deleted, with retention and tags', async () => {
    const logGroupName = '/aws/lambda/one';
    await client.createLogGroup({ logGroupName, tags: { team: 'a' } });
    await assert.rejects(client.createLogGroup({ logGroupName }), {
      name: 'ResourceAlreadyExistsException',
      message: 'The specified log group already exists',
    });
    await client.putRetentionPolicy({ logGroupName, retentionInDays: 7 });
    await assert.rejects(client.putRetentionPolicy({ logGroupName, retentionInDays: 2 }), {
      name: 'InvalidParameterException',
    });
    const { logGroups } = await client.describeLogGroups({ logGroupNamePrefix: '/aws/lambda/' });
    const [group] = logGroups!;
    assert.equal(group!.arn, `arn:aws:logs:us-east-1:000000000000:log-group:${logGroupName}:*`);
    assert.equal(group!.retentionInDays, 7);
    const tagged = await client.listTagsForResource({ resourceArn: group!.logGroupArn });
    assert.deepEqual(tagged.tags, { team: 'a' });
    await client.deleteLogGroup({ logGroupName });
    await assert.rejects(client.deleteLogGroup({ logGroupName }), {
      name: 'ResourceNotFoundException',
      message: 'The specified log group does not exist.',
    });
  });
});

describe('log events', () => {
  it('are read forwards and backwards, and again at the end', async () => {
    const names = { logGroupName: 'reading', logStreamName: 's' };
    const messages = Array.from({ length: 2500 }, (_, index) => `line ${index} ${'x'.repeat(20)}`);
    await append('reading', 's', messages);
    const read: string[] = [];
    let token: string | undefined;
    for (;;) {
      const page = await client.getLogEvents({
        ...names,
        startFromHead: true,
        limit: 1000,
        nextToken: token,
      });
      read.push(...page.events!.map((event) => event.message!));
      if (page.nextForwardToken === token) break;
      token = page.nextForwardToken;
    }
    assert.deepEqual(read, messages);
    await append('reading', 's', []);
    const tail = await client.getLogEvents({ ...names, limit: 2 });
    assert.deepEqual(
      tail.events!.map((event) => event.message),
      messages.slice(-2),
    );
    const before = await client.getLogEvents({ ...names, limit: 2, nextToken: tail.nextBackwardToken });
    assert.deepEqual(
      before.events!.map((event) => event.message),
      messages.slice(-4, -2),
    );
    const { logStreams } = await client.describeLogStreams({
      logGroupName: 'reading',
      orderBy: 'LastEventTime',
      descending: true,
    });
    assert.equal(logStreams![0]!.logStreamName, 's');
  });

  it('are searched over streams, page by page', async () => {
    await append('searching', 'one', ['START', 'ERROR disk full', 'END']);
    await append('searching', 'two', ['START', '{"level":"error"}', 'END']);
    const search = async (filterPattern: string) => {
      const { events } = await client.filterLogEvents({ logGroupName: 'searching', filterPattern });
      return events!.map((event) => [event.logStreamName, event.message]);
    };
    assert.deepEqual(await search('ERROR -empty'), [['one', 'ERROR disk full']]);
    assert.deepEqual(await search('{ $.level = "error" }'), [['two', '{"level":"error"}']]);
    const first = await client.filterLogEvents({ logGroupName: 'searching', limit: 4 });
    const second = await client.filterLogEvents({ logGroupName: 'searching', nextToken: first.nextToken });
    assert.equal(first.events!.length + second.events!.length, 6);
  });

  it('must be in order, and neither too old nor too new', async () => {
    const names = { logGroupName: 'writing', logStreamName: 's' };
    await client.createLogGroup({ logGroupName: 'writing' });
    const event = (timestamp: number) => ({ timestamp, message: 'm' });
    await assert.rejects(client.putLogEvents({ ...names, logEvents: [event(NOW)] }), {
      message: 'The specified log stream does not exist.',
    });
    await client.createLogStream(names);
    await assert.rejects(client.putLogEvents({ ...names, logEvents: [event(NOW), event(NOW - 1)] }), {
      message: 'Log events in a single PutLogEvents request must be in chronological order.',
    });
    const day = 86_400_000;
    const logEvents = [event(NOW - 15 * day), event(NOW), event(NOW + day)];
    const { rejectedLogEventsInfo } = await client.putLogEvents({ ...names, logEvents });
    assert.deepEqual(rejectedLogEventsInfo, { tooOldLogEventEndIndex: 1, tooNewLogEventStartIndex: 2 });
    assert.equal((await client.getLogEvents(names)).events!.length, 1);
  });

  it('are kept by the size of the group', async () => {
    const kilobyte = 'x'.repeat(1000);
    const storedBytes = async () =>
      (await client.describeLogGroups({ logGroupNamePrefix: 'bounded' })).logGroups![0]!.storedBytes!;
    for (let round = 0; round < 20; round++) {
      await append('bounded', `s${round % 3}`, [`first of ${round}`, ...Array<string>(1000).fill(kilobyte)]);
    }
    assert.ok((await storedBytes()) <= 12 * MIB);
    assert.ok((await storedBytes()) > 6 * MIB);
    const { events } = await client.filterLogEvents({ logGroupName: 'bounded', filterPattern: '"first of"' });
    const rounds = events!.map(({ message }) => Number(message!.slice('first of '.length)));
    assert.ok(rounds.includes(19) && !rounds.includes(0), `${rounds}`);
  });
});

describe('through the AWS CLI', { skip: WITHOUT_PYTHON_CLIENTS }, () => {
  const cli = (...args: string[]) =>
    run(
      AWS_CLI,
      ['--endpoint-url', server.url, 'logs', ...args, '--output', 'text'],
      awsEnvironment(server.url),
    );

  it('tails and misses a group', async () => {
    await append('cli', 's', ['hello']);
    const found = await cli('filter-log-events', '--log-group-name', 'cli', '--query', 'events[].message');
    assert.equal(found.stdout.trim(), 'hello', found.stderr);
    const missed = await cli('describe-log-streams', '--log-group-name', 'none');
    assert.match(missed.stderr, /\(ResourceNotFoundException\)/);
  });
});
