// Functions that attack their surroundings in a real sandbox: as root and as an ordinary user, with a data directory
// whose path has every character that a shell, a mount table or overlay's options could misread.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, chmod, chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { whyNot } from '../../network/why-not.ts';
import { type Attacked, PASSWORD } from './attacks.fixture.ts';

const PROGRAM = fileURLToPath(new URL('attacks.fixture.ts', import.meta.url));
const STRANGE = 'a b "c" \'d\' $(e) `f` \\g;h\ni#j,k:l=m*ü';
const NOBODY = 65_534;
const isRoot = process.platform === 'linux' && process.getuid?.() === 0;

it('attacks fail as root', { skip: !isRoot && 'needs root on Linux' }, (context) => attacks(context));

it('attacks fail as an ordinary user', { skip: process.platform !== 'linux' && 'Linux only' }, (context) =>
  attacks(context, isRoot ? NOBODY : undefined),
);

describe('attacks fail in the network of subnets', { skip: await whyNoSubnets() }, () => {
  it('as root', { skip: !isRoot && 'needs root on Linux' }, (context) =>
    attacks(context, undefined, 'subnets'),
  );
  it('as an ordinary user', (context) => attacks(context, isRoot ? NOBODY : undefined, 'subnets'));
});

async function whyNoSubnets(): Promise<string | false> {
  const reason = await whyNot('subnets');
  return reason !== undefined && `needs a network of its own: ${reason}`;
}

it('a machine that allows no isolation gets one warning about what is missing', {
  skip: !isRoot && 'needs root on Linux',
}, async (context) => {
  const directory = await mkdtemp(join(tmpdir(), 'millpond-plain-'));
  context.after(() => rm(directory, { recursive: true, force: true }));
  const module = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);
  const program = `
    import { startTestFunctions } from ${module('functions.fixture.ts')};
    const warnings = [];
    const log = { warn: (fields, text) => warnings.push([fields, text]), info() {}, debug() {}, error() {} };
    const test = await startTestFunctions({ log });
    const spec = await test.node(\`exports.handler = async () => [
      process.env.GREETING, require('node:fs').readFileSync('/proc/self/status', 'utf8').match(/CapEff:\\\\s+(\\\\w+)/)[1]]\`);
    const answers = [(await test.invoke(spec)).answer, (await test.invoke(spec)).answer];
    await test.stop();
    console.log(JSON.stringify({ warnings, answers }));`;
  const shell = 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"';
  const { out, code } = await outputOf([
    ...['unshare', '--user', '--map-root-user', 'sh', '-c', shell, 'sh'],
    ...['setpriv', '--bounding-set=-sys_admin', '--inh-caps=-sys_admin', '--'],
    ...[process.execPath, '--disable-warning=ExperimentalWarning', '--input-type=module', '-e', program],
  ]);
  if (code !== 0) return context.skip('needs namespaces');
  const { warnings, answers } = JSON.parse(out);
  assert.deepEqual(answers, Array(2).fill(['hello', '0'.repeat(16)]));
  assert.equal(warnings.length, 1);
  assert.match(warnings[0][1], /does not allow complete isolation of functions/);
  const lacking = (warnings[0][0].lacking as string[]).join('\n');
  assert.match(
    lacking,
    /every file that Millpond itself may.*\(root: unshare: .*; user namespace: unshare: /,
  );
  assert.match(lacking, /run as root/);
});

