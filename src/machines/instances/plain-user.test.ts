// The tests of instances and of SSH, and of commands in containers, as a plain user: with the ids of /etc/subuid, and without any. They need root, which
// becomes that user; the user and the ids are those of a mount namespace of the test's own.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isExecutable, SYSTEM_PATH, toolAt } from '../../kernel/programs.ts';
import { WITHOUT_INSTANCES } from './instances.fixture.ts';

const UID = 23_456;
const NAME = 'millpond-test';
const files = mkdtempSync(join(tmpdir(), 'millpond-plain-user-'));
chmodSync(files, 0o755);
after(() => rmSync(files, { recursive: true, force: true }));

const skip = WITHOUT_INSTANCES || (process.getuid?.() !== 0 && 'needs root');
const isThere = (name: string) => isExecutable(toolAt(name, { PATH: SYSTEM_PATH }));

/**
 * Mounts a file system at the home, and pairs of source and target before `--`, and becomes the user, who may not take the
 * flags of the file system away in a namespace of their own. Arguments: the home, the pairs, the command.
 */
const SCRIPT = `
mount -t tmpfs -o nosuid,nodev,noatime,mode=755,uid=${UID},gid=${UID} none "$1" || exit 125
shift
while [ "$1" != -- ]; do mount --bind "$1" "$2" || exit 125; shift 2; done
shift
exec setpriv --reuid=${UID} --regid=${UID} --clear-groups --inh-caps=-all -- "$@"
`;

function runTests(way: string, hasIds: boolean): Promise<{ code: number; output: string }> {
  const home = join(files, way);
  mkdirSync(home, { mode: 0o755 });
  chownSync(home, UID, UID);
  const lay = (name: string, text: string) => {
    writeFileSync(join(files, `${way}-${name}`), text, { mode: 0o644 });
    return [join(files, `${way}-${name}`), `/etc/${name}`];
  };
  const mounts = [
    ...lay('passwd', `${readFileSync('/etc/passwd', 'utf8')}${NAME}:x:${UID}:${UID}::${home}:/bin/sh\n`),
    ...(hasIds
      ? [...lay('subuid', `${NAME}:400000:65536\n`), ...lay('subgid', `${NAME}:400000:65536\n`)]
      : []),
  ];
  // The interfaces of a plain user are owned by a namespace in which there is only that user.
  const own = hasIds ? [] : ['../containers/adoption', '../../../test/scenarios/instances-in-subnets'];
  const tests = ['./instances', './ssh', ...own].map((name) =>
    fileURLToPath(new URL(`${name}.test.ts`, import.meta.url)),
  );
  const line = [
    '--mount',
    '--propagation',
    'private',
    '--',
    '/bin/sh',
    '-c',
    SCRIPT,
    'millpond-test',
    home,
    ...mounts,
    '--',
  ];
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', '--test', '--test-concurrency=1'];
  const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
  return new Promise((resolve) => {
    execFile(
      'unshare',
      [...line, ...node, '--test-reporter=tap', ...tests],
      { env: { ...environment, HOME: home, TMPDIR: home }, maxBuffer: 16 * 1024 ** 2, cwd: '/' },
      (error, output, errors) => resolve({ code: error ? 1 : 0, output: `${output}${errors}` }),
    );
  });
}

for (const [way, hasIds] of [
  ['one', false],
  ['range', true],
] as const) {
  test(`instances run as a plain user ${hasIds ? 'with' : 'without'} ids of other users`, {
    skip: skip || (hasIds && !isThere('newuidmap') && 'needs newuidmap'),
  }, async () => {
    const { code, output } = await runTests(way, hasIds);
    assert.equal(code, 0, output);
    assert.match(output, /^# pass [1-9]/m);
    assert.match(output, /^# skipped 0$/m, output);
  });
}
