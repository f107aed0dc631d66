// The test programs in Go: go-redis, the conformance suite of the OCI distribution specification, and a function that is
// called by RPC, each at the version of its go.mod, built here because tests use no registry.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SetUpError, say } from './say.mjs';
import { readStamp, stampOf } from './stamp.mjs';
import { findCommand, runQuietly } from './system.mjs';

/**
 * A program in Go. `folder` has its lock file, below test/conformance/clients/; `what` is the package to build.
 *
 * @param {{ name: string, folder: string, sources: string[], program: string, what: string }} options
 */
function goClient({ name, folder, sources, program, what }) {
  const sourceIn = (root) => join(root, 'test', 'conformance', 'clients', folder);
  const programIn = (root) => join(root, '.toolchain', 'test-clients', folder, program);
  const stampIn = (root) => join(dirname(programIn(root)), '.made-from');
  const wantedIn = (root) =>
    stampOf(...sources.map((file) => readFileSync(join(sourceIn(root), file), 'utf8')));
  return {
    name,
    isThere: (root) => existsSync(programIn(root)) && readStamp(stampIn(root)) === wantedIn(root),
    packages: findCommand('go')
      ? {}
      : { 'apt-get': ['golang-go'], dnf: ['golang'], apk: ['go'], brew: ['go'] },
    bring(root) {
      const go = findCommand('go');
      if (!go) throw new SetUpError('there is no Go.');
      say(`building ${name} into .toolchain…`);
      const home = dirname(programIn(root));
      mkdirSync(home, { recursive: true });
      const built = runQuietly(go, ['build', '-trimpath', '-o', programIn(root), what], {
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
}

/** Any Go since 1.18 builds it. */
export const goRedis = goClient({
  name: 'go-redis',
  folder: 'go',
  sources: ['go.mod', 'go.sum', 'main.go'],
  program: 'go-redis-client',
  what: '.',
});

/** It needs Go 1.24. */
export const ociConformance = goClient({
  name: 'the conformance suite of the OCI distribution specification',
  folder: 'oci',
  sources: ['go.mod', 'go.sum'],
  program: 'conformance',
  what: 'github.com/opencontainers/distribution-spec/conformance',
});

/** Any Go since 1.18 builds it. */
export const goRpcFunction = goClient({
  name: 'a function of go1.x',
  folder: 'go-rpc',
  sources: ['go.mod', 'go.sum', 'main.go'],
  program: 'main',
  what: '.',
});

/** It needs Go 1.24. */
export const sessionManagerPlugin = goClient({
  name: 'AWS’s session-manager-plugin',
  folder: 'session-manager-plugin',
  sources: ['go.mod', 'go.sum'],
  program: 'session-manager-plugin',
  what: 'github.com/aws/session-manager-plugin/src/sessionmanagerplugin-main',
});
