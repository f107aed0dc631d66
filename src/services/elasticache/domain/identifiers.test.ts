import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  arnOf,
  cacheClusterIdOf,
  nameToFind,
  parameterGroupNameOf,
  replicationGroupIdOf,
  resourceOfArn,
  subnetGroupNameOf,
} from './identifiers.ts';

const scope = { accountId: '000000000000', region: 'us-east-1' };
const invalidValue = { shape: 'InvalidParameterValueException' };

test('ids are stored in lower case', () => {
  assert.equal(replicationGroupIdOf('My-Group-1'), 'my-group-1');
  assert.equal(cacheClusterIdOf('A'), 'a');
  assert.equal(parameterGroupNameOf('Tuned'), 'tuned');
  assert.equal(subnetGroupNameOf('9Lives'), '9lives');
  assert.equal(nameToFind('CacheSubnetGroupName', 'Anything_at all'), 'anything_at all');
});

test('an invalid identifier is refused', () => {
  for (const id of ['', '1a', '-a', 'a-', 'a--b', 'a_b', 'a b', 'é', 'default.redis7', 'a'.repeat(41)]) {
    assert.throws(() => replicationGroupIdOf(id), invalidValue, id);
  }
  assert.equal(replicationGroupIdOf('a'.repeat(40)).length, 40);
  assert.equal(cacheClusterIdOf('a'.repeat(50)).length, 50);
  assert.throws(() => cacheClusterIdOf('a'.repeat(51)), invalidValue);
  assert.throws(() => parameterGroupNameOf('  '), {
    message: 'The parameter CacheParameterGroupName must be provided and must not be blank.',
  });
  assert.throws(() => subnetGroupNameOf(undefined), {
    message: 'The parameter CacheSubnetGroupName must be provided and must not be blank.',
  });
  assert.throws(() => subnetGroupNameOf('a.b'), invalidValue);
});

test('an ARN is rendered and parsed', () => {
  const arn = arnOf(scope, 'replicationgroup', 'demo');
  assert.equal(arn, 'arn:aws:elasticache:us-east-1:000000000000:replicationgroup:demo');
  assert.deepEqual(resourceOfArn(arn, scope), { type: 'replicationgroup', id: 'demo', arn });
  assert.deepEqual(resourceOfArn(`${arn.slice(0, -4)}DEMO`, scope), {
    type: 'replicationgroup',
    id: 'demo',
    arn,
  });
  assert.equal(
    arnOf(scope, 'globalreplicationgroup', 'sgaui-x'),
    'arn:aws:elasticache::000000000000:globalreplicationgroup:sgaui-x',
  );
  const dotted = 'arn:aws:elasticache:us-east-1:000000000000:parametergroup:default.redis7';
  assert.equal(resourceOfArn(dotted, scope).id, 'default.redis7');
});

test('an ARN of another service, region, account or unknown type is refused', () => {
  const cases = [
    'demo',
    'arn:aws:elasticache:us-east-1:000000000000:cluster',
    'arn:aws:s3:us-east-1:000000000000:cluster:demo',
    'arn:aws:elasticache:us-east-1:000000000000:thing:demo',
    'arn:aws:elasticache:us-east-1:000000000000:cluster:',
    'arn:aws:elasticache:eu-west-1:000000000000:cluster:demo',
    'arn:aws:elasticache:us-east-1:111111111111:cluster:demo',
    'arn:aws:elasticache:us-east-1:000000000000:cluster:demo:more',
  ];
  for (const arn of cases) assert.throws(() => resourceOfArn(arn, scope), { shape: 'InvalidARNFault' }, arn);
  assert.throws(() => resourceOfArn('demo', scope), {
    message: 'Input ARN string does not have 7 components.',
  });
});
