// Responses as bytes on the wire.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { it, type TestContext } from 'node:test';
import type { WireResponse } from './request.ts';
import { send } from './send.ts';

async function sent(context: TestContext, answer: WireResponse, method = 'GET'): Promise<string> {
  const server = createServer((request, response) => void send(response, answer, request.method === 'HEAD'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => server.close());
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write(`${method} / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
  return (await buffer(socket)).toString('latin1');
}

const asUtf8 = (text: string) => Buffer.from(text).toString('latin1');

it('a string is sent in UTF-8, and its headers are unchanged', async (context) => {
  for (const name of ['plain', 'gr\u00fcn']) {
    const answer = await sent(context, { status: 200, headers: { 'x-name': name }, body: '\u00fc\u20ac' });
    assert.match(answer, new RegExp(`\r\nx-name: ${name}\r\n`));
    assert.match(answer, /\r\ncontent-length: 5\r\n/);
    assert.ok(answer.endsWith(`\r\n\r\n${asUtf8('\u00fc\u20ac')}`));
  }
});

it('bytes are sent unchanged, and nothing is sent for a response without body', async (context) => {
  const bytes = Buffer.from([0xff, 0x00]);
  assert.match(await sent(context, { status: 200, headers: {}, body: bytes }), /\r\n\r\n\xff\0$/);
  const head = await sent(context, { status: 200, headers: {}, body: 'text' }, 'HEAD');
  assert.match(head, /\r\ncontent-length: 4\r\n/);
  assert.match(head, /\r\n\r\n$/);
  const none = await sent(context, { status: 204, headers: {}, body: '' });
  assert.doesNotMatch(none, /content-length/);
  assert.match(none, /\r\n\r\n$/);
});

it('a header that HTTP forbids is an error of the sender', async () => {
  const response = { writeHead: () => assert.fail('not sent') };
  const answer = { status: 200, headers: {}, body: '' };
  await assert.rejects(send(response as never, answer, false), /not sent/);
});
