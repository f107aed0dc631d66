// The Go test client: go-redis at the version of its go.mod, built here because tests use no registry. Any Go since
// 1.18 works.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SetUpError, say } from './say.mjs';
import { readStamp, stampOf } from './stamp.mjs';
import { findCommand, runQuietly } from './system.mjs';

const SOURCES = ['go.mod', 'go.sum', 'main.go'];

const sourceIn = (root) => join(root, 'test', 'conformance', 'clients', 'go');
const programIn = (root) => join(root, '.toolchain', 'test-clients', 'go', 'go-redis-client');
const stampIn = (root) => join(dirname(programIn(root)), '.made-from');
const wantedIn = (root) =>
  stampOf(...SOURCES.map((file) => readFileSync(join(sourceIn(root), file), 'utf8')));

export const goClients = {
  name: 'go-redis',
  isThere: (root) => existsSync(programIn(root)) && readStamp(stampIn(root)) === wantedIn(root),
  packages: findCommand('go') ? {} : { 'apt-get': ['golang-go'], dnf: ['golang'], apk: ['go'], brew: ['go'] },
  bring(root) {
    const go = findCommand('go');
    if (!go) throw new SetUpError('there is no Go.');
    say('building the test client in Go into .toolchain…');
    const home = dirname(programIn(root));
    mkdirSync(home, { recursive: true });
    const built = runQuietly(go, ['build', '-trimpath', '-o', programIn(root), '.'], {
      cwd: sourceIn(root),
      env: {
        ...process.env,
        // Uses only modules in the lock file, downloads no other Go, and needs no C compiler.
        ...{ GOFLAGS: '-mod=readonly -modcacherw', GOTOOLCHAIN: 'local', CGO_ENABLED: '0', GOWORK: 'off' },
        ...{ GOCACHE: join(home, 'cache'), GOMODCACHE: join(home, 'modules') },
      },
    });
    if (!built) throw new SetUpError('go could not build it (above).');
    rmSync(join(home, 'modules'), { recursive: true, force: true });
    rmSync(join(home, 'cache'), { recursive: true, force: true });
    writeFileSync(stampIn(root), wantedIn(root));
  },
};
