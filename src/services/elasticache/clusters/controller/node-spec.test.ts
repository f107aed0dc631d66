import assert from 'node:assert/strict';
import { it } from 'node:test';
import { busPortOf } from './node-spec.ts';

it('the bus port is the record’s, or that of the engine, which stays a port', () => {
  assert.equal(busPortOf({ port: 6379, busPort: 1122 }), 1122);
  const ports = [6379, 55_535, 55_536, 65_535].map((port) => busPortOf({ port }));
  assert.deepEqual(ports, [16_379, 65_535, 45_536, 55_535]);
});
