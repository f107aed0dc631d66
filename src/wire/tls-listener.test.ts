import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, get } from 'node:https';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, it, type TestContext } from 'node:test';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { PYTHON, WITHOUT_PYTHON_CLIENTS, withoutProgram } from '../../test/support/outside-clients.ts';
import { serve } from '../../test/support/wire.ts';
import { certificateNames } from '../aws/hosts.ts';
import { type Log, silentLog } from '../kernel/log.ts';
import { dialect } from '../services/s3/http/dialect.ts';
import { openTlsMaterial, type TlsMaterial } from '../tls/material.ts';
import type { WireServer } from './server.ts';
import { defineService } from './service.ts';

const sts = defineService<typeof import('@aws-sdk/client-sts'), undefined>('sts', undefined, {
  GetCallerIdentity: (_sts, _input, { region }) => ({ Account: '000000000000', Arn: region }),
});
const s3 = defineService<typeof import('@aws-sdk/client-s3'), undefined>(
  's3',
  undefined,
  { GetObject: (_s3, { Bucket, Key }) => ({ Body: `${Bucket} ${Key}` }) },
  { dialect },
);
const WHO = '/?Action=GetCallerIdentity&Version=2011-06-15';

let directory: string;
let material: TlsMaterial;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millpond-tls-listener-'));
  const names = certificateNames();
  material = await openTlsMaterial({
    directory: join(directory, 'tls'),
    names,
    now: Date.now(),
    log: silentLog,
  });
});
after(() => rm(directory, { recursive: true }));

const start = async (test: TestContext, tls: { handshakeTimeoutMs?: number } = {}) => {
  const { key, certificates } = material;
  const https = { address: '127.0.0.1', port: 0, key, certificates, ...tls };
  const server = await serve(test, { services: [sts, s3], https });
  assert.ok(server.https);
  return server as WireServer & Required<Pick<WireServer, 'https'>>;
};

/** Connects like a client whose resolver returns this address. */
async function fetchFrom(server: WireServer, host: string, path: string, agent: Agent, more = {}) {
  const options = {
    host,
    path,
    port: server.https!.port,
    agent,
    servername: host,
    headers: { host, ...more },
  };
  const [response] = await once(get({ ...options, ca: material.authority }), 'response');
  return { status: response.statusCode, text: await text(response) };
}

const leadingTo = (address: string, keepAlive = false) =>
  new Agent({
    keepAlive,
    lookup: (_host, options, done) =>
      options.all ? done(null, [{ address, family: 4 }]) : done(null, address, 4),
  });

