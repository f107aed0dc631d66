// ElastiCache through boto3: what elasticache_boto3.py saw, waiters and paginators included.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startTestMillpond, type TestMillpond } from '../support/millpond.ts';
import {
  awsEnvironment,
  PYTHON,
  pathOfTest,
  run,
  WITHOUT_PYTHON_CLIENTS,
} from '../support/outside-clients.ts';

describe('boto3', { skip: WITHOUT_PYTHON_CLIENTS }, () => {
  let millpond: TestMillpond;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the script prints
  let seen: any;

  before(async () => {
    millpond = await startTestMillpond();
    const script = pathOfTest('conformance/elasticache_boto3.py');
    const { code, stdout, stderr } = await run(PYTHON, [script, millpond.url], awsEnvironment(millpond.url));
    assert.equal(code, 0, stderr);
    seen = JSON.parse(stdout);
  });
  after(() => millpond?.stop());

  it('takes a replication group through its life', () => {
    assert.deepEqual(seen.replication_group, {
      created: 'creating',
      status: 'available',
      slots: ['0-8191', '8192-16383'],
      roles: [null, null, null, null],
      members: ['boto-0001-001', 'boto-0001-002', 'boto-0002-001', 'boto-0002-002'],
    });
  });

  it('takes a cache cluster through its life', () => {
    assert.deepEqual(seen.cache_cluster, {
      status: 'available',
      port: 6379,
      tags: [{ Key: 'a', Value: 'b' }],
    });
  });

  it('pages through the events', () => {
    assert.equal(seen.events.newestFirst, true);
    const count = (message: string) =>
      seen.events.messages.filter((found: string) => found === message).length;
    assert.equal(count('Cache cluster created'), 5);
    assert.equal(count('Cache cluster deleted'), 5);
    assert.equal(count('Replication group boto created'), 1);
  });

  it('knows the errors by their classes', () => {
    const error = (code: string, status: number, name: string) => ({ code, status, class: name });
    assert.deepEqual(seen.errors, {
      waiter: 'ReplicationGroupNotFoundFault',
      group: error('ReplicationGroupNotFoundFault', 404, 'ReplicationGroupNotFoundFault'),
      cluster: error('CacheClusterNotFound', 404, 'CacheClusterNotFoundFault'),
      subnets: error('CacheSubnetGroupNotFoundFault', 400, 'CacheSubnetGroupNotFoundFault'),
      auth: error('InvalidParameterCombination', 400, 'InvalidParameterCombinationException'),
    });
  });
});
