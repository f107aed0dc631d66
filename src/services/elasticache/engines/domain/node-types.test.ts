import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maxMemoryDirective, NODE_TYPES, nodeTypeNamed, scaleTargets } from './node-types.ts';

const GIB = 2 ** 30;

test('every node type is unique and has memory', () => {
  assert.equal(new Set(NODE_TYPES.map((type) => type.name)).size, NODE_TYPES.length);
  for (const type of NODE_TYPES) assert.ok(type.maxMemoryBytes > 100 * 2 ** 20, type.name);
  assert.equal(nodeTypeNamed('cache.z9.mega'), undefined);
  assert.equal(nodeTypeNamed('t4g.micro'), undefined);
});

test('each node type has a limit on clients', () => {
  const clients = {
    't4g.micro': 20_000,
    't3.small': 46_000,
    't2.medium': 20_000,
    't4g.small': 65_000,
    'r7g.large': 65_000,
  };
  for (const [name, expected] of Object.entries(clients)) {
    assert.equal(nodeTypeNamed(`cache.${name}`)?.maxClients, expected, name);
  }
});

test('maxmemory is the capped memory minus the reserved share', () => {
  const micro = nodeTypeNamed('cache.t3.micro')!;
  const large = nodeTypeNamed('cache.r7g.large')!;
  const percent = (value: string) => ({ 'reserved-memory-percent': value });
  assert.equal(maxMemoryDirective(micro, percent('25'), GIB), '402653184');
  assert.equal(maxMemoryDirective(micro, percent('0'), GIB), '536870912');
  assert.equal(maxMemoryDirective(micro, percent('100'), GIB), '1');
  assert.equal(maxMemoryDirective(micro, { 'reserved-memory': '268435456' }, GIB), '268435456');
  assert.equal(maxMemoryDirective(micro, { 'reserved-memory': '999999999999' }, GIB), '1');
  assert.equal(maxMemoryDirective(large, percent('50'), GIB), String(GIB / 2));
  assert.equal(maxMemoryDirective(large, {}, GIB), String(GIB));
});

test('scale targets are ordered by memory and include all current types', () => {
  const { up, down } = scaleTargets('cache.t4g.small');
  assert.ok(
    up.includes('cache.t4g.medium') && up.includes('cache.m5.24xlarge') && up.includes('cache.r4.large'),
  );
  assert.deepEqual(down, ['cache.t2.micro', 'cache.t3.micro', 'cache.t4g.micro']);
  assert.ok(!up.includes('cache.t3.small'), 'the same memory is neither up nor down');
  assert.ok(!up.includes('cache.m3.large'), 'no earlier generations');
  assert.ok(!up.includes('cache.r6gd.xlarge'), 'types with data tiering are not mixed with others');
  assert.deepEqual(up, [...up].sort());
  assert.deepEqual(scaleTargets('cache.none'), { up: [], down: [] });
});
