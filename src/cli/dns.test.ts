import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { dnsInstall, dnsUninstall } from './dns.ts';
import type { Machine } from './installation.ts';

const installation = { dnsAddress: '127.83.0.2', dnsPort: 5353, suffixes: ['cache.amazonaws.com'] };

async function machine(context: TestContext, options: Partial<Machine> = {}) {
  const rootDirectory = await mkdtemp(join(tmpdir(), 'millpond-dns-install-'));
  context.after(() => rm(rootDirectory, { recursive: true }));
  await mkdir(join(rootDirectory, 'run/systemd/resolve'), { recursive: true });
  const said: string[] = [];
  const ran: string[] = [];
  const fake: Machine = {
    platform: 'linux',
    rootDirectory,
    isRoot: true,
    run: async (program, args) => {
      ran.push([program, ...args].join(' '));
      return 0;
    },
    say: (line) => said.push(line),
    ...options,
  };
  return { machine: fake, said, ran, path: (name: string) => join(rootDirectory, name) };
}

describe('millpond dns install', () => {
  const file = 'etc/systemd/resolved.conf.d/millpond.conf';

  it('configures systemd-resolved once, and undoes it', async (context) => {
    const { machine: linux, ran, said, path } = await machine(context);
    assert.equal(await dnsInstall(installation, linux), 0);
    const text = await readFile(path(file), 'utf8');
    assert.match(text, /^\[Resolve\]\nDNS=127\.83\.0\.2:5353\nDomains=~cache\.amazonaws\.com\n$/m);
    assert.equal(await dnsInstall(installation, linux), 0);
    assert.deepEqual(ran, ['systemctl restart systemd-resolved']);
    assert.equal(await dnsInstall({ ...installation, dnsAddress: '127.84.0.2' }, linux), 0);
    assert.match(await readFile(path(file), 'utf8'), /127\.84\.0\.2/);

    assert.equal(await dnsUninstall(linux), 0);
    assert.deepEqual(await readdir(path('etc/systemd')), []);
    assert.equal(ran.length, 3);
    assert.equal(await dnsUninstall(linux), 0);
    assert.equal(ran.length, 3);
    assert.ok(said.includes(`Writing ${path(file)}`) && said.includes(`Removing ${path(file)}`));
  });

  it('writes one file per suffix on macOS', async (context) => {
    const { machine: mac, ran, path } = await machine(context, { platform: 'darwin' });
    assert.equal(
      await dnsInstall({ ...installation, suffixes: ['cache.amazonaws.com', 'Local.Test'] }, mac),
      0,
    );
    await writeFile(path('etc/resolver/other'), 'nameserver 192.0.2.1\n');
    assert.deepEqual(await readdir(path('etc/resolver')), ['cache.amazonaws.com', 'local.test', 'other']);
    assert.match(
      await readFile(path('etc/resolver/local.test'), 'utf8'),
      /nameserver 127\.83\.0\.2\nport 5353\n$/,
    );
    assert.equal(await dnsUninstall(mac), 0);
    assert.deepEqual(await readdir(path('etc/resolver')), ['other']);
    assert.deepEqual(ran, []);
  });

  it('prints what to run when it is not root, and changes nothing', async (context) => {
    const { machine: user, ran, said, path } = await machine(context, { isRoot: false });
    assert.equal(await dnsInstall(installation, user), 1);
    assert.ok(said.some((line) => line.startsWith(`sudo tee ${path(file)}`)));
    assert.equal(said.at(-1), 'sudo systemctl restart systemd-resolved');
    assert.deepEqual(ran, []);
    assert.deepEqual(await readdir(path('')), ['run']);
    assert.equal(await dnsInstall(installation, { ...user, isRoot: true }), 0);
    assert.equal(await dnsUninstall(user), 1);
    assert.ok(said.includes(`sudo rm ${path(file)}`));
    await readFile(path(file));
  });

  it('does not touch foreign files', async (context) => {
    const { machine: linux, path } = await machine(context);
    await mkdir(path('etc/systemd/resolved.conf.d'), { recursive: true });
    await writeFile(path(file), '[Resolve]\n');
    assert.equal(await dnsInstall(installation, linux), 1);
    assert.equal(await dnsUninstall(linux), 0);
    assert.equal(await readFile(path(file), 'utf8'), '[Resolve]\n');
  });

  it('refuses unsupported systems and invalid names', async (context) => {
    const { machine: linux, said, path } = await machine(context);
    assert.equal(await dnsInstall({ ...installation, suffixes: ['../passwd'] }, linux), 1);
    await rm(path('run'), { recursive: true });
    assert.equal(await dnsInstall(installation, linux), 1);
    assert.match(said.at(-1)!, /systemd-resolved/);
    assert.equal(await dnsInstall(installation, { ...linux, platform: 'win32' }), 1);
    assert.deepEqual(await readdir(path('')), []);
  });

  it('reports when the resolver cannot be restarted', async (context) => {
    const { machine: linux, said } = await machine(context, { run: async () => 1 });
    assert.equal(await dnsInstall(installation, linux), 1);
    assert.match(said.at(-1)!, /restart systemd-resolved failed/);
  });
});