describe('HTTPS', () => {
  it('serves the same API under the host names of AWS', async (test) => {
    const server = await start(test);
    const agent = leadingTo('127.0.0.1');
    for (const host of [
      'sts.amazonaws.com',
      'sts.eu-west-1.amazonaws.com',
      'sts.cn-north-1.amazonaws.com.cn',
    ]) {
      const answer = await fetchFrom(server, host, WHO, agent);
      assert.match(answer.text, /<Account>000000000000</, host);
    }
  });

  it('reads the bucket from every form of S3’s host names', async (test) => {
    const server = await start(test);
    const agent = leadingTo('127.0.0.1');
    for (const [host, path] of [
      ['b.s3.amazonaws.com', '/k'],
      ['b.s3-external-1.amazonaws.com', '/k'],
      ['b.s3.us-west-2.amazonaws.com', '/k'],
      ['b.s3-us-west-2.amazonaws.com', '/k'],
      ['b.s3.dualstack.us-west-2.amazonaws.com', '/k'],
      ['s3.amazonaws.com', '/b/k'],
      ['s3.us-west-2.amazonaws.com', '/b/k'],
      ['s3-us-west-2.amazonaws.com', '/b/k'],
      ['s3.dualstack.us-west-2.amazonaws.com', '/b/k'],
    ] as const) {
      assert.deepEqual(await fetchFrom(server, host, path, agent), { status: 200, text: 'b k' }, host);
    }
  });

  it('refuses web pages and foreign hosts', async (test) => {
    const server = await start(test);
    const agent = leadingTo('127.0.0.1');
    for (const headers of [
      { host: 'rebound.example' },
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
    ]) {
      const answer = await fetchFrom(server, 'sts.amazonaws.com', WHO, agent, headers);
      assert.equal(answer.status, 403, JSON.stringify(headers));
    }
  });

  it('is not trusted under another name, nor without the certificate authority', async (test) => {
    const server = await start(test);
    await assert.rejects(fetchFrom(server, 'sts.example.com', WHO, leadingTo('127.0.0.1')), {
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
    const stranger = connectTls({ port: server.https.port, servername: 'sts.amazonaws.com' });
    const [error] = await once(stranger, 'error');
    assert.match(error.code, /SELF_SIGNED|UNABLE_TO/);
  });

  it('is trusted by curl and Python', {
    skip: WITHOUT_PYTHON_CLIENTS || withoutProgram('curl'),
  }, async (test) => {
    const server = await start(test);
    const { port } = server.https;
    const host = 'sts.us-east-1.amazonaws.com';
    const run = promisify(execFile);
    const file = material.authorityFile;
    const curl = ['-sS', '--noproxy', '*', '--cacert', file, '--connect-to', `${host}:443:127.0.0.1:${port}`];
    const python = `
import socket, ssl
context = ssl.create_default_context(cafile='${file}')
with context.wrap_socket(socket.create_connection(('127.0.0.1', ${port})), server_hostname='${host}') as s:
    s.sendall(b'GET ${WHO} HTTP/1.1\\r\\nHost: ${host}\\r\\nConnection: close\\r\\n\\r\\n')
    while chunk := s.recv(65536): print(chunk.decode())`;
    const commands: [string, string[]][] = [
      ['curl', [...curl, `https://${host}${WHO}`]],
      [PYTHON, ['-c', python]],
    ];
    for (const [program, args] of commands) {
      const { stdout } = await run(program, args);
      assert.match(stdout, /<Account>000000000000</, program);
    }
  });
});

describe('HTTPS with hostile clients', () => {
  /** Resolves when the server has closed the connection. */
  const closed = (socket: Socket) =>
    new Promise<void>((resolve) => {
      socket.on('error', () => {});
      socket.resume().once('close', () => resolve());
    });

  it('closes connections that stay silent, are not TLS, or require another protocol', async (test) => {
    const server = await start(test, { handshakeTimeoutMs: 50 });
    const { port } = server.https;
    await closed(connect(port, '127.0.0.1'));
    const plain = connect(port, '127.0.0.1', () => plain.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n'));
    await closed(plain);
    const other = connectTls({
      ...{ port, servername: 'sts.amazonaws.com', ca: material.authority, ALPNProtocols: ['h2'] },
    });
    await closed(other);
    assert.equal(other.authorized, false);
    const { status } = await fetchFrom(server, 'sts.amazonaws.com', WHO, leadingTo('127.0.0.1'));
    assert.equal(status, 200);
  });

  it('answers 400 to a request that is not HTTP', async (test) => {
    const server = await start(test);
    const options = { port: server.https.port, servername: 'sts.amazonaws.com', ca: material.authority };
    const client: TLSSocket = connectTls(options, () => client.write('nonsense\r\n\r\n'));
    assert.match(await text(client), /^HTTP\/1\.1 400 /);
  });
});

describe('HTTPS, when it stops', () => {
  it('does not wait for connections that are kept alive', async (test) => {
    const server = await start(test);
    const agent = leadingTo('127.0.0.1', true);
    await fetchFrom(server, 'sts.amazonaws.com', WHO, agent);
    // With mocked timers the grace period never ends.
    test.mock.timers.enable({ apis: ['setTimeout'] });
    await server.stop();
    test.mock.timers.reset();
    await assert.rejects(fetchFrom(server, 'sts.amazonaws.com', WHO, agent), {
      code: /ECONNREFUSED|ECONNRESET/,
    });
    agent.destroy();
  });

  it('closes connections in their handshake after the grace period', async (test) => {
    const server = await start(test);
    const socket = connect(server.https.port, '127.0.0.1');
    await once(socket, 'connect');
    const gone = once(socket.resume(), 'close');
    await Promise.all([server.stop(), gone]);
  });
});

describe('HTTPS that cannot listen', () => {
  it('leaves the API running and logs the reason', async (test) => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    test.after(() => taken.close());
    const { port } = taken.address() as { port: number };
    const warnings: string[] = [];
    const log: Log = { ...silentLog, warn: (_fields, message) => warnings.push(message), child: () => log };
    const { key, certificates } = material;
    const https = { address: '127.0.0.1', port, key, certificates };
    const server = await serve(test, { services: [sts], https, log });
    assert.equal(server.https, undefined);
    assert.equal(warnings.length, 1);
    assert.equal((await fetch(`${server.url}${WHO}`)).status, 200);
  });
});
