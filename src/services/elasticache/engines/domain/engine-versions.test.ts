import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Engine } from '../../clusters/domain/model.ts';
import {
  checkParameterGroupFamily,
  checkUpgrade,
  compareVersions,
  ENGINE_VERSIONS,
  engineNamed,
  nearestBinary,
  resolveEngineVersion,
  servingBinary,
  versionShownAs,
} from './engine-versions.ts';

test('a requested version resolves to the shown version and its family', () => {
  const cases: [Engine, string | undefined, string, string][] = [
    ['redis', undefined, '7.1.0', 'redis7'],
    ['redis', '7.1', '7.1.0', 'redis7'],
    ['redis', '7.0', '7.0.7', 'redis7'],
    ['redis', '6.2', '6.2.6', 'redis6.x'],
    ['redis', '6.x', '6.2.6', 'redis6.x'],
    ['redis', '6.0', '6.0.5', 'redis6.x'],
    ['redis', '5.0.6', '5.0.6', 'redis5.0'],
    ['redis', '2.8.6', '2.8.6', 'redis2.8'],
    ['valkey', '7.2', '7.2.6', 'valkey7'],
    ['valkey', '8.0', '8.0.1', 'valkey8'],
    ['valkey', '9.0', '9.0.0', 'valkey9'],
    ['valkey', undefined, '9.1.0', 'valkey9'],
  ];
  for (const [engine, requested, shown, family] of cases) {
    const version = resolveEngineVersion(engine, requested);
    assert.deepEqual([version.shown, version.family], [shown, family], `${engine} ${requested}`);
  }
  for (const version of ENGINE_VERSIONS) {
    assert.equal(resolveEngineVersion(version.engine, version.listed), version);
    assert.equal(versionShownAs(version.engine, version.shown), version);
  }
});

test('a version that AWS does not list is refused', () => {
  assert.throws(() => resolveEngineVersion('redis', '7.4'), {
    shape: 'InvalidParameterCombinationException',
    message: 'Cannot find version 7.4 for redis',
  });
  assert.throws(() => resolveEngineVersion('redis', '7.0.7'), {
    shape: 'InvalidParameterValueException',
    message: "Specific version selection is not allowed for '7.0.7', please use '7.0'",
  });
  for (const version of ['8.0', '7', 'latest', '5.0']) {
    assert.throws(() => resolveEngineVersion('redis', version), version);
  }
  assert.throws(() => resolveEngineVersion('valkey', '6.x'));
});

test('a request means Redis by default, and unknown engines are refused', () => {
  assert.equal(engineNamed(undefined), 'redis');
  assert.equal(engineNamed('Redis'), 'redis');
  assert.equal(engineNamed('valkey'), 'valkey');
  assert.throws(() => engineNamed('memcached'), {
    shape: 'InvalidParameterValueException',
    message: /memcached/,
  });
  assert.throws(() => engineNamed('mysql'), { shape: 'InvalidParameterValueException' });
});

test('a parameter group serves only its own family', () => {
  const version = resolveEngineVersion('redis', '7.1');
  checkParameterGroupFamily(version, 'redis7');
  assert.throws(() => checkParameterGroupFamily(version, 'redis6.x'), {
    shape: 'InvalidParameterCombinationException',
    message: 'Expected a parameter group of family redis7 but found one of family redis6.x',
  });
});

test('upgrades are allowed, downgrades are refused', () => {
  const redis = (version: string) => resolveEngineVersion('redis', version);
  const valkey = (version: string) => resolveEngineVersion('valkey', version);
  checkUpgrade(redis('6.2'), redis('7.1'));
  checkUpgrade(redis('7.1'), redis('7.1'));
  checkUpgrade(redis('7.1'), valkey('7.2'));
  checkUpgrade(redis('5.0.6'), valkey('8.0'));
  const refused = { shape: 'InvalidParameterCombinationException' };
  assert.throws(() => checkUpgrade(redis('7.1'), redis('7.0')), {
    ...refused,
    message: 'Cannot modify redis from 7.1.0 to 7.0.7',
  });
  checkUpgrade(valkey('7.2'), redis('7.1'));
  assert.throws(() => checkUpgrade(valkey('7.2'), redis('7.0')), refused);
  assert.throws(() => checkUpgrade(valkey('8.0'), redis('7.1')), refused);
  assert.throws(() => checkUpgrade(valkey('8.1'), valkey('7.2')), refused);
  assert.ok(compareVersions('3.2.10', '3.2.6') > 0);
});

test('the nearest binary runs', () => {
  const binaries = [
    { engine: 'redis', version: '7.0.15' },
    { engine: 'redis', version: '6.2.1' },
    { engine: 'valkey', version: '8.0.1' },
  ] as const;
  const nearest = (engine: Engine, version: string) => nearestBinary(binaries, engine, version)?.version;
  assert.equal(nearest('redis', '7.1.0'), '7.0.15');
  assert.equal(nearest('redis', '5.0.6'), '6.2.1');
  assert.equal(nearest('redis', '2.6.13'), '6.2.1');
  assert.equal(nearest('valkey', '7.2.6'), '8.0.1');
  assert.equal(nearestBinary([binaries[0]], 'valkey', '8.1.0')?.version, '7.0.15');
  assert.equal(nearestBinary([], 'redis', '7.1.0'), undefined);
});

test('a group that went back to Redis stays on Valkey where Redis cannot load its data', () => {
  const redis = (version: string) => ({ engine: 'redis', version }) as const;
  const valkey = (version: string) => ({ engine: 'valkey', version }) as const;
  const serves = (rolledBack: boolean, ...binaries: { engine: Engine; version: string }[]) => {
    const serving = servingBinary(binaries, { engine: 'redis', engineVersion: '7.1.0', rolledBack });
    return `${serving?.engine} ${serving?.version}`;
  };
  assert.equal(serves(false, redis('7.0.15'), valkey('8.0.1')), 'redis 7.0.15');
  assert.equal(serves(true, redis('7.0.15'), valkey('8.0.1')), 'valkey 8.0.1');
  assert.equal(serves(true, redis('7.2.4'), valkey('8.0.1')), 'redis 7.2.4');
  assert.equal(serves(true, redis('7.2.4'), valkey('9.0.0')), 'valkey 9.0.0');
  assert.equal(serves(true, redis('7.0.15')), 'redis 7.0.15');
});
