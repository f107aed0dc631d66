// A day with the real program: start, use, kill -9, adopt, stop, start again with the data, purge.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ElastiCache, waitUntilReplicationGroupAvailable } from '@aws-sdk/client-elasticache';
import { startTickOf } from '../../src/kernel/process-identity.ts';
import type { MillpondStatus } from '../../src/status.ts';
import { MILLPOND, runCommand, startCommand } from '../support/command.ts';

function home(t: TestContext) {
  const parent = mkdtempSync(join(tmpdir(), 'millpond-day-'));
  const dataDir = join(parent, 'state');
  const millpond = async (...words: string[]) => {
    const ending = await runCommand(MILLPOND, withDataDir(words, dataDir));
    assert.equal(ending.code, 0, `${words.join(' ')}: ${ending.stderr}`);
    return ending.stdout;
  };
  t.after(async () => {
    await runCommand(MILLPOND, ['down', '--purge', '--data-dir', dataDir]);
    rmSync(parent, { recursive: true, force: true });
  });
  const status = async () =>
    JSON.parse(await millpond('status', '--json')) as MillpondStatus & { dataDir: string };
  return { dataDir, millpond, status };
}

/** Without packages the demo's function cannot be made, and a group alone is: nothing here needs more. */
const WITHOUT_PACKAGES = {
  env: { ...process.env, PIP_NO_INDEX: '1', PIP_FIND_LINKS: '/nowhere', PIP_CONFIG_FILE: '/dev/null' },
};

/** The flag goes before a `--`. */
function withDataDir([command, ...rest]: string[], dataDir: string): string[] {
  return [command!, '--data-dir', dataDir, ...rest];
}

const nodePids = (status: MillpondStatus) =>
  status.groups.flatMap((group) => group.members.map((member) => member.pid!)).sort();

test('nodes and data survive what a day brings', async (t) => {
  const { dataDir, millpond, status } = home(t);
  const start = startCommand(MILLPOND, withDataDir(['start', '--port', '0'], dataDir), WITHOUT_PACKAGES);
  await start.prints(
    /Layer\/Package \(Custom::PythonPackages\) is CREATE_FAILED: [\s\S]*Continuing with a rep/,
  );
  await start.prints(/Ctrl-C stops everything/);
  const first = await status();
  const host = first.groups[0]!.endpoints.primary!.replace(/:\d+$/, '');
  const redis = async (...words: string[]) =>
    (await millpond('exec', '--', 'redis-cli', '-h', host, ...words)).trim();
  assert.equal(await redis('set', 'hoge', 'foo'), 'OK');

  start.child.kill('SIGKILL');
  await start.ended;
  await millpond('up', '--detach', '--port', '0');
  const adopted = await status();
  assert.deepEqual(nodePids(adopted), nodePids(first));
  assert.equal(await redis('get', 'hoge'), 'foo');

  await millpond('down');
  for (const pid of [adopted.pid, ...nodePids(adopted)]) assert.equal(startTickOf(pid), undefined);

  await millpond('up', '--detach', '--port', '0');
  assert.equal(await redis('get', 'hoge'), 'foo');
  const last = await status();
  process.kill(last.pid, 'SIGKILL');
  await millpond('down', '--purge');
  for (const pid of nodePids(last)) assert.equal(startTickOf(pid), undefined);
  assert.ok(!existsSync(dataDir));
});

test('after `up --detach` with cluster mode on, clients are served at once', async (t) => {
  const { millpond, status } = home(t);
  await millpond('up', '--detach', '--port', '0');
  const { url } = await status();
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const cache = new ElastiCache({ endpoint: url, region: 'us-east-1', credentials });
  await cache.createReplicationGroup({
    ...{ ReplicationGroupId: 'slots', ReplicationGroupDescription: 'd', Engine: 'redis' },
    ...{ CacheNodeType: 'cache.t3.micro', NumNodeGroups: 2, ReplicasPerNodeGroup: 1 },
    CacheParameterGroupName: 'default.redis7.cluster.on',
  });
  await waitUntilReplicationGroupAvailable(
    { client: cache, maxWaitTime: 60 },
    { ReplicationGroupId: 'slots' },
  );
  await millpond('down');
  await millpond('up', '--detach', '--port', '0');
  const { groups } = await status();
  const [host] = groups[0]!.endpoints.configuration!.split(':');
  assert.equal((await millpond('exec', '--', 'redis-cli', '-c', '-h', host!, 'set', 'a', 'b')).trim(), 'OK');
  for (const { address } of groups[0]!.members) {
    const info = await millpond('exec', '--', 'redis-cli', '-h', address, 'cluster', 'info');
    assert.match(info, /cluster_state:ok/, address);
  }
});

test('two Millponds side by side do not notice each other', async (t) => {
  const [one, other] = [home(t), home(t)];
  await Promise.all([one, other].map(({ millpond }) => millpond('up', '--detach', '--port', '0')));
  const [a, b] = [await one.status(), await other.status()];
  assert.notEqual(a.dns.address, b.dns.address);
  await one.millpond('down', '--purge');
  assert.equal((await other.status()).pid, b.pid);
});

test('a taken port is one sentence and leaves nothing running', async (t) => {
  const { dataDir } = home(t);
  const squatter = createServer().listen(0, '127.0.0.1');
  t.after(() => squatter.close());
  await new Promise((resolve) => squatter.once('listening', resolve));
  const { port } = squatter.address() as { port: number };
  for (const more of [[], ['--detach']]) {
    const up = await runCommand(MILLPOND, withDataDir(['up', '--port', String(port), ...more], dataDir));
    assert.equal(up.code, 1);
    assert.match(up.stderr, new RegExp(`^millpond: .*${port}.*\\n$`));
  }
});

test('a purge works where the state is broken', async (t) => {
  const { dataDir, millpond, status } = home(t);
  const start = startCommand(MILLPOND, withDataDir(['start', '--port', '0'], dataDir), WITHOUT_PACKAGES);
  await start.prints(/Ctrl-C stops everything/);
  const pids = nodePids(await status());
  start.child.kill('SIGKILL');
  await start.ended;
  for (const name of readdirSync(dataDir).filter((each) => each.startsWith('state.sqlite.backup-')))
    rmSync(join(dataDir, name));
  for (const name of ['state.sqlite', 'state.sqlite-wal'])
    writeFileSync(join(dataDir, name), 'no database '.repeat(400));
  const kept = await runCommand(MILLPOND, withDataDir(['down'], dataDir));
  assert.equal(kept.code, 1);
  assert.match(kept.stderr, /millpond: The state .* is damaged .* there is no backup of it/);
  await millpond('down', '--purge');
  for (const pid of pids) assert.equal(startTickOf(pid), undefined);
  assert.ok(!existsSync(dataDir));
});

test('doctor finds what is here', async (t) => {
  const { dataDir } = home(t);
  const { code, stderr, stdout } = await runCommand(MILLPOND, withDataDir(['doctor'], dataDir));
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^ok {7}Engines +(redis|valkey) \d/m);
  assert.match(stdout, /^note {5}go-redis .*--announce-hostnames$/m);
});
