import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { chmod, copyFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { connect, createServer } from 'node:tls';
import { silentLog } from '../kernel/log.ts';
import { issueServerCertificate, makeAuthority } from './authority.ts';
import { openTlsMaterial } from './material.ts';

const DAY_MS = 86_400_000;
const NAMES = ['*.amazonaws.com', '*.us-east-1.amazonaws.com'];
const NOW = Date.now();

async function folder(test: TestContext) {
  const parent = await mkdtemp(join(tmpdir(), 'millpond-tls-'));
  test.after(() => rm(parent, { recursive: true }));
  const directory = join(parent, 'tls');
  const open = (now = NOW, names = NAMES) => openTlsMaterial({ directory, names, now, log: silentLog });
  return { directory, open };
}

const endOf = (pem: string) => new X509Certificate(pem).validToDate.getTime();

describe('TLS material', () => {
  it('is created once, readable by its owner only', async (test) => {
    const { directory, open } = await folder(test);
    const made = await open();
    assert.deepEqual(await open(), made);
    assert.equal(await readFile(made.authorityFile, 'utf8'), made.authority);
    assert.deepEqual((await readdir(directory)).sort(), [
      ...['ca-key.pem', 'ca.pem', 'server-key.pem', 'server.pem'],
    ]);
    for (const name of ['ca-key.pem', 'server-key.pem']) {
      assert.equal((await stat(join(directory, name))).mode & 0o777, 0o600, name);
    }
    const server = new X509Certificate(made.certificates);
    assert.equal(server.subjectAltName, NAMES.map((name) => `DNS:${name}`).join(', '));
    assert.ok(!server.ca);
    assert.ok(made.certificates.endsWith(made.authority));
  });

  it('is renewed for other names, by the same authority', async (test) => {
    const { open } = await folder(test);
    const made = await open();
    const renewed = await open(NOW, [...NAMES, '*.eu-west-1.amazonaws.com']);
    assert.equal(renewed.authority, made.authority);
    assert.ok(new X509Certificate(renewed.certificates).checkHost('sts.eu-west-1.amazonaws.com'));
    assert.notEqual(renewed.key, made.key);
  });

  it('is renewed in good time before it expires', async (test) => {
    const { open } = await folder(test);
    const made = await open();
    assert.deepEqual(await open(NOW + 400 * DAY_MS), made);
    const later = NOW + 500 * DAY_MS;
    const renewed = await open(later);
    assert.equal(renewed.authority, made.authority);
    assert.ok(endOf(renewed.certificates) > later + 700 * DAY_MS);
    const late = endOf(made.authority) - 300 * DAY_MS;
    const other = await open(late);
    assert.notEqual(other.authority, made.authority);
    assert.ok(new X509Certificate(other.certificates).checkIssued(new X509Certificate(other.authority)));
    assert.ok(endOf(other.authority) > Date.UTC(2060), 'dates after 2049 have a form of their own');
  });

  it('is renewed when it is not valid yet because the clock was set back', async (test) => {
    const { open } = await folder(test);
    const made = await open(NOW + 10 * DAY_MS);
    assert.notEqual((await open(NOW)).authority, made.authority);
  });

  it('is renewed when a file is damaged, missing, or from another instance', async (test) => {
    const { directory, open } = await folder(test);
    let made = await open();
    const spoil: (() => Promise<void>)[] = [
      () => writeFile(join(directory, 'server.pem'), 'nonsense'),
      () => writeFile(join(directory, 'server-key.pem'), ''),
      () => rm(join(directory, 'server.pem')),
      () => copyFile(join(directory, 'ca-key.pem'), join(directory, 'server-key.pem')),
      () => writeFile(join(directory, 'ca.pem'), made.certificates),
      () => rm(join(directory, 'ca-key.pem')),
    ];
    for (const [index, damage] of spoil.entries()) {
      await damage();
      const renewed = await open();
      assert.notEqual(renewed.certificates, made.certificates, String(index));
      assert.equal(renewed.authority === made.authority, index < 4, String(index));
      assert.deepEqual(await open(), renewed);
      made = renewed;
    }
  });

  it('reports a folder that cannot be used', async (test) => {
    const { directory, open } = await folder(test);
    await writeFile(directory, '');
    await chmod(directory, 0o600);
    await assert.rejects(open(), { name: 'OperationalError', code: 'StateUnreadable', message: /tls/ });
  });
});

describe('the authority', () => {
  /** How a client validates a server with this certificate. */
  async function verdict(name: string, connectTo: string) {
    const authority = makeAuthority(NOW);
    const { key, certificate } = issueServerCertificate(authority, [name], NOW);
    const server = createServer({ key, cert: certificate }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const client = connect({ port, host: '127.0.0.1', servername: connectTo, ca: authority.certificate });
    try {
      return await once(client, 'secureConnect').then(
        () => 'trusted',
        (error) => error.message as string,
      );
    } finally {
      client.destroy();
      server.close();
    }
  }

  it('can sign for AWS’s names only, even with its key in other hands', async () => {
    assert.equal(await verdict('*.amazonaws.com', 'sts.amazonaws.com'), 'trusted');
    assert.equal(await verdict('*.amazonaws.com.cn', 'sts.amazonaws.com.cn'), 'trusted');
    assert.equal(await verdict('bank.example', 'bank.example'), 'permitted subtree violation');
    assert.equal(await verdict('evilamazonaws.com', 'evilamazonaws.com'), 'permitted subtree violation');
  });
});
