// The memory limit for all bodies together: large bodies wait until others are answered, or are refused with an error
// that SDKs retry. Small bodies are always accepted.

import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { it, type TestContext } from 'node:test';
import { EchoService } from '../../test/support/echo-service.ts';
import { ask, askQuery, serve, signedFor } from '../../test/support/wire.ts';
import type { WireServer } from './server.ts';

const LARGE = 200_000;
const CREATE = 'Action=CreateReplicationGroup&ReplicationGroupId=a&ReplicationGroupDescription=b';
const invocation = { path: '/2015-03-31/functions/f/invocations', headers: signedFor('lambda') };
const upload = { method: 'PUT', path: '/bucket/key', headers: signedFor('s3') };

async function start(test: TestContext, waitMs: number) {
  const lambda = new EchoService('lambda');
  const server = await serve(test, {
    services: [lambda, new EchoService('elasticache'), new EchoService('s3')],
    bodyMemory: { mostBytes: 300_000, freeBytes: 10_000, waitMs },
  });
  /** A request with a large body that is processed until the test ends it. */
  const hold = async () => {
    let end = () => {};
    const begun = new Promise<void>((resolve) => {
      lambda.operations.Invoke = () => {
        resolve();
        return new Promise((answered) => {
          end = () => answered({ StatusCode: 200 });
        });
      };
    });
    const answer = ask(server, { ...invocation, body: 'x'.repeat(LARGE) });
    await begun;
    lambda.operations.Invoke = () => ({ StatusCode: 200 });
    return async () => {
      end();
      return (await answer).status;
    };
  };
  return { server, hold };
}

const small = async (server: WireServer) => (await ask(server, { ...invocation, body: '{}' })).status;

it('a large body waits for memory until another is answered; a small one does not wait', async (test) => {
  const { server, hold } = await start(test, 600_000);
  const end = await hold();
  let isAnswered = false;
  const second = ask(server, { ...invocation, body: 'x'.repeat(LARGE) }).then(({ status }) => {
    isAnswered = true;
    return status;
  });
  for (let number = 0; number < 5; number++) assert.equal(await small(server), 200);
  assert.ok(!isAnswered);
  assert.equal(await end(), 200);
  assert.equal(await second, 200);
});

it('a body that waits too long or grows past the limit is refused with an error of its protocol', async (test) => {
  const { server, hold } = await start(test, 0);
  const end = await hold();
  const body = 'x'.repeat(LARGE);
  const refused = await ask(server, { ...invocation, body });
  assert.deepEqual([refused.status, refused.headers['x-amzn-errortype']], [400, 'ThrottlingException']);
  const grown = { ...invocation.headers, 'transfer-encoding': 'chunked' };
  assert.equal((await ask(server, { ...invocation, headers: grown, body })).status, 400);
  const stored = await ask(server, { ...upload, body });
  assert.deepEqual([stored.status, /<Code>([^<]*)/.exec(stored.text)?.[1]], [503, 'SlowDown']);
  const created = await askQuery(server, `${CREATE}&X=${body}`, signedFor('elasticache'));
  assert.deepEqual([created.status, /<Code>([^<]*)/.exec(created.text)?.[1]], [400, 'ThrottlingException']);
  assert.equal(await small(server), 200);
  assert.equal(await end(), 200);
  assert.equal((await ask(server, { ...upload, body })).status, 200);
});

it('a client that disconnects frees its memory and its place in the queue', async (test) => {
  const { server, hold } = await start(test, 600_000);
  const head = [
    `POST ${invocation.path} HTTP/1.1`,
    `Host: 127.0.0.1:${server.port}`,
    `Authorization: ${invocation.headers.authorization}`,
    `Content-Length: ${LARGE}`,
  ];
  const leaving = async () => {
    const socket = connect(server.port, '127.0.0.1');
    await new Promise((resolve) => socket.write(`${head.join('\r\n')}\r\n\r\n{`, resolve));
    // The server has read the head by the time it answers this.
    assert.equal(await small(server), 200);
    return () => socket.destroy();
  };
  const leaveWithRoom = await leaving();
  const leaveWaiting = await leaving();
  leaveWaiting();
  leaveWithRoom();
  const end = await hold();
  assert.equal(await end(), 200);
});
