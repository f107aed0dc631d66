import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Counts } from './counts.ts';
import type { BalancerCounts } from './load-balancers.ts';

it('reports what was counted, by balancer, zone and group, once', () => {
  const reports: BalancerCounts[][] = [];
  const counts = new Counts((report) => reports.push([...report]));
  counts.of('a', 'z1').addFor('g', 'RequestCount');
  counts.of('a', 'z1').addFor('g', 'RequestCount');
  counts.of('a', 'z1').addTime('g', 0.5);
  counts.of('a', 'z1').opened();
  counts.of('a', 'z2').addOwnAnswer(503);
  counts.of('b', 'z1').addOwnAnswer(460);
  counts.report();
  const shown = { balancerArn: 'a', zone: 'z1', targetResponseTimes: [0.5] };
  assert.deepEqual(reports, [
    [
      { ...shown, sums: { RequestCount: 2, NewConnectionCount: 1 }, activeConnections: 1 },
      { ...shown, targetGroupArn: 'g', sums: { RequestCount: 2 } },
      {
        ...{ balancerArn: 'a', zone: 'z2', targetResponseTimes: [], activeConnections: 0 },
        sums: { HTTPCode_ELB_5XX_Count: 1, HTTPCode_ELB_503_Count: 1 },
      },
      {
        ...{ balancerArn: 'b', zone: 'z1', targetResponseTimes: [], activeConnections: 0 },
        sums: { HTTPCode_ELB_4XX_Count: 1 },
      },
    ],
  ]);
  counts.report();
  assert.equal(reports.length, 1, 'nothing has happened since');
  counts.of('a', 'z1').closed();
  counts.report();
  assert.deepEqual(reports[1], [
    { ...{ balancerArn: 'a', zone: 'z1', sums: {}, targetResponseTimes: [] }, activeConnections: 0 },
  ]);
});

it('keeps a bounded sample of times', () => {
  const reports: BalancerCounts[][] = [];
  const counts = new Counts((report) => reports.push([...report]));
  for (let index = 0; index < 10_000; index++) counts.of('a', 'z').addTime('g', index);
  counts.report();
  const [total, group] = reports[0]!;
  assert.equal(total!.targetResponseTimes.length, 1_000);
  assert.ok(Math.max(...group!.targetResponseTimes) > 5_000, 'later ones replace earlier ones');
});
