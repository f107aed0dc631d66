// The Java test clients: Jedis and Lettuce with their dependencies, exactly the archives in jars.sha256, compiled here
// because tests use no registry. Ivy downloads them: it is one small package and knows the public repository.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetUpError, say } from './say.mjs';
import { readStamp, stampOf } from './stamp.mjs';
import { findCommand, runQuietly } from './system.mjs';

const IVY = ['/usr/share/java/ivy.jar', '/usr/share/java/apache-ivy/ivy.jar'];

const sourceIn = (root) => join(root, 'test', 'conformance', 'clients', 'java');
const homeIn = (root) => join(root, '.toolchain', 'test-clients', 'java');
const stampIn = (root) => join(homeIn(root), '.made-from');

const programs = (root) =>
  readdirSync(sourceIn(root))
    .filter((file) => file.endsWith('.java'))
    .sort()
    .map((file) => join(sourceIn(root), file));

function wantedIn(root) {
  const files = [...programs(root), join(sourceIn(root), 'ivy.xml'), join(sourceIn(root), 'jars.sha256')];
  return stampOf(...files.map((file) => readFileSync(file, 'utf8')));
}

export const javaClients = {
  name: 'Jedis and Lettuce',
  isThere: (root) => readStamp(stampIn(root)) === wantedIn(root) && findCommand('java') !== undefined,
  packages: {
    'apt-get': ['ivy', ...(findCommand('javac') ? [] : ['default-jdk-headless'])],
    dnf: ['java-devel', 'apache-ivy'],
  },
  bring(root) {
    const [java, javac] = ['java', 'javac'].map(findCommand);
    const ivy = IVY.find((file) => existsSync(file));
    if (!java || !javac) throw new SetUpError('there is no JDK.');
    if (!ivy) throw new SetUpError('there is no Ivy, which fetches Jedis and Lettuce.');
    say('fetching Jedis and Lettuce for the tests into .toolchain…');
    const home = homeIn(root);
    const [jars, classes, cache] = ['jars', 'classes', 'cache'].map((folder) => join(home, folder));
    rmSync(home, { recursive: true, force: true });
    mkdirSync(classes, { recursive: true });
    const retrieve = ['-confs', 'default', '-retrieve', join(jars, '[artifact]-[revision].[ext]')];
    const fetched = runQuietly(java, [
      ...['-jar', ivy, '-warn', '-cache', cache, '-ivy', join(sourceIn(root), 'ivy.xml')],
      ...retrieve,
    ]);
    if (!fetched) throw new SetUpError('Ivy could not fetch them (above).');
    assertExactly(jars, readFileSync(join(sourceIn(root), 'jars.sha256'), 'utf8'));
    rmSync(cache, { recursive: true, force: true });
    if (!runQuietly(javac, ['-d', classes, '-cp', join(jars, '*'), ...programs(root)]))
      throw new SetUpError('the test clients in Java do not compile (above).');
    writeFileSync(stampIn(root), wantedIn(root));
  },
};

/** `list` has the format of sha256sum. */
function assertExactly(folder, list) {
  const found = readdirSync(folder).map((file) => {
    const digest = createHash('sha256')
      .update(readFileSync(join(folder, file)))
      .digest('hex');
    return `${digest}  ${file}`;
  });
  const wanted = list.trim().split('\n');
  if (found.sort().join() === wanted.sort().join()) return;
  rmSync(folder, { recursive: true, force: true });
  throw new SetUpError('the archives that Ivy fetched are not those of jars.sha256.');
}
