import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import type { Machine } from '../installation.ts';
import { type DockerInstallation, dockerInstall, dockerUninstall } from './install.ts';

const HOSTS = '127.0.0.1 localhost\n';
const NAME = '000000000000.dkr.ecr.us-east-1.amazonaws.com';
const AUTHORITY = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n';
const installation: DockerInstallation = {
  https: { address: '127.83.0.2', port: 443 },
  authority: AUTHORITY,
  accounts: ['000000000000'],
  regions: ['us-east-1'],
};

async function machine(context: TestContext, options: Partial<Machine> = {}) {
  const rootDirectory = await mkdtemp(join(tmpdir(), 'millpond-docker-install-'));
  context.after(() => rm(rootDirectory, { recursive: true }));
  await mkdir(join(rootDirectory, 'etc'));
  await writeFile(join(rootDirectory, 'etc/hosts'), HOSTS);
  const said: string[] = [];
  const run = async () => 0;
  const fake: Machine = {
    platform: 'linux',
    rootDirectory,
    isRoot: true,
    run,
    say: (line) => said.push(line),
    ...options,
  };
  const path = (name: string) => join(rootDirectory, name);
  return { fake, said, path, hosts: () => readFile(path('etc/hosts'), 'utf8') };
}

it('a registry gets its name and its authority, once, and loses both exactly', async (context) => {
  const { fake, path, hosts } = await machine(context);
  assert.equal(await dockerInstall({ ...installation, https: { address: '127.1.0.2', port: 443 } }, fake), 0);
  assert.equal(await dockerInstall(installation, fake), 0);
  assert.equal(await hosts(), `${HOSTS}127.83.0.2 ${NAME} # millpond docker install\n`);
  const file = `etc/docker/certs.d/${NAME}/ca.crt`;
  assert.ok((await readFile(path(file), 'utf8')).endsWith(AUTHORITY));
  assert.equal(await dockerUninstall(fake), 0);
  assert.equal(await hosts(), HOSTS);
  assert.deepEqual(await readdir(path('etc/docker/certs.d')), []);
});

it('every account has a registry in every region', async (context) => {
  const { fake, hosts } = await machine(context);
  const accounts = ['000000000000', '123456789012'];
  await dockerInstall({ ...installation, accounts, regions: ['us-east-1', 'cn-north-1'] }, fake);
  assert.equal((await hosts()).match(/dkr\.ecr/g)?.length, 4);
  assert.match(await hosts(), /123456789012\.dkr\.ecr\.cn-north-1\.amazonaws\.com\.cn /);
});

it('printing, and a user who is not root, change nothing', async (context) => {
  for (const [options, code] of [[{ print: true }, 0] as const, [{}, 1] as const]) {
    const { fake, said, path, hosts } = await machine(context, { isRoot: code === 0 });
    assert.equal(await dockerInstall({ ...installation, ...options }, fake), code);
    assert.ok(said.some((line) => line.includes(NAME)));
    assert.equal(await hosts(), HOSTS);
    assert.deepEqual(await readdir(path('etc')), ['hosts']);
  }
});

it('refuses what cannot work, and the files of others', async (context) => {
  const { fake, path, said } = await machine(context);
  const { https: _, ...withoutHttps } = installation;
  for (const bad of [
    withoutHttps,
    { ...installation, https: { address: '127.83.0.2', port: 8443 } },
    { ...installation, https: { address: '169.254.169.253', port: 443 } },
    { ...installation, accounts: ['1'] },
    { ...installation, regions: ["x'; rm"] },
  ]) {
    assert.equal(await dockerInstall(bad, fake), 1);
  }
  const file = path(`etc/docker/certs.d/${NAME}/ca.crt`);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, 'mine');
  assert.equal(await dockerInstall(installation, fake), 1);
  assert.match(said.at(-1)!, /is not Millpond's/);
  assert.equal(await dockerUninstall(fake), 0);
  assert.equal(await readFile(file, 'utf8'), 'mine');
});
