import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instanceZones } from './instance-zones.ts';

test('an instance’s name resolves to the address in it', () => {
  for (const [name, address] of [
    ['ip-10-0-0-12.ec2.internal', '10.0.0.12'],
    ['ip-172-31-16-4.ap-northeast-1.compute.internal', '172.31.16.4'],
  ] as const) {
    const zone = instanceZones().find((each) => name.endsWith(each.suffix))!;
    assert.ok(zone.owns!(name));
    assert.deepEqual(zone.lookup(name), [{ type: 'A', ttl: 60, data: address }]);
  }
});

test('other names under the suffix are forwarded', () => {
  for (const name of [
    'ec2.internal',
    'ip-10-0-0-300.ec2.internal',
    'ip-1-2-3-4.compute.internal',
    'db.ec2.internal',
  ]) {
    assert.ok(
      instanceZones().every((zone) => !zone.owns!(name)),
      name,
    );
  }
});
