// Images of the container engine of this machine, by programs that answer as Docker and Podman do, and by Podman itself.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type TarEntry, tarOf } from '../containers.fixture.ts';
import { ONE_USER } from '../identities.ts';
import { makePlaces, removeTree } from '../places.ts';
import { ImageStore } from './image-store.ts';
import { PLATFORM } from './manifest.ts';

const base = mkdtempSync(join(tmpdir(), 'millpond-engine-images-'));
const { PATH } = process.env;
after(() => removeTree(base));
afterEach(() => {
  process.env.PATH = PATH;
});

const ID = 'c'.repeat(64);
let count = 0;

/** A store, where `docker` is a shell's text. `$1` is the command; `archive` is what it saves. */
function storeWith(docker: string, archive: readonly TarEntry[] = []) {
  const bin = mkdtempSync(join(base, 'bin-'));
  writeFileSync(join(bin, 'archive.tar'), tarOf(archive));
  writeFileSync(join(bin, 'docker'), `#!/bin/sh\ncd ${bin}\n${docker}\n`, { mode: 0o755 });
  writeFileSync(join(bin, 'podman'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  process.env.PATH = `${bin}:${PATH}`;
  const { images } = makePlaces(join(base, `containers-${++count}`));
  return { store: new ImageStore(images, ONE_USER), images, bin };
}

const SAVED: TarEntry[] = [
  { path: 'blobs/config', content: JSON.stringify({ ...PLATFORM, config: { Cmd: ['/hello'] } }) },
  { path: 'blobs/one', content: gzipSync(tarOf([{ path: 'hello', content: 'one' }])) },
  { path: 'two/layer.tar', type: '2', linkPath: '../blobs/two' },
  { path: 'blobs/two', content: tarOf([{ path: 'hello', content: 'two' }]) },
  {
    path: 'manifest.json',
    content: JSON.stringify([{ Config: 'blobs/config', Layers: ['blobs/one', 'two/layer.tar'] }]),
  },
];
const WITH_IMAGE = `case $1 in version) ;; image) echo sha256:${ID} ;; save) cp archive.tar "$3" ;; *) exit 9 ;; esac`;

test('an image that the engine has is saved and unpacked', async () => {
  const { store, images } = storeWith(WITH_IMAGE, SAVED);
  const image = await store.fromEngine('hello:latest');
  assert.deepEqual([image.digest, image.defaults.command], [`sha256:${ID}`, ['/hello']]);
  assert.equal(readFileSync(join(images, ID, 'root/hello'), 'utf8'), 'two');
  assert.deepEqual(readdirSync(join(images, ID)).sort(), ['image.json', 'root']);
});

test('an image that it has not is pulled by it, else refused in its words', async () => {
  const { store, bin } = storeWith(
    `case $1 in image) [ -e pulled ] || exit 1; echo ${ID} ;; pull) : >pulled ;; save) cp archive.tar "$3" ;; esac`,
    SAVED,
  );
  await store.fromEngine('hello');
  assert.ok(readdirSync(bin).includes('pulled'));
  const without = storeWith(
    'case $1 in version) ;; pull) echo "denied: no access" >&2; exit 1 ;; *) exit 1 ;; esac',
  );
  await assert.rejects(without.store.fromEngine('hello'), /^OperationalError: denied: no access$/);
  assert.deepEqual(readdirSync(without.images), []);
});

test('without an engine the refusal says so; what is no reference reaches no program', async () => {
  const { store } = storeWith('exit 1');
  await assert.rejects(store.fromEngine('hello'), /neither Docker nor Podman runs/);
  for (const reference of ['', '--help', 'a b', '$(id)', '/etc/passwd']) {
    await assert.rejects(store.fromEngine(reference), /is no reference/);
  }
});

for (const [what, archive, reason] of [
  ['without a list', [], /has no manifest\.json/],
  [
    'whose list leads elsewhere',
    [{ path: 'manifest.json', content: '[{"Config":"../../x","Layers":[]}]' }],
    /no \.\./,
  ],
  [
    'whose list is a link to this machine',
    [{ path: 'manifest.json', type: '2', linkPath: '/etc/passwd' }],
    /has no manifest\.json/,
  ],
] as const) {
  test(`an archive ${what} is refused`, async () => {
    const { store, images } = storeWith(WITH_IMAGE, archive);
    await assert.rejects(store.fromEngine('hello'), reason);
    assert.deepEqual(readdirSync(images), []);
  });
}

const hasPodman = (() => {
  try {
    execFileSync('podman', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

test('Podman’s archive is read', { skip: !hasPodman && 'this machine has no Podman' }, async (test) => {
  // Podman refuses longer paths.
  const directory = mkdtempSync('/tmp/millpond-podman-');
  test.after(() => removeTree(directory));
  const podman = (...args: string[]) =>
    execFileSync(
      'podman',
      ['--root', join(directory, 'root'), '--runroot', join(directory, 'run'), ...args],
      {
        encoding: 'utf8',
      },
    );
  writeFileSync(join(directory, 'layer.tar'), tarOf([{ path: 'hello', content: 'podman’s' }]));
  podman('import', '--change', 'CMD ["/hello"]', join(directory, 'layer.tar'), 'millpond-test:latest');
  const { store, images, bin } = storeWith('exit 1');
  const flags = `--root ${join(directory, 'root')} --runroot ${join(directory, 'run')}`;
  const own = execFileSync('/bin/sh', ['-c', 'command -v podman'], {
    encoding: 'utf8',
    env: { PATH },
  }).trim();
  writeFileSync(join(bin, 'podman'), `#!/bin/sh\nexec ${own} ${flags} "$@"\n`, { mode: 0o755 });
  const { digest, defaults } = await store.fromEngine('localhost/millpond-test:latest');
  assert.deepEqual(defaults.command, ['/hello']);
  assert.equal(readFileSync(join(images, digest.slice(7), 'root/hello'), 'utf8'), 'podman’s');
});
