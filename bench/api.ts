// Small requests to the API, as SDKs send them: the CPU time of each, compared with a bare HTTP server that transfers
// the same bytes.

import { besideBare, type Request, send, startBareServer } from './beside-bare.ts';
import type { Bench } from './context.ts';
import { creation } from './create.ts';
import { startBenchMillpond } from './millpond.ts';
import { type JudgedRow, row } from './row.ts';

const GROUP = 'bench-api';
const TOPIC = 'arn:aws:sns:us-east-1:000000000000:bench-api';

interface Case {
  name: string;
  request: Request;
  ratioAtMost: number;
}

const CASES: Case[] = [
  {
    name: 'GetCallerIdentity',
    request: query('sts', 'GetCallerIdentity', '2011-06-15', {}),
    ratioAtMost: 2,
  },
  {
    name: 'DescribeReplicationGroups, one group',
    request: query('elasticache', 'DescribeReplicationGroups', '2015-02-02', {}),
    ratioAtMost: 3,
  },
  {
    name: 'SNS Publish, no subscription',
    request: query('sns', 'Publish', '2010-03-31', { TopicArn: TOPIC, Message: 'a message' }),
    ratioAtMost: 3.5,
  },
  {
    name: 'SSM GetParameter',
    request: json('AmazonSSM.GetParameter', { Name: '/bench/api' }),
    ratioAtMost: 3,
  },
];

/** Rows of CPU time per request. */
export async function measureApi(bench: Bench): Promise<JudgedRow[]> {
  const millpond = await startBenchMillpond(bench);
  const bare = await startBareServer(bench);
  await millpond.request('CreateReplicationGroup', creation(GROUP, { NumCacheClusters: '1' }));
  await millpond.settled(GROUP);
  await send(millpond.url, query('sns', 'CreateTopic', '2010-03-31', { Name: 'bench-api' }));
  await send(
    millpond.url,
    json('AmazonSSM.PutParameter', { Name: '/bench/api', Value: 'a value', Type: 'String' }),
  );
  const rows: JudgedRow[] = [];
  for (const { name, request, ratioAtMost } of CASES) {
    const { own, floor } = await besideBare(bench, `api: ${name}`, millpond, bare, [request]);
    rows.push(
      row(`${name}, processor time`, own.cpuUs, 'µs', { floor: floor.cpuUs, target: { ratioAtMost } }),
    );
  }
  return rows;
}

function query(
  service: string,
  Action: string,
  Version: string,
  parameters: Record<string, string>,
): Request {
  return {
    ...{ method: 'POST', path: '/' },
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8', ...signedFor(service) },
    body: new URLSearchParams({ Action, Version, ...parameters }).toString(),
  };
}

function json(target: string, input: object): Request {
  return {
    ...{ method: 'POST', path: '/' },
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target, ...signedFor('ssm') },
    body: JSON.stringify(input),
  };
}

/** What an SDK sends beside its input. */
function signedFor(service: string): Record<string, string> {
  return {
    'user-agent': 'aws-sdk-js/3.1127.0 ua/2.1 os/linux#6.1 lang/js md/nodejs#24.0.0 api/bench#3.1127.0 m/E',
    'amz-sdk-invocation-id': '6a3b2d3c-0000-4000-8000-5d1f0a7be9d2',
    'amz-sdk-request': 'attempt=1; max=3',
    'x-amz-date': '20260101T000000Z',
    authorization:
      `AWS4-HMAC-SHA256 Credential=bench/20260101/us-east-1/${service}/aws4_request, ` +
      'SignedHeaders=content-length;content-type;host;x-amz-date, ' +
      'Signature=5d1f0a7be9d25d1f0a7be9d25d1f0a7be9d25d1f0a7be9d25d1f0a7be9d2abcd',
  };
}
