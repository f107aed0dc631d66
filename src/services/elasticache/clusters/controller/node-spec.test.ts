import assert from 'node:assert/strict';
import { it } from 'node:test';
import { busPortOf } from './node-spec.ts';

it('the bus port is the recorded one, or the engine’s default within the range of ports', () => {
  assert.equal(busPortOf({ port: 6379, busPort: 1122 }), 1122);
  const ports = [6379, 55_535, 55_536, 65_535].map((port) => busPortOf({ port }));
  assert.deepEqual(ports, [16_379, 65_535, 45_536, 55_535]);
});
