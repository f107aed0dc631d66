import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GroupStatus } from '../../status.ts';
import { type Attempt, errorKind } from './attempt.ts';
import { renderReport } from './render.ts';
import { reportOf, type Sightings } from './report.ts';
import { targetOf } from './target.ts';

const what = { groupId: 'demo', nodeGroupId: '0001', kind: 'failover', member: 'demo-001' } as const;
const ok = (startedAt: number): Attempt => ({ startedAt, endedAt: startedAt + 1 });
const failed = (startedAt: number, error: string): Attempt => ({ ...ok(startedAt), error });

const seen: Sightings = {
  calledAt: 100,
  acceptedAt: 104.26,
  writes: [ok(0), ok(98), ok(101), failed(104, 'connection'), failed(106, 'READONLY'), ok(120), ok(122)],
  reads: [ok(0), ok(98), ok(100)],
  namePointsAwayAt: 110,
  replicaBackAt: 200,
  lost: 0,
  ownStallMs: 1.04,
};

test('a failover is reported as clients observed it', () => {
  assert.deepEqual(reportOf(what, seen), {
    ...what,
    timeline: {
      accepted: 4.3,
      firstFailedWrite: 5,
      namePointsAway: 10,
      firstWriteAgain: 21,
      replicaBack: 100,
    },
    writes: {
      attempts: 7,
      succeeded: 5,
      failed: 2,
      longestGapMs: 19,
      errors: { connection: 1, READONLY: 1 },
    },
    reads: { attempts: 3, succeeded: 3, failed: 0, longestGapMs: 2, errors: {} },
    lostWrites: 0,
    ownStallMs: 1,
    recovered: true,
  });
});

test('a switch without a failed write still has its gap', () => {
  const report = reportOf(what, { ...seen, writes: [ok(99), { startedAt: 101, endedAt: 116 }, ok(117)] });
  assert.equal(report.timeline.firstFailedWrite, null);
  assert.equal(report.timeline.firstWriteAgain, null);
  assert.equal(report.writes.longestGapMs, 16);
  assert.match(renderReport(report), /not seen {2}first failed write/);
});

test('without recovery the gap lasts to the end', () => {
  const writes = [ok(99), failed(105, 'connection'), failed(400, 'connection')];
  const { replicaBackAt: _, ...unrecovered } = seen;
  const report = reportOf(what, { ...unrecovered, writes });
  assert.equal(report.recovered, false);
  assert.equal(report.timeline.firstWriteAgain, null);
  assert.equal(report.writes.longestGapMs, 301);
  assert.match(renderReport(report), /had not recovered/);
});

test('the table is ordered by time', () => {
  const lines = renderReport(reportOf(what, { ...seen, lost: 2 })).split('\n');
  assert.deepEqual(lines.slice(2, 9), [
    '        ms  what happened',
    '       0.0  TestFailover called',
    '       4.3  API accepted',
    '       5.0  first failed write',
    "      10.0  the endpoint no longer gives demo-001's address",
    '      21.0  first acknowledged write again',
    '     100.0  demo-001 is back as a replica',
  ]);
  assert.ok(lines.includes('  Lost    2 of 5 acknowledged writes'));
});

test('errors are classified by kind', () => {
  const reply = (message: string) => Object.assign(new Error(message), { name: 'ReplyError' });
  const withCode = (code: string) => Object.assign(new Error('x'), { code });
  const table: [unknown, string][] = [
    [reply("READONLY You can't write against a read only replica."), 'READONLY'],
    [reply('LOADING Redis is loading the dataset in memory'), 'LOADING'],
    [withCode('ECONNREFUSED'), 'connection'],
    [withCode('ETIMEDOUT'), 'timeout'],
    [withCode('ENOTFOUND'), 'name'],
    [new Error('Connection is closed.'), 'connection'],
    [new Error('Command timed out'), 'timeout'],
    [
      Object.assign(new Error('Failed to refresh slots cache.'), { lastNodeError: withCode('ECONNREFUSED') }),
      'connection',
    ],
    [new Error('odd'), 'other'],
  ];
  for (const [error, kind] of table) assert.equal(errorKind(error), kind, String(error));
});

const member = (id: string, role: 'primary' | 'replica') => ({
  id,
  role,
  address: '127.0.0.1',
  endpoint: `${id}.x:6379`,
  state: 'running',
});

const group: GroupStatus = {
  id: 'demo',
  region: 'us-east-1',
  accountId: '000000000000',
  status: 'available',
  engine: 'redis',
  engineVersion: '7.1',
  runs: { engine: 'redis', version: '7.0.15' },
  clusterEnabled: true,
  endpoints: { configuration: 'demo.x:6379' },
  members: [
    member('demo-0001-001', 'primary'),
    member('demo-0002-001', 'replica'),
    member('demo-0002-002', 'primary'),
  ],
};

test('the target is the requested node group', () => {
  const target = targetOf(group, 'demo', '0002');
  assert.equal(target.primary.id, 'demo-0002-002');
  assert.deepEqual(
    target.replicas.map(({ id }) => id),
    ['demo-0002-001'],
  );
  assert.deepEqual(target.writeEndpoint, { host: 'demo.x', port: 6379 });
  const refused: [GroupStatus | undefined, string, RegExp][] = [
    [undefined, '0001', /There is no replication group demo\./],
    [group, '0003', /no node group 0003/],
    [{ ...group, status: 'modifying' }, '0001', /demo is modifying/],
    [{ ...group, endpoints: {} }, '0001', /no endpoint yet/],
  ];
  for (const [of, nodeGroup, message] of refused) {
    assert.throws(() => targetOf(of, 'demo', nodeGroup), { code: 'CommandFailed', message });
  }
});
