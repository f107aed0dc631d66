// Tests the command line from outside: starting, finding and stopping a Millpond in every way that people and CI jobs
// use. The Millpond is a stub, so only the command line is tested.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { runCommand, STUB, startCommand } from '../../test/support/command.ts';
import { startTickOf } from '../kernel/process-identity.ts';

/** The test's own data directory; processes in it are stopped at the end. */
function home(t: TestContext): { dataDir: string; args: string[] } {
  const parent = mkdtempSync(join(tmpdir(), 'millpond-cli-'));
  const dataDir = join(parent, 'state');
  t.after(async () => {
    await runCommand(STUB, ['down', '--purge', '--data-dir', dataDir]);
    rmSync(parent, { recursive: true, force: true });
  });
  return { dataDir, args: ['--data-dir', dataDir] };
}

const millpond = (...args: string[]) => runCommand(STUB, args);
const record = (dataDir: string) => JSON.parse(readFileSync(join(dataDir, 'millpond.json'), 'utf8'));
const nodePid = (dataDir: string) => Number(readFileSync(join(dataDir, 'nodes/pid'), 'utf8'));

test('up --detach returns when ready; status, why and down talk to it', async (t) => {
  const { dataDir, args } = home(t);
  const up = await millpond('up', '--detach', '--port', '0', ...args);
  assert.equal(up.code, 0, up.stderr);
  const { pid, listening } = record(dataDir);
  assert.match(up.stdout, new RegExp(`ready \\(pid ${pid}\\)`));
  assert.ok(up.stdout.includes(listening.url) && up.stdout.includes('127.0.0.1:53053'));
  assert.equal(statSync(join(dataDir, 'millpond.json')).mode & 0o777, 0o600);
  assert.equal(statSync(dataDir).mode & 0o777, 0o700);

  const status = JSON.parse((await millpond('status', '--json', ...args)).stdout);
  assert.equal(status.pid, pid);
  assert.equal(status.dataDir, dataDir);
  assert.equal(status.url, listening.url);
  assert.match((await millpond('status', ...args)).stdout, /No replication groups yet/);
  const why = await millpond('why', 'demo', ...args);
  assert.match(why.stdout, /directives: '2 of them; --json shows them'[\s\S]*start demo-002/);
  assert.match((await millpond('why', 'demo', '--json', ...args)).stdout, /"maxmemory": "402653184"/);
  const nothing = await millpond('why', 'other', ...args);
  assert.deepEqual([nothing.code, nothing.stderr], [1, 'millpond: There is no resource other.\n']);

  const node = nodePid(dataDir);
  const down = await millpond('down', ...args);
  assert.equal(down.code, 0, down.stderr);
  assert.equal(startTickOf(pid), undefined);
  assert.equal(startTickOf(node), undefined);
  assert.ok(existsSync(dataDir) && !existsSync(join(dataDir, 'millpond.json')));
  const after = await millpond('status', ...args);
  assert.deepEqual([after.code, after.stdout], [1, '']);
  assert.match(after.stderr, /^millpond: Millpond is not running on .*\n$/);
});

