// CloudWatch Logs Insights as the SDK for JavaScript, the AWS CLI and boto3 see it.

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { CloudWatchLogs, type StartQueryCommandInput } from '@aws-sdk/client-cloudwatch-logs';
import { silentLog } from '../../src/kernel/log.ts';
import type { Sdk } from '../../src/services/logs/sdk.ts';
import { createClient } from '../../src/wire/client.ts';
import { startWireServer, type WireServer } from '../../src/wire/server.ts';
import { appendThrough } from '../support/append-logs.ts';
import { type OwnLogs, ownLogs } from '../support/logs.ts';
import {
  AWS_CLI,
  awsEnvironment,
  run as outside,
  PYTHON,
  WITHOUT_PYTHON_CLIENTS,
} from '../support/outside-clients.ts';

const NOW = Date.UTC(2026, 0, 15, 12);
const SECONDS = NOW / 1000;
const SCOPE = { accountId: '000000000000', region: 'us-east-1' };
const GROUP = '/aws/lambda/app';
const BOTO3 = new URL('./logs_boto3.py', import.meta.url).pathname;
const REQUEST = '8f507cfc-0000-4000-8000-00000000000';

let logs: OwnLogs;
let server: WireServer;
let client: CloudWatchLogs;

before(async () => {
  logs = await ownLogs({ clock: { now: () => NOW } });
  server = await startWireServer({
    services: [logs.service],
    port: 0,
    defaultRegion: 'us-east-1',
    log: silentLog,
  });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  client = new CloudWatchLogs({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  await append(GROUP, 'a', [
    [-60_000, `START RequestId: ${REQUEST}1 Version: $LATEST`],
    [-60_000, JSON.stringify({ type: 'ECL', requestId: `${REQUEST}1`, connection: 0.5, write: 1, read: 4 })],
    [
      -59_000,
      `REPORT RequestId: ${REQUEST}1\tDuration: 12.5 ms\tBilled Duration: 13 ms\tMemory Size: 128 MB\tMax Memory Used: 64 MB\tInit Duration: 99.5 ms\t`,
    ],
    [-20_000, JSON.stringify({ type: 'ECL', requestId: `${REQUEST}2`, connection: 0.7, write: 3, read: 8 })],
  ]);
  await append(GROUP, 'b', [
    [
      -10_000,
      JSON.stringify({
        type: 'ECL',
        requestId: `${REQUEST}3`,
        write: 2,
        read: 6,
        cold: true,
        at: { x: [1, 2] },
      }),
    ],
    [-5_000, 'plain text with user=ann, method:get, latency := 15'],
  ]);
});

after(async () => {
  client?.destroy();
  await server?.stop();
  await logs?.stop();
});

const append = (group: string, stream: string, events: [offset: number, message: string][]) =>
  appendThrough(createClient<Sdk>('logs', { inProcess: logs.service }))(
    SCOPE,
    group,
    stream,
    events.map(([offset, message]) => ({ at: NOW + offset, message })),
  );

/** Runs a query to its end. */
async function run(queryString: string, input: Partial<StartQueryCommandInput> = { logGroupName: GROUP }) {
  const { queryId } = await client.startQuery({
    ...{ startTime: SECONDS - 3600, endTime: SECONDS, queryString },
    ...input,
  });
  for (;;) {
    const found = await client.getQueryResults({ queryId });
    if (found.status !== 'Scheduled' && found.status !== 'Running') return { ...found, queryId: queryId! };
    await setImmediate();
  }
}

/** The rows as objects, without pointers. */
async function rows(queryString: string, input?: Partial<StartQueryCommandInput>) {
  const { results } = await run(queryString, input);
  return results!.map((row) =>
    Object.fromEntries(row.filter(({ field }) => field !== '@ptr').map(({ field, value }) => [field, value])),
  );
}

describe('the walkthrough', () => {
  it('the latest events', async () => {
    const { results, statistics, status } = await run(
      'fields @timestamp, @message | sort @timestamp desc | limit 2',
    );
    assert.equal(status, 'Complete');
    assert.deepEqual(
      results!.map((row) => row.map(({ field }) => field)),
      [
        ['@timestamp', '@message', '@ptr'],
        ['@timestamp', '@message', '@ptr'],
      ],
    );
    assert.deepEqual(
      results!.map(([time]) => time!.value),
      ['2026-01-15 11:59:55.000', '2026-01-15 11:59:50.000'],
    );
    assert.equal(statistics!.recordsMatched, 6);
    assert.equal(statistics!.recordsScanned, 6);
    assert.ok(statistics!.bytesScanned! > 600);
  });

  it('the query of its dashboard, with columns named by their text', async () => {
    const found = await run(
      `SOURCE '${GROUP}' | filter type = "ECL"\n| stats count(requestId), avg(write), max(write), min(write), pct(write, 50), pct(write, 90), pct(write, 95) by bin(30s)`,
      {},
    );
    assert.deepEqual(
      found.results!.map((row) => row.map(({ field, value }) => [field, value])),
      [
        [
          ['bin(30s)', '2026-01-15 11:59:30.000'],
          ['count(requestId)', '2'],
          ['avg(write)', '2.5'],
          ['max(write)', '3'],
          ['min(write)', '2'],
          ['pct(write, 50)', '2.5'],
          ['pct(write, 90)', '2.9'],
          ['pct(write, 95)', '2.95'],
        ],
        [
          ['bin(30s)', '2026-01-15 11:59:00.000'],
          ['count(requestId)', '1'],
          ['avg(write)', '1'],
          ['max(write)', '1'],
          ['min(write)', '1'],
          ['pct(write, 50)', '1'],
          ['pct(write, 90)', '1'],
          ['pct(write, 95)', '1'],
        ],
      ],
    );
  });
});

describe('the language', () => {
  it('discovers the fields of JSON and of Lambda’s lines', async () => {
    assert.deepEqual(
      await rows(
        'filter @type = "REPORT" | fields @duration, @billedDuration, @memorySize, @maxMemoryUsed, greatest(@initDuration, 0) + @duration as total, @requestId, @logStream, @log',
      ),
      [
        {
          ...{ '@duration': '12.5', '@billedDuration': '13', '@memorySize': '128000000' },
          ...{ '@maxMemoryUsed': '64000000', total: '112', '@requestId': `${REQUEST}1` },
          ...{ '@logStream': 'a', '@log': `000000000000:${GROUP}` },
        },
      ],
    );
    assert.deepEqual(await rows('filter cold = 1 | display at.x.1, cold'), [{ 'at.x.1': '2', cold: '1' }]);
  });

  it('parses by glob and by regular expression', async () => {
    const expected = [{ user: 'ann', method: 'get', latency: '15' }];
    const shown = 'filter ispresent(user) | display user, method, latency';
    assert.deepEqual(
      await rows(`parse @message "user=*, method:*, latency := *" as user, method, latency | ${shown}`),
      expected,
    );
    assert.deepEqual(
      await rows(
        `parse @message /user=(?<user>.*?), method:(?<method>.*?), latency := (?<latency>\\d+)/ | ${shown}`,
      ),
      expected,
    );
  });
});

describe('queries', () => {
  it('are refused with the place of the error', async () => {
    const refused = (queryString: string, input?: object) =>
      client.startQuery({
        ...{ startTime: SECONDS - 60, endTime: SECONDS, logGroupName: GROUP, queryString },
        ...input,
      });
    await assert.rejects(refused('fields @message | sortt x'), {
      name: 'MalformedQueryException',
      message: 'unexpected symbol found sortt at line 1 and position 18',
      queryCompileError: {
        location: { startCharOffset: 18, endCharOffset: 23 },
        message: 'unexpected symbol found sortt at line 1 and position 18',
      },
    });
    await assert.rejects(refused('stats avg(a) by bin(5 minutes)'), { name: 'MalformedQueryException' });
    await assert.rejects(refused('stats avg(a), b'), { name: 'MalformedQueryException' });
    await assert.rejects(refused('fields bin(5parsec)'), { name: 'MalformedQueryException' });
    await assert.rejects(refused('filter sum(a) > 1'), { name: 'MalformedQueryException' });
    await assert.rejects(refused('', { logGroupName: 'none' }), { name: 'ResourceNotFoundException' });
    await assert.rejects(refused('', { logGroupNames: ['a'] }), { name: 'InvalidParameterException' });
    await assert.rejects(refused('', { logGroupName: undefined }), { name: 'InvalidParameterException' });
    await assert.rejects(refused('', { queryLanguage: 'SQL' }), { name: 'InvalidParameterException' });
    await assert.rejects(refused('', { startTime: SECONDS + 60 }), { name: 'InvalidParameterException' });
  });

  it('read several groups, by name, ARN and SOURCE', async () => {
    await append('other', 's', [[-1, 'elsewhere']]);
    const query = 'stats count(*) as n by @log';
    const expected = [
      { '@log': `000000000000:${GROUP}`, n: '6' },
      { '@log': '000000000000:other', n: '1' },
    ];
    assert.deepEqual(await rows(query, { logGroupNames: [GROUP, 'other'] }), expected);
    const arn = `arn:aws:logs:us-east-1:000000000000:log-group:${GROUP}`;
    assert.deepEqual(await rows(query, { logGroupIdentifiers: [arn, 'other'] }), expected);
    const source = `SOURCE logGroups(namePrefix: ["/aws/lambda/", "oth"]) | ${query}`;
    assert.deepEqual(await rows(source, {}), expected);
  });

  it('are listed, and their results are given page by page', async () => {
    const { queryId } = await run('fields @message | limit 5');
    const first = await client.getQueryResults({ queryId, maxItems: 3 });
    const second = await client.getQueryResults({ queryId, nextToken: first.nextToken });
    assert.deepEqual([first.results!.length, second.results!.length], [3, 2]);
    const { queries } = await client.describeQueries({
      logGroupName: GROUP,
      status: 'Complete',
      maxResults: 1,
    });
    const { createTime, queryDuration, bytesScanned, ...rest } = queries![0]!;
    assert.deepEqual(rest, {
      ...{ queryId, status: 'Complete', queryLanguage: 'CWLI', logGroupName: GROUP },
      queryString: 'fields @message | limit 5',
    });
    assert.equal(createTime, NOW);
    await assert.rejects(client.getQueryResults({ queryId: 'none' }), { name: 'ResourceNotFoundException' });
    await assert.rejects(client.stopQuery({ queryId }), { name: 'InvalidParameterException' });
  });

  it('are stopped whatever they do, and others run meanwhile', async () => {
    await append('hostile', 's', [[-1, `${'a'.repeat(60)}!`]]);
    const { queryId } = await client.startQuery({
      ...{ startTime: SECONDS - 60, endTime: SECONDS, logGroupName: 'hostile' },
      queryString: 'filter @message like /^(a+)+$/',
    });
    assert.deepEqual(await rows('stats count(*)', { logGroupName: 'hostile' }), [{ 'count(*)': '1' }]);
    assert.equal((await client.getQueryResults({ queryId })).status, 'Running');
    assert.deepEqual((await client.stopQuery({ queryId })).success, true);
    assert.equal((await client.getQueryResults({ queryId })).status, 'Cancelled');
  });
});

describe('events', () => {
  it('are found again by their pointers, with all fields', async () => {
    const { results } = await run('filter cold = 1 | fields write');
    const pointer = results![0]!.find(({ field }) => field === '@ptr')!.value!;
    const { logRecord } = await client.getLogRecord({ logRecordPointer: pointer });
    const { '@message': message, ...rest } = logRecord!;
    assert.equal(JSON.parse(message!).requestId, `${REQUEST}3`);
    assert.deepEqual(rest, {
      ...{ '@ptr': pointer, '@log': `000000000000:${GROUP}`, '@logStream': 'b' },
      ...{ '@timestamp': String(NOW - 10_000), '@ingestionTime': String(NOW) },
      ...{
        type: 'ECL',
        requestId: `${REQUEST}3`,
        write: '2',
        read: '6',
        cold: '1',
        'at.x.0': '1',
        'at.x.1': '2',
      },
    });
    await assert.rejects(client.getLogRecord({ logRecordPointer: 'x' }), {
      name: 'InvalidParameterException',
    });
    const gone = Buffer.from(JSON.stringify([GROUP, 'b', 1, 1])).toString('base64');
    await assert.rejects(client.getLogRecord({ logRecordPointer: gone }), {
      name: 'ResourceNotFoundException',
    });
  });

  it('have fields with shares', async () => {
    const { logGroupFields } = await client.getLogGroupFields({ logGroupName: GROUP });
    const shares = Object.fromEntries(logGroupFields!.map(({ name, percent }) => [name, percent]));
    assert.deepEqual([shares['@message'], shares.type, shares['@type'], shares.cold], [100, 50, 33, 17]);
    const earlier = await client.getLogGroupFields({ logGroupName: GROUP, time: SECONDS - 3600 });
    assert.deepEqual(earlier.logGroupFields, []);
  });

  it('of a deleted stream are gone from results and from the files', async () => {
    await append('erased', 'kept', [[-2, 'kept']]);
    await append('erased', 'secret', [[-1, 'a secret']]);
    await append('erased', 'late', [[-3, 'late secret']]);
    await client.deleteLogStream({ logGroupName: 'erased', logStreamName: 'secret' });
    const messages = async () =>
      (await rows('display @message', { logGroupName: 'erased' })).map((row) => row['@message']);
    assert.deepEqual(await messages(), ['kept', 'late secret']);
    await until(async () => !(await everything(logs.directory)).includes('a secret'));
    // By now the events are in columns.
    await client.deleteLogStream({ logGroupName: 'erased', logStreamName: 'late' });
    assert.deepEqual(await messages(), ['kept']);
    await until(async () => !(await everything(logs.directory)).includes('late secret'));
    assert.ok((await everything(logs.directory)).includes('kept'));
    await client.createLogStream({ logGroupName: 'erased', logStreamName: 'secret' });
    assert.deepEqual(await messages(), ['kept']);
    await client.deleteLogGroup({ logGroupName: 'erased' });
    await until(async () => !(await everything(logs.directory)).includes('kept'));
  });

  it('that are older than the retention are not found', async () => {
    const day = 86_400_000;
    await append('retained', 's', [
      [-2 * day, 'old'],
      [-1, 'new'],
    ]);
    const range = { logGroupName: 'retained', startTime: 0 };
    assert.equal((await rows('fields @message', range)).length, 2);
    await client.putRetentionPolicy({ logGroupName: 'retained', retentionInDays: 1 });
    assert.deepEqual(await rows('display @message', range), [{ '@message': 'new' }]);
  });
});

it('query definitions are put, listed, replaced and deleted', async () => {
  const queryString = 'fields @message';
  const { queryDefinitionId } = await client.putQueryDefinition({ name: 'team/one', queryString });
  await client.putQueryDefinition({ name: 'other', queryString, logGroupNames: [GROUP] });
  await client.putQueryDefinition({ name: 'team/two', queryString: 'limit 1', queryDefinitionId });
  const { queryDefinitions } = await client.describeQueryDefinitions({ queryDefinitionNamePrefix: 'team/' });
  assert.deepEqual(queryDefinitions, [
    {
      ...{ queryLanguage: 'CWLI', queryDefinitionId, name: 'team/two' },
      ...{ queryString: 'limit 1', lastModified: NOW },
    },
  ]);
  assert.deepEqual((await client.deleteQueryDefinition({ queryDefinitionId })).success, true);
  await assert.rejects(client.deleteQueryDefinition({ queryDefinitionId }), {
    name: 'ResourceNotFoundException',
  });
  const unknown = { name: 'x', queryString, queryDefinitionId: 'none' };
  await assert.rejects(client.putQueryDefinition(unknown), { name: 'ResourceNotFoundException' });
});

describe('through Python', { skip: WITHOUT_PYTHON_CLIENTS }, () => {
  it('the AWS CLI starts a query and shows its results', async () => {
    const cli = (...args: string[]) =>
      outside(AWS_CLI, ['--endpoint-url', server.url, 'logs', ...args], awsEnvironment(server.url));
    const times = ['--start-time', String(SECONDS - 3600), '--end-time', String(SECONDS)];
    const query = ['--query-string', 'filter type = "ECL" | stats sum(write) by @logStream'];
    const started = await cli('start-query', '--log-group-name', GROUP, ...times, ...query);
    const { queryId } = JSON.parse(started.stdout) as { queryId: string };
    let found = { status: 'Running', results: [] as unknown[] };
    while (found.status === 'Running' || found.status === 'Scheduled') {
      found = JSON.parse((await cli('get-query-results', '--query-id', queryId)).stdout) as typeof found;
    }
    assert.deepEqual(found.results, [
      [
        { field: '@logStream', value: 'a' },
        { field: 'sum(write)', value: '4' },
      ],
      [
        { field: '@logStream', value: 'b' },
        { field: 'sum(write)', value: '2' },
      ],
    ]);
    const malformed = await cli('start-query', '--log-group-name', GROUP, ...times, '--query-string', 'nope');
    assert.match(malformed.stderr, /\(MalformedQueryException\).*unexpected symbol found nope/);
  });

  it('boto3 queries, reads an event and its fields', async () => {
    const found = await outside(
      PYTHON,
      [BOTO3, server.url, GROUP, String(SECONDS)],
      awsEnvironment(server.url),
    );
    assert.equal(found.code, 0, found.stderr);
    assert.deepEqual(JSON.parse(found.stdout), {
      status: 'Complete',
      rows: [{ '@message': 'plain text with user=ann, method:get, latency := 15' }],
      record: 'plain text with user=ann, method:get, latency := 15',
      malformed: ['MalformedQueryException', 'unexpected symbol found nope at line 1 and position 0', 400],
      definitions: ['saved'],
      missing: 'ResourceNotFoundException',
    });
  });
});

/** The contents of all files below a directory. */
async function everything(directory: string): Promise<string> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const contents = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
  return contents.join('\n');
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await setImmediate();
}