async function attacks(context: TestContext, user?: number, ...network: 'subnets'[]): Promise<void> {
  const parent = await mkdtemp(join(tmpdir(), 'millpond-attacks-'));
  context.after(() => rm(parent, { recursive: true, force: true }));
  const directory = join(parent, STRANGE);
  await mkdir(directory, { mode: 0o700 });
  if (user !== undefined) {
    await chmod(parent, 0o755);
    await chown(directory, user, user);
    const canRead = await outputOf([...as(user), 'test', '-r', PROGRAM, '-a', '-x', process.execPath]);
    if (canRead.code !== 0) return context.skip('needs a clone that other users may read');
  }
  const { out, err } = await outputOf([
    ...(user === undefined ? [] : as(user)),
    ...[process.execPath, '--disable-warning=ExperimentalWarning', PROGRAM, directory, ...network],
  ]);
  assert.equal(err, '');
  const attacked = JSON.parse(out) as Attacked;
  const lacking = attacked.guards.filter(({ isKept }) => !isKept).map(({ detail }) => detail);
  assert.deepEqual(attacked.told, [], 'no command line tells a variable');
  // Where the kernel allows isolation, it must work whatever the data directory's path is.
  if (lacking.length > 0) {
    const allowed = await outputOf([
      ...(user === undefined ? [] : as(user)),
      ...[
        'unshare',
        ...(user === undefined && isRoot ? [] : ['--user', '--map-root-user']),
        '--mount',
        '--pid',
      ],
      ...['--fork', '--mount-proc', 'true'],
    ]);
    assert.notEqual(allowed.code, 0, lacking.join('; '));
    return context.skip(`needs namespaces: ${lacking.join('; ')}`);
  }
  check(attacked, directory, user ?? process.getuid!());
  await assert.rejects(access(join(directory, 'functions/environments/x')));
}

function check({ answer, layers, victim, bystanderLives }: Attacked, directory: string, user: number): void {
  const all = (what: string, ...allowed: string[]) => {
    const said = [answer[what]].flat();
    assert.ok(
      said.every((each) => allowed.includes(each as string)),
      `${what}: ${said}`,
    );
  };
  assert.equal(answer.errorMessage, undefined);
  all('umount', 'EPERM');
  all('mount', 'EPERM');
  all('chroot', 'EPERM');
  all('mknod', 'EPERM');
  all('ptrace', 'ESRCH');
  all('memory', 'ESRCH');
  all('kill', 'ESRCH');
  all('secret', 'ENOENT');
  all('become', 'EPERM', 'EINVAL');
  all('write', 'EROFS', 'EACCES', 'ENOENT');
  all('kernel', 'EROFS', 'EACCES', 'EPERM', 'ENOENT');
  all('raw socket', 'EPERM');
  all('address', 'EPERM');
  all('limit', 'EPERM', 'not allowed to raise maximum limit');
  const { uncovered, seen, roots, capabilities, devices, setuid, others, tmp, id } = answer;
  assert.deepEqual(
    { uncovered, seen, roots, setuid },
    { uncovered: 'nothing', seen: [], roots: [], setuid: '' },
  );
  assert.deepEqual(answer['suid mounts'], []);
  assert.deepEqual(capabilities, [...Array(5).fill('0'.repeat(16)), '1']);
  const known = ['fd', 'full', 'null', 'random', 'stderr', 'stdin', 'stdout', 'tty', 'urandom', 'zero'];
  assert.deepEqual(
    (devices as string[]).filter((name) => !known.includes(name)),
    [],
  );
  assert.deepEqual(tmp, ['done', ['mine']]);
  assert.ok(
    (others as string[]).every((name) => ['root', 'home', 'mnt', 'srv'].includes(name)),
    `${others}`,
  );
  if (user === 0) assert.ok((id as number) > 0, 'it runs as somebody else than root');
  else assert.equal(id, user);
  for (const name of ['one', 'two', 'both']) assert.ok(layers.includes(name), `${layers}`);
  assert.deepEqual(victim[1], victim[0]);
  assert.equal((victim[0] as { password: string }).password, PASSWORD);
  assert.ok(bystanderLives);
  assert.ok(directory.includes('\n'));
}

const as = (user: number): string[] => [
  'setpriv',
  `--reuid=${user}`,
  `--regid=${user}`,
  '--clear-groups',
  '--',
];

async function outputOf(line: string[]): Promise<{ code: number; out: string; err: string }> {
  const child = spawn(line[0]!, line.slice(1), { stdio: ['ignore', 'pipe', 'pipe'], cwd: '/' });
  const [out, err, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code, out, err };
}