test('printed commands name their data directory', async (t) => {
  const parent = mkdtempSync(join(tmpdir(), 'millpond-cli-'));
  const dataDir = join(parent, "it's here");
  const args = ['--data-dir', dataDir];
  t.after(async () => {
    await runCommand(STUB, ['down', '--purge', ...args]);
    rmSync(parent, { recursive: true, force: true });
  });
  const flag = ` --data-dir '${parent}/it'\\''s here'`;
  const advised = ({ stdout, stderr }: { stdout: string; stderr: string }) =>
    [...(stdout + stderr).matchAll(/`\S*millpond ([^`]*)`/g)].map(([, words]) => words);
  assert.deepEqual(advised(await millpond('status', ...args)), [`up${flag}`]);
  assert.deepEqual(advised(await millpond('up', '--detach', '--port', '0', ...args)), [`down${flag}`]);
  assert.deepEqual(advised(await millpond('up', '--port', '0', ...args)), [`down${flag}`]);
});

test('a second Millpond on the same data directory is refused', async (t) => {
  const { dataDir, args } = home(t);
  await millpond('up', '--detach', '--port', '0', ...args);
  const first = record(dataDir);
  for (const more of [[], ['--detach']]) {
    const second = await millpond('up', ...more, '--port', '0', ...args);
    assert.equal(second.code, 1);
    assert.match(
      second.stderr,
      new RegExp(`^millpond: Another Millpond \\(pid ${first.pid}\\) is running on .*\n$`),
    );
  }
  assert.deepEqual(record(dataDir), first);
});

test('only one of many concurrent starts succeeds', async (t) => {
  const { args } = home(t);
  const endings = await Promise.all(
    [1, 2, 3, 4].map(() => millpond('up', '--detach', '--port', '0', ...args)),
  );
  assert.deepEqual(endings.map(({ code }) => code).sort(), [0, 1, 1, 1]);
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal} on a foreground up stops everything gracefully`, async (t) => {
    const { dataDir, args } = home(t);
    const up = startCommand(STUB, ['up', '--port', '0', ...args]);
    await up.prints(/Ctrl-C/);
    const node = nodePid(dataDir);
    up.child.kill(signal);
    up.child.kill(signal);
    const ending = await up.ended;
    assert.equal(ending.code, 0, ending.stderr);
    assert.equal(startTickOf(node), undefined);
    assert.ok(!existsSync(join(dataDir, 'millpond.json')));
  });
}

test('nodes survive kill -9; up adopts them, and down stops them without a Millpond', async (t) => {
  const { dataDir, args } = home(t);
  const up = startCommand(STUB, ['up', '--port', '0', ...args]);
  await up.prints(/Ctrl-C/);
  const node = nodePid(dataDir);
  up.child.kill('SIGKILL');
  await up.ended;
  assert.ok(startTickOf(node));

  const again = await millpond('up', '--detach', '--port', '0', ...args);
  assert.equal(again.code, 0, again.stderr);
  assert.equal(nodePid(dataDir), node);
  process.kill(record(dataDir).pid, 'SIGKILL');

  const down = await millpond('down', ...args);
  assert.equal(down.code, 0, down.stderr);
  assert.match(down.stderr, /had ended without stopping its nodes/);
  assert.equal(startTickOf(node), undefined);
});

test('down --purge deletes everything of Millpond’s and nothing else', async (t) => {
  const { dataDir, args } = home(t);
  await millpond('up', '--detach', '--port', '0', ...args);
  const down = await millpond('down', '--purge', ...args);
  assert.equal(down.code, 0, down.stderr);
  assert.ok(!existsSync(dataDir));

  await millpond('up', '--detach', '--port', '0', ...args);
  for (const name of ['letter.txt', 'nodes/letter.txt']) writeFileSync(join(dataDir, name), 'mine');
  const careful = await millpond('down', '--purge', ...args);
  assert.match(careful.stderr, /has files that Millpond did not create: letter\.txt, nodes\/letter\.txt/);
  assert.deepEqual(readdirSync(dataDir, { recursive: true }).sort(), [
    'letter.txt',
    'nodes',
    'nodes/letter.txt',
  ]);
  assert.equal(readFileSync(join(dataDir, 'nodes/letter.txt'), 'utf8'), 'mine');
  rmSync(dataDir, { recursive: true });

  const foreign = await millpond('down', '--purge', '--data-dir', tmpdir());
  assert.deepEqual([foreign.code, foreign.stderr], [0, '']);
  assert.match(foreign.stdout, /there is no data of it/);
});

test('two downs at once both succeed', async (t) => {
  const { args } = home(t);
  await millpond('up', '--detach', '--port', '0', ...args);
  const endings = await Promise.all([millpond('down', ...args), millpond('down', ...args)]);
  assert.deepEqual(
    endings.map(({ code, stderr }) => [code, stderr]),
    [
      [0, ''],
      [0, ''],
    ],
  );
});

