import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_GROUPS, familyNamed, PARAMETER_FAMILIES, parameterOrder } from './parameter-families.ts';
import { changeParameters, effectiveParameters, resetParameters } from './parameters.ts';

const change = (family: string, ...pairs: [string, string][]) =>
  changeParameters(
    family,
    {},
    pairs.map(([ParameterName, ParameterValue]) => ({ ParameterName, ParameterValue })),
  );

test('families since redis3.2 have a second default group, with cluster mode on', () => {
  const names = DEFAULT_GROUPS.map((group) => group.name);
  assert.equal(names.length, 18);
  for (const name of [
    'default.redis2.8',
    'default.redis6.x.cluster.on',
    'default.redis7',
    'default.valkey8.cluster.on',
  ]) {
    assert.ok(names.includes(name), name);
  }
  assert.ok(!names.includes('default.redis2.8.cluster.on'));
  const described = (name: string) => DEFAULT_GROUPS.find((group) => group.name === name)?.description;
  assert.equal(described('default.redis7'), 'Default parameter group for redis7');
  assert.equal(
    described('default.redis7.cluster.on'),
    'Customized default parameter group for redis7 with cluster mode on',
  );
});

test('every default is an allowed value, and every parameter is unique', () => {
  for (const family of PARAMETER_FAMILIES) {
    const keys = family.parameters.map(parameterOrder);
    assert.equal(new Set(keys).size, keys.length, family.name);
    assert.deepEqual(keys, [...keys].sort());
    for (const { name, value, modifiable } of family.parameters) {
      if (modifiable) assert.deepEqual(change(family.name, [name, value]), { [name]: value });
    }
  }
});

test('families differ in their parameters and defaults', () => {
  const value = (family: string, name: string) => effectiveParameters(family, false, {})[name];
  assert.equal(value('redis2.8', 'tcp-keepalive'), '0');
  assert.equal(value('redis3.2', 'tcp-keepalive'), '300');
  assert.equal(value('redis7', 'repl-backlog-size'), '1048576');
  assert.equal(value('valkey8', 'repl-backlog-size'), '10485760');
  assert.equal(value('valkey7', 'lazyfree-lazy-eviction'), 'no');
  assert.equal(value('valkey8', 'lazyfree-lazy-eviction'), 'yes', 'gone, and always on');
  assert.equal(
    familyNamed('valkey8')?.parameters.some(({ name }) => name === 'lazyfree-lazy-eviction'),
    false,
  );
  assert.equal(value('redis6.x', 'hash-max-ziplist-entries'), '512');
  assert.equal(value('redis7', 'hash-max-ziplist-entries'), undefined);
  assert.equal(value('redis7', 'hash-max-listpack-entries'), '512');
  assert.equal(value('redis7', 'cluster-enabled'), 'no');
  assert.equal(effectiveParameters('redis7', true, {})['cluster-enabled'], 'yes');
  assert.equal(effectiveParameters('redis7', false, { timeout: '60' }).timeout, '60');
  assert.deepEqual(effectiveParameters('memcached1.6', false, {}), {});
  assert.equal(
    familyNamed('redis2.8')?.parameters.find(({ name }) => name === 'databases')?.modifiable,
    false,
  );
  assert.equal(
    familyNamed('redis7')?.parameters.find(({ name }) => name === 'maxmemory')?.perNodeType?.[
      'cache.t4g.micro'
    ],
    '536870912',
  );
});

test('allowed values are accepted', () => {
  const cases: [string, string][] = [
    ['maxmemory-policy', 'allkeys-lfu'],
    ['timeout', '0'],
    ['timeout', '20'],
    ['slowlog-log-slower-than', '-1'],
    ['reserved-memory-percent', '100'],
    ['repl-backlog-size', '16384'],
    ['notify-keyspace-events', 'AKE'],
    ['notify-keyspace-events', ''],
    ['rename-commands', 'KEYS blocked flushall blocked GET get2'],
    ['cluster-preferred-endpoint-type', 'ip'],
  ];
  for (const [name, value] of cases) assert.deepEqual(change('redis7', [name, value]), { [name]: value });
});

test('invalid values, fixed parameters and unknown names are refused', () => {
  const cases: [string, string][] = [
    ['maxmemory-policy', 'lru'],
    ['timeout', '19'],
    ['timeout', '-1'],
    ['timeout', '1.5'],
    ['timeout', ''],
    ['reserved-memory-percent', '101'],
    ['repl-backlog-size', '16383'],
    ['notify-keyspace-events', 'AKE\nrequirepass x'],
    ['rename-commands', 'KEYS'],
    ['rename-commands', 'CONFIG config2'],
    ['rename-commands', 'KEYS a GET a'],
    ['latency-tracking', 'maybe'],
    ['appendonly', 'yes'],
    ['maxclients', '100'],
    ['lua-time-limit', '5000'],
    ['hash-max-ziplist-entries', '512'],
    ['no-such-parameter', '1'],
  ];
  for (const [name, value] of cases) {
    assert.throws(
      () => change('redis7', [name, value]),
      { shape: 'InvalidParameterValueException' },
      `${name} ${value}`,
    );
  }
  assert.throws(() => change('redis7', ['no-such-parameter', '1']), {
    message: "Parameter no-such-parameter doesn't exist",
  });
  assert.throws(() => change('redis4.0', ['maxmemory-policy', 'lfu']));
  assert.throws(() => change('redis3.2', ['maxmemory-policy', 'allkeys-lfu']));
});

test('too many changes and exclusive parameters are refused', () => {
  const many = familyNamed('redis7')!
    .parameters.filter(({ modifiable }) => modifiable)
    .slice(0, 21);
  const pairs = many.map(({ name, value }): [string, string] => [name, value]);
  assert.equal(Object.keys(change('redis7', ...pairs.slice(0, 20))).length, 20);
  assert.throws(() => change('redis7', ...pairs), {
    shape: 'InvalidParameterCombinationException',
    message: 'Cannot modify more than 20 parameters in a single request',
  });
  assert.throws(() => change('redis3.2', ['reserved-memory', '1'], ['reserved-memory-percent', '1']), {
    shape: 'InvalidParameterCombinationException',
  });
  const percent = changeParameters('redis3.2', { 'reserved-memory': '5' }, [
    { ParameterName: 'reserved-memory-percent', ParameterValue: '10' },
  ]);
  assert.deepEqual(percent, { 'reserved-memory-percent': '10' }, 'the last one set applies');
});

test('a reset restores the defaults of the named parameters', () => {
  const values = { timeout: '60', activedefrag: 'yes' };
  assert.deepEqual(resetParameters('redis7', values, [{ ParameterName: 'timeout' }]), {
    activedefrag: 'yes',
  });
  assert.throws(() => resetParameters('redis7', values, [{ ParameterName: 'nope' }]), {
    shape: 'InvalidParameterValueException',
  });
});
