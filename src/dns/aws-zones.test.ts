import assert from 'node:assert/strict';
import { it } from 'node:test';
import { answerFrom } from './answer.ts';
import { awsZones } from './aws-zones.ts';
import { createZoneTable } from './zone-table.ts';

function zones() {
  const table = createZoneTable();
  for (const zone of awsZones(['sts', 's3', 'iam', 'monitoring', 'ecr'], '127.9.0.2')) table.add(zone);
  return table;
}

it('names of Millpond’s services resolve to Millpond', () => {
  for (const name of [
    'sts.us-east-1.amazonaws.com',
    'STS.amazonaws.com',
    'iam.amazonaws.com',
    'monitoring.ap-northeast-1.amazonaws.com',
    'sts.cn-north-1.amazonaws.com.cn',
    'api.ecr.us-east-1.amazonaws.com',
    '123456789012.dkr.ecr.eu-west-1.amazonaws.com',
    's3.amazonaws.com',
    'bucket.s3.amazonaws.com',
    'a.bucket.s3.eu-west-1.amazonaws.com',
    'bucket.s3-eu-west-1.amazonaws.com',
    's3.dualstack.eu-west-1.amazonaws.com',
  ]) {
    const answer = answerFrom(zones(), name, 'A');
    assert.deepEqual(answer, { code: 'NOERROR', records: [{ name, type: 'A', ttl: 60, data: '127.9.0.2' }] });
    const none = answerFrom(zones(), name, 'AAAA');
    assert.deepEqual([none?.code, none?.records], ['NOERROR', []], name);
  }
});

it('all other names are forwarded', () => {
  for (const name of [
    'amazonaws.com',
    'sqs.us-east-1.amazonaws.com',
    'sts.xx-nowhere-1.amazonaws.com',
    'sts.us-east-3.amazonaws.com',
    'demo.abc123.ng.0001.use1.cache.amazonaws.com',
    's3-control.us-east-1.amazonaws.com',
  ]) {
    assert.equal(answerFrom(zones(), name, 'A'), undefined, name);
  }
});

it('ElastiCache’s endpoint names stay in ElastiCache’s zone', () => {
  const table = zones();
  const suffix = 'use1.cache.amazonaws.com';
  table.add({ suffix, lookup: () => [{ type: 'A', ttl: 5, data: '127.9.16.4' }] });
  assert.equal(answerFrom(table, `demo.${suffix}`, 'A')?.records[0]?.data, '127.9.16.4');
});
