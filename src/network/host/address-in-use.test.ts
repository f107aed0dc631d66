import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isKnown } from './address-in-use.ts';

const TABLE = `IP address       HW type     Flags       HW address            Mask     Device
10.0.0.7         0x1         0x2         02:42:0a:00:00:07     *        eth0
10.0.0.8         0x1         0x0         00:00:00:00:00:00     *        eth0
10.0.0.9         0x1         0x6         02:42:0a:00:00:09     *        eth0
`;

it('an address is in use where its hardware address is known', () => {
  const known = (address: string, device = 'eth0') => isKnown(TABLE, address, device);
  assert.equal(known('10.0.0.7'), true);
  assert.equal(known('10.0.0.9'), true, 'a permanent entry');
  assert.equal(known('10.0.0.8'), false, 'nobody answered');
  assert.equal(known('10.0.0.70'), false);
  assert.equal(known('10.0.0.7', 'eth1'), false);
});
