// A whole Millpond, and everything that a client could send to keep it from its work: nothing is a server error, and the
// event loop, in which health checks, promotion and DNS live, never stands still for long. By default a short slice;
// `npm run test:hostile` sends all of it and prints what came of it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { asJson, asQuery, asRest, type HostileCase, type Outcome, send } from './cases.ts';
import { cborCases, formCases, jsonCases, xmlCases, yamlCases } from './codec-cases.ts';
import { dataCases, prepareData } from './data-cases.ts';
import { dnsCases } from './dns-cases.ts';
import { crowdCases, httpCases } from './http-cases.ts';
import { type MeasuredMillpond, startMeasuredMillpond } from './measured-millpond.ts';
import { volumeCases } from './volume-cases.ts';
import { zipCases } from './zip-cases.ts';

const IS_WHOLE = process.env.MILLPOND_HOSTILE === 'whole';
const RECORDS = Number(process.env.MILLPOND_HOSTILE_RECORDS ?? 1_000);

/** What health checks can wait for, and five times what the floor takes on a machine that has nothing else to do. */
const LONGEST_STALL_MS = 50;
const FLOORS = 5;
const ATTEMPTS = 3;

const ALL: HostileCase[] = [
  ...[...httpCases, ...formCases, ...jsonCases, ...cborCases, ...xmlCases, ...yamlCases, ...zipCases],
  ...[...dataCases, ...dnsCases, ...crowdCases, ...volumeCases(RECORDS)],
];

/** Of each kind those that are quick to send. */
const SLICE = new Set([
  ...['10,000 requests at once', '3,000 headers', 'a chunk of 2^63', 'HTTP/1.0', 'an upgrade to WebSocket'],
  ...[
    '100,000 unknown parameters',
    'a list with huge gaps',
    'one value of 70 MB of pluses',
    'broken escapes',
  ],
  ...['100,000 deep lists', '1,000,000 keys', 'a text of 60 MB of escapes', 'base64 of 10 MB for a zip'],
  ...['10,000,000 zeros in an array', '10,000,000 chunks of a text', 'a map of 2^64 entries'],
  ...[
    '1,000,000 deep',
    '300,000 tags',
    '500,000 attributes',
    '1,000,000 lone ampersands',
    'entities of entities',
  ],
  ...['1 MB of nested lists', '50 KB of block scalars', '50 KB of quotes', '50 KB of Fn::Sub'],
  ...['a number of 1,000,000 digits', '2,000 open parentheses', '1,000 NOTs', '10,000 lists in lists'],
  ...['50,000 message attributes', 'a message of 1 MB to a FIFO queue'],
  ...['noise', 'half an archive', 'a file outside', '300 MB of zeros'],
  ...['33,000 packets of noise', 'TCP: 2,000 queries in one piece', 'TCP: 600 silent connections'],
  ...['2,500 silent connections', '2,500 silent connections for TLS'],
]);

const cases = IS_WHOLE ? ALL : ALL.filter(({ name }) => SLICE.has(name));

let millpond: MeasuredMillpond;
before(async () => {
  millpond = await startMeasuredMillpond();
  // Services are loaded with their first request, which is measured elsewhere.
  for (const request of [
    asJson('ssm', 'AmazonSSM.DescribeParameters', '{}'),
    asJson('logs', 'Logs_20140328.DescribeLogGroups', '{}'),
    asQuery('cloudformation', 'Action=ListStacks&Version=2010-05-15'),
    asQuery(
      'cloudformation',
      'Action=ValidateTemplate&Version=2010-05-15&TemplateBody=Resources%3A%20%7B%7D',
    ),
    asQuery('ec2', 'Action=DescribeVpcs&Version=2016-11-15'),
    asQuery('elasticache', 'Action=DescribeReplicationGroups&Version=2015-02-02'),
    asQuery('iam', 'Action=ListUsers&Version=2010-05-08'),
    asQuery('monitoring', 'Action=ListMetrics&Version=2010-08-01'),
    asQuery('sns', 'Action=ListTopics&Version=2010-03-31'),
    asQuery('sts', 'Action=GetCallerIdentity&Version=2011-06-15'),
    asRest('lambda', 'GET', '/2015-03-31/functions'),
    asRest('route53', 'GET', '/2013-04-01/hostedzone'),
    asRest('s3', 'PUT', '/bucket'),
  ]) {
    await send(millpond, request);
  }
  await prepareData(millpond);
  await millpond.stall();
});
after(async () => {
  await millpond?.stop();
  if (IS_WHOLE) report();
});

interface Row {
  kind: string;
  name: string;
  tried: number;
  refused: number;
  failed: number;
  stallMs: number;
}
const rows: Row[] = [];

for (const each of cases) {
  test(`${each.kind}: ${each.name}`, async () => {
    const { outcomes, stallMs, mostMs } = await measured(each);
    const failed = outcomes.filter(isServerError).length;
    rows.push({
      ...{ kind: each.kind, name: each.name, tried: outcomes.length, failed, stallMs },
      refused: outcomes.filter((outcome) => outcome === 'none' || isRefusal(outcome)).length,
    });
    assert.equal(failed, 0, `answered by ${outcomes.filter(isServerError).join(', ')}`);
    assert.ok(
      stallMs <= mostMs,
      `the loop stood still for ${stallMs.toFixed(0)} ms; ${mostMs.toFixed(0)} are allowed`,
    );
    // However the connections of this case ended, the next one is served.
    const who = asQuery('sts', 'Action=GetCallerIdentity&Version=2011-06-15');
    assert.equal(await send(millpond, who), 200);
  });
}

/** Again where it took too long: an input that holds the loop does so each time, other work of the machine does not. */
async function measured(each: HostileCase) {
  for (let attempt = 1; ; attempt++) {
    const mostMs = Math.max(LONGEST_STALL_MS, FLOORS * (await millpond.floor()));
    const outcomes = await each.run(millpond);
    const { longest: stallMs } = await millpond.stall();
    if (stallMs <= mostMs || attempt === ATTEMPTS) return { outcomes, stallMs, mostMs };
  }
}

// 501 names what Millpond does not have.
const isServerError = (outcome: Outcome): boolean =>
  typeof outcome === 'number' && outcome >= 500 && outcome !== 501;
const isRefusal = (outcome: Outcome): boolean =>
  typeof outcome === 'number' && outcome >= 400 && outcome < 500;

function report(): void {
  const sum = (of: (row: Row) => number) => rows.reduce((total, row) => total + of(row), 0);
  const longest = rows.toSorted((a, b) => b.stallMs - a.stallMs);
  console.log(
    `hostile inputs: ${rows.length} cases, ${sum((row) => row.tried)} tried, ${sum((row) => row.refused)} refused, ${sum((row) => row.failed)} server errors, longest stall ${longest[0]?.stallMs.toFixed(0)} ms`,
  );
  for (const { kind, name, stallMs } of longest.slice(0, 10)) {
    console.log(`  ${stallMs.toFixed(0).padStart(5)} ms  ${kind}: ${name}`);
  }
}
