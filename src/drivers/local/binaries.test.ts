import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { compareVersions, findBinaries, parseVersion } from './binaries.ts';

const directory = await mkdtemp(join(tmpdir(), 'millpond-binaries-'));
after(() => rm(directory, { recursive: true }));

async function program(path: string, says: string): Promise<string> {
  const full = join(directory, path);
  await mkdir(join(full, '..'), { recursive: true });
  await writeFile(full, `#!/bin/sh\necho '${says}'\n`);
  await chmod(full, 0o755);
  return full;
}

describe('findBinaries', () => {
  it('returns every engine, the newest of each kind first, and each program once', async () => {
    await program('one/redis-server', 'Redis server v=7.0.15 sha=0:0 malloc=jemalloc bits=64 build=1');
    await program('two/redis-server', 'Redis server v=7.10.2 sha=0:0');
    const disguised = await program('three/valkey-server', 'Valkey server v=8.0.1 sha=0:0');
    await symlink(disguised, join(directory, 'three/redis-server'));
    const given = await program('four/my-engine', 'Valkey server v=9.0.0 sha=0:0');
    const searchPath = ['one', 'two', 'three', 'none'].map((name) => join(directory, name)).join(':');
    const found = await findBinaries({ searchPath, paths: [given, '/no/such/program'] });
    assert.deepEqual(
      found.map(({ engine, version }) => `${engine} ${version}`),
      ['redis 7.10.2', 'redis 7.0.15', 'valkey 9.0.0', 'valkey 8.0.1'],
    );
    assert.equal(found[3]?.path, join(directory, 'three/redis-server'));
  });

  it('reports engines that are too old', async () => {
    const old = await program('old/redis-server', 'Redis server v=6.2.7 sha=0:0');
    await assert.rejects(findBinaries({ searchPath: join(directory, 'old') }), {
      code: 'EngineMissing',
      message: new RegExp(`${old} is redis 6.2.7`),
    });
  });

  it('reports when there is none', async () => {
    await program('odd/redis-server', 'hello');
    await assert.rejects(findBinaries({ searchPath: join(directory, 'odd') }), {
      code: 'EngineMissing',
      message: /No redis-server or valkey-server was found/,
    });
  });
});

it('parseVersion and compareVersions read and order versions', () => {
  assert.deepEqual(parseVersion('Redis server v=7.2.4 sha=1'), { engine: 'redis', version: '7.2.4' });
  assert.equal(parseVersion('Redis 7'), undefined);
  assert.ok(compareVersions('7.10.0', '7.9.9') > 0);
  assert.equal(compareVersions('8.0.1', '8.0.1'), 0);
});