test('a failed start prints its reason in one sentence, detached or not', async (t) => {
  const { args } = home(t);
  for (const more of [[], ['--detach']]) {
    const refused = await runCommand(STUB, ['up', ...more, ...args], {
      env: { ...process.env, STUB_REFUSES: 'There is no engine; install one.' },
    });
    assert.deepEqual([refused.code, refused.stdout], [1, '']);
    assert.equal(refused.stderr, 'millpond: There is no engine; install one.\n');
  }
  const ended = await runCommand(STUB, ['up', '--detach', ...args], {
    env: { ...process.env, STUB_EXITS: 'out of luck' },
  });
  assert.equal(ended.code, 1);
  assert.match(
    ended.stderr,
    /^millpond: Millpond ended while it was starting; its log is .* ends: out of luck\n$/,
  );
});

test('start creates the demo group, prints suggestions, and Ctrl-C stops everything', async (t) => {
  const { dataDir, args } = home(t);
  const start = startCommand(STUB, ['start', '--port', '0', ...args]);
  await start.prints(/Ctrl-C stops everything/);
  const other = await millpond('start', ...args);
  assert.equal(other.code, 0, other.stderr);
  assert.match(other.stderr, /already running/);
  const node = nodePid(dataDir);
  start.child.kill('SIGINT');
  const { code, stdout } = await start.ended;
  assert.equal(code, 0);
  assert.match(stdout, /demo-ro\.abc123\.ng\.0001\.use1\.cache\.amazonaws\.com:6379/);
  assert.match(stdout, /exec --data-dir .* -- redis-cli -h demo\.abc123\.ng/);
  assert.equal(startTickOf(node), undefined);
});

test('an unusable data directory is reported in a sentence', async (t) => {
  const { dataDir } = home(t);
  writeFileSync(dataDir, 'a file');
  const up = await millpond('up', '--data-dir', join(dataDir, 'below'));
  assert.equal(up.code, 1);
  assert.match(up.stderr, /^millpond: The data directory .* cannot be used: .*\n$/);
});

test('bad command lines are refused with a sentence and 2', async () => {
  const cases: [args: string[], sentence: RegExp][] = [
    [['up', '--bogus'], /--bogus/],
    [['upp'], /there is no command upp/],
    [['why'], /resource/],
    [['status', 'extra'], /extra/],
    [['fault', 'foo'], /there is no command fault foo; .*see `.*millpond.* fault --help`\.\n$/],
    [['fault', 'cut'], /--from; see `.*millpond.* fault cut --help`\n$/],
    [['drill'], /group; see `.*millpond.* drill --help`\n$/],
  ];
  for (const [args, sentence] of cases) {
    const { code, stderr, stdout } = await millpond(...args);
    assert.deepEqual([code, stdout], [2, ''], args.join(' '));
    assert.match(stderr, sentence);
    assert.ok(!stderr.includes('    at '));
  }
  const invalid = await millpond('up', '--port', '70000');
  assert.equal(invalid.code, 1);
  assert.equal(invalid.stderr, 'millpond: --port must be a whole number from 0 to 65535, not "70000".\n');
  const repeated = await millpond('up', '--allowed-host', 'a.test', '--allowed-host', 'b.test:80');
  assert.match(repeated.stderr, /^millpond: --allowed-host must be .*, not "a\.test,b\.test:80"\.\n$/);
});

test('help names every command and flag', async () => {
  const { code, stdout } = await millpond('--help');
  assert.equal(code, 0);
  for (const command of ['start', 'up', 'down', 'status', 'why', 'doctor'])
    assert.match(stdout, new RegExp(`^  ${command} `, 'm'));
  assert.match((await millpond('up', '--help')).stdout, /--failure-detection-ms/);
});
