// Many records: made, then listed page by page and in one piece.

import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { asJson, asQuery, asRest, type HostileCase, type HostileRequest, type Outcome } from './cases.ts';
import type { Target } from './measured-millpond.ts';

const AT_ONCE = 16;

/** One kind of record, and every way to list it. */
interface Volume {
  name: string;
  make(index: number): HostileRequest;
  list: HostileRequest[];
}

const query = (service: string, version: string, parameters: string) =>
  asQuery(service, `Version=${version}&${parameters}`);

const VOLUMES: Volume[] = [
  {
    name: 'parameters',
    make: (index) =>
      asJson(
        'ssm',
        'AmazonSSM.PutParameter',
        JSON.stringify({ Name: `/a/p${index}`, Value: 'v', Type: 'String' }),
      ),
    list: [
      asJson('ssm', 'AmazonSSM.DescribeParameters', '{}'),
      asJson('ssm', 'AmazonSSM.GetParametersByPath', '{"Path":"/","Recursive":true}'),
    ],
  },
  {
    name: 'log groups',
    make: (index) => asJson('logs', 'Logs_20140328.CreateLogGroup', `{"logGroupName":"g${index}"}`),
    list: [
      asJson('logs', 'Logs_20140328.DescribeLogGroups', '{}'),
      asJson('logs', 'Logs_20140328.DescribeLogGroups', '{"logGroupNamePrefix":"g9"}'),
    ],
  },
  {
    name: 'topics',
    make: (index) => query('sns', '2010-03-31', `Action=CreateTopic&Name=t${index}`),
    list: [
      query('sns', '2010-03-31', 'Action=ListTopics'),
      query('sns', '2010-03-31', 'Action=ListSubscriptions'),
    ],
  },
  {
    name: 'users',
    make: (index) => query('iam', '2010-05-08', `Action=CreateUser&UserName=u${index}`),
    list: [
      query('iam', '2010-05-08', 'Action=ListUsers&MaxItems=1000'),
      query('iam', '2010-05-08', 'Action=ListRoles'),
    ],
  },
  {
    name: 'objects',
    make: (index) => asRest('s3', 'PUT', `/bucket/o/${index}`, 'x'),
    list: [
      asRest('s3', 'GET', '/bucket?list-type=2'),
      asRest('s3', 'GET', '/bucket?list-type=2&delimiter=%2F'),
      asRest('s3', 'GET', '/bucket?versions'),
    ],
  },
  {
    name: 'parameter groups',
    make: (index) =>
      query(
        'elasticache',
        '2015-02-02',
        `Action=CreateCacheParameterGroup&CacheParameterGroupName=g${index}&CacheParameterGroupFamily=redis7&Description=d`,
      ),
    list: [
      query('elasticache', '2015-02-02', 'Action=DescribeCacheParameterGroups'),
      query('elasticache', '2015-02-02', 'Action=DescribeEvents&Duration=1440'),
      query('elasticache', '2015-02-02', 'Action=DescribeReplicationGroups'),
    ],
  },
  {
    name: 'security groups',
    make: (index) =>
      query('ec2', '2016-11-15', `Action=CreateSecurityGroup&GroupName=g${index}&GroupDescription=d`),
    list: [
      query('ec2', '2016-11-15', 'Action=DescribeSecurityGroups'),
      query('ec2', '2016-11-15', 'Action=DescribeTags'),
    ],
  },
  {
    name: 'metrics',
    make: (index) =>
      query(
        'monitoring',
        '2010-08-01',
        `Action=PutMetricData&Namespace=n&MetricData.member.1.MetricName=m${index}&MetricData.member.1.Value=1`,
      ),
    list: [query('monitoring', '2010-08-01', 'Action=ListMetrics')],
  },
];

/** `count`: of each kind of record. */
export const volumeCases = (count: number): HostileCase[] =>
  VOLUMES.flatMap(({ name, make, list }) => [
    { kind: 'volume', name: `${count} ${name} made`, run: (target) => makeAll(target, count, make) },
    {
      kind: 'volume',
      name: `${count} ${name} listed`,
      run: async (target) => {
        const outcomes: Outcome[] = [];
        for (const each of list) outcomes.push(await sendOver(target, each, undefined));
        return outcomes;
      },
    } satisfies HostileCase,
  ]);

async function makeAll(
  target: Target,
  count: number,
  make: (index: number) => HostileRequest,
): Promise<Outcome[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const outcomes: Outcome[] = [];
  let next = 0;
  const worker = async () => {
    while (next < count) outcomes.push(await sendOver(target, make(next++), agent));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  agent.destroy();
  return outcomes;
}

function sendOver(
  target: Target,
  { method = 'POST', path = '/', headers = {}, body }: HostileRequest,
  agent: Agent | undefined,
) {
  return new Promise<Outcome>((resolve, reject) => {
    const outgoing = request(
      `${target.url}/`,
      { path, method, headers, agent: agent ?? false },
      (response) => {
        text(response).then(() => resolve(response.statusCode!), reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
