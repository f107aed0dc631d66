import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endpointCodeOf, REGIONS, regionOf, zonesOf } from './regions.ts';

test('zones are those that new accounts get', () => {
  assert.deepEqual(
    zonesOf('us-east-1').join(),
    'us-east-1a,us-east-1b,us-east-1c,us-east-1d,us-east-1e,us-east-1f',
  );
  assert.deepEqual(zonesOf('ap-northeast-1'), ['ap-northeast-1a', 'ap-northeast-1c', 'ap-northeast-1d']);
  assert.deepEqual(zonesOf('us-west-1'), ['us-west-1a', 'us-west-1c']);
  assert.deepEqual(zonesOf('ca-central-1'), ['ca-central-1a', 'ca-central-1b', 'ca-central-1d']);
});

test('an unknown region has three zones, and an invalid name has none', () => {
  assert.deepEqual(zonesOf('eu-west-9'), ['eu-west-9a', 'eu-west-9b', 'eu-west-9c']);
  assert.equal(endpointCodeOf('eu-west-9'), 'euw9');
  for (const name of ['', 'local', 'us-east-1a', 'US-EAST-1', 'us-east-', '../us-east-1']) {
    assert.equal(regionOf(name), undefined, name);
    assert.deepEqual(zonesOf(name), []);
  }
});

test('endpoint codes follow the rule, with known exceptions', () => {
  const codes = {
    'us-east-1': 'use1',
    'us-west-2': 'usw2',
    'ca-central-1': 'cac1',
    'sa-east-1': 'sae1',
    'eu-central-1': 'euc1',
    'eu-south-1': 'eus1',
    'ap-northeast-1': 'apne1',
    'ap-northeast-2': 'apn2',
    'ap-northeast-3': 'apn3',
    'ap-southeast-1': 'apse1',
    'ap-south-1': 'aps1',
    'ap-east-1': 'ape1',
    'us-gov-west-1': 'usgw1',
    'cn-north-1': 'cnn1',
    'cn-northwest-1': 'cnw1',
  };
  for (const [region, code] of Object.entries(codes)) assert.equal(endpointCodeOf(region), code);
});

test('the facts of every region are well formed, and its zones are distinct', () => {
  assert.equal(REGIONS.length, 38);
  for (const region of REGIONS) {
    assert.match(region.endpointCode, /^[a-z]{3,4}\d$/);
    assert.ok(region.description.length > 3 && !region.description.includes('  '));
    assert.ok(region.zones.length >= 2, region.name);
    assert.equal(new Set(region.zones.map((zone) => zone.id)).size, region.zones.length);
    for (const zone of region.zones) assert.match(zone.id, /^[a-z]{3,4}\d-az[1-6]$/);
  }
  assert.equal(regionOf('ap-northeast-2')?.zones[0]?.id, 'apne2-az1');
  assert.equal(regionOf('us-gov-east-1')?.partition, 'aws-us-gov');
  assert.equal(regionOf('cn-north-1')?.dnsSuffix, 'amazonaws.com.cn');
});
