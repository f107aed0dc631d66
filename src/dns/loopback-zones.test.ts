import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loopbackZones } from './loopback-zones.ts';
import { createZoneTable } from './zone-table.ts';

test('names below localhost and below the API’s address resolve to the API', () => {
  const zones = createZoneTable();
  for (const zone of loopbackZones('127.0.0.5')) zones.add(zone);
  const addressOf = (name: string) =>
    zones
      .zoneOf(name)
      ?.lookup(name)
      ?.map(({ data }) => data);
  assert.deepEqual(addressOf('000000000000.localhost'), ['127.0.0.5']);
  assert.deepEqual(addressOf('localhost'), ['127.0.0.1']);
  assert.deepEqual(addressOf('000000000000.127.0.0.5'), ['127.0.0.5']);
  assert.equal(addressOf('000000000000.127.0.0.6'), undefined);
  assert.equal(addressOf('localhost.example'), undefined);
});
