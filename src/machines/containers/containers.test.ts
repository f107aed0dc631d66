// Containers: what their programs see, how they end, what they print. Each test runs in the best manner of this machine.

import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { silentLog } from '../../kernel/log.ts';
import {
  completed,
  imageOf,
  keepAlive,
  runShell,
  shellLayer,
  specOf,
  WITHOUT_CONTAINERS,
} from './containers.fixture.ts';
import type { Containers, Image } from './containers.ts';
import { openContainers } from './own-containers.ts';
import { removeTree } from './places.ts';

const directory = mkdtempSync(join(tmpdir(), 'millpond-containers-'));
const release = keepAlive();
let containers: Containers;
let image: Image;

before(async () => {
  if (WITHOUT_CONTAINERS) return;
  containers = await openContainers({ directory, log: silentLog });
  image = await containers.prepare(imageOf([shellLayer()], { Cmd: ['sh'], Env: ['A=b=c'], User: 'worker' }));
});

after(async () => {
  release();
  await removeTree(directory);
});

test('an image says what its containers run', { skip: WITHOUT_CONTAINERS }, () => {
  assert.deepEqual(image.defaults, {
    ...{ entryPoint: [], command: ['sh'], environment: { A: 'b=c' }, user: 'worker', workingDirectory: '' },
    stopSignal: 'SIGTERM',
  });
});

test('a program runs alone in the root of its image, and its end has its code', {
  skip: WITHOUT_CONTAINERS,
}, async () => {
  const { exitCode, lines } = await runShell(containers, image, 'echo $$; hostname; ls /; exit 7', {
    hostName: 'a.b.internal',
  });
  assert.equal(exitCode, 7);
  assert.deepEqual(lines.slice(0, 2), ['1', 'a.b.internal']);
  assert.ok(!lines.includes('home'), 'nothing of this machine');
});

test('variables arrive whatever their names and values are, and nothing else does', {
  skip: WITHOUT_CONTAINERS,
}, async () => {
  const environment = { 'spring.name': 'a "b" $c `d` \\', LD_PRELOAD: '/none', ÄÖ: 'line\nline', EMPTY: '' };
  // Not by a shell, which drops what it cannot name.
  const command = ['cat', '/proc/self/environ'];
  const { lines } = await completed(await containers.start(specOf(image, { command, environment })));
  const output = lines.filter((line) => !line.startsWith('ERROR:')).join('\n');
  const found = output.split('\0');
  for (const [name, value] of Object.entries(environment))
    assert.ok(found.includes(`${name}=${value}`), name);
  assert.ok(!found.some((each) => each.startsWith('MILLPOND')));
});

test('the last line needs no end, and empty lines stay', { skip: WITHOUT_CONTAINERS }, async () => {
  const { lines } = await runShell(containers, image, "printf 'one\\n\\nthree'; printf err >&2");
  assert.deepEqual(lines, ['one', '', 'threeerr']);
});

test('a signal reaches the first process', { skip: WITHOUT_CONTAINERS }, async () => {
  const container = await containers.start(
    specOf(image, {
      command: ['sh', '-c', 'trap "echo got it; exit 3" TERM; echo ready; while :; do sleep 0.05; done'],
    }),
  );
  for await (const { lines, taken } of container.output()) {
    taken();
    if (lines.some(({ text }) => text === 'ready')) break;
  }
  container.signal('SIGTERM');
  const { exitCode, lines } = await completed(container);
  assert.deepEqual({ exitCode, lines }, { exitCode: 3, lines: ['got it'] });
});

test('SIGKILL ends it with 137', { skip: WITHOUT_CONTAINERS }, async () => {
  const container = await containers.start(specOf(image, { command: ['sleep', '1000'] }));
  container.signal('SIGKILL');
  const { exitCode, lines } = await completed(container);
  assert.deepEqual({ exitCode, lines }, { exitCode: 137, lines: [] });
  assert.equal(container.pid, undefined);
});

test('commands run in it, with its variables and its user', { skip: WITHOUT_CONTAINERS }, async () => {
  const container = await containers.start(
    specOf(image, { command: ['sleep', '1000'], environment: { HELLO: 'you' }, workingDirectory: '/made' }),
  );
  assert.equal(await container.run(['sh', '-c', 'test "$HELLO" = you -a "$PWD" = /made'], 20_000), 0);
  assert.equal(await container.run(['sh', '-c', 'exit 4'], 20_000), 4);
  await assert.rejects(container.run(['sleep', '1000'], 1), /longer than 1 ms/);
  container.signal('SIGKILL');
  await completed(container);
});

test('what the image lacks is said before anything starts, in Docker’s words', {
  skip: WITHOUT_CONTAINERS,
}, async () => {
  const start = (spec: Partial<Parameters<typeof specOf>[1]>) =>
    containers.start(specOf(image, { command: ['sh'], ...spec }));
  await assert.rejects(start({ command: ['none'] }), /exec: "none": executable file not found in \$PATH/);
  await assert.rejects(start({ command: ['/etc/passwd'] }), /permission denied/);
  await assert.rejects(start({ command: [] }), /no command specified/);
  assert.deepEqual(await containers.find(), []);
});

test('the user is the image’s, where there are several', { skip: WITHOUT_CONTAINERS }, async (context) => {
  const { lines } = await runShell(containers, image, 'id; touch /tmp/mine; ls -l /tmp', { user: 'worker' });
  if (lines[0]!.startsWith('uid=0'))
    return context.skip('needs root, or ids that root has given to this user');
  assert.equal(lines[0], 'uid=1000(worker) gid=1001(worker) groups=1001(worker),2000(more)');
  assert.match(lines.at(-1)!, / worker worker .* mine$/);
  const numbers = await runShell(containers, image, 'id', { user: '7:8' });
  assert.equal(numbers.lines[0], 'uid=7 gid=8 groups=8');
});

test('where images cannot lie below containers they are copied', { skip: WITHOUT_CONTAINERS }, async () => {
  const other = await openContainers({
    ...{ directory: join(directory, 'copies'), log: silentLog, copiesImages: true as const },
  });
  const copied = await other.prepare(
    imageOf([
      shellLayer(),
      [
        { path: 'dev', type: '2', linkPath: '/tmp' },
        { path: 'etc/own', content: 'x' },
      ],
    ]),
  );
  const spec = { covers: [{ targets: ['/etc/own'], text: 'covered' }], user: '' };
  const first = await runShell(other, copied, 'cat /etc/own; echo; touch /changed; echo >/dev/null', spec);
  assert.deepEqual([first.exitCode, first.lines], [0, ['covered']]);
  assert.equal((await runShell(other, copied, 'test -e /changed')).exitCode, 1);
});
