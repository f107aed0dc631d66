// Tests who may call the Runtime API: only the function's own process, and no web page.

import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { startRuntimeApi } from './runtime-api.ts';
import { listenOnLoopback } from './runtime-listener.ts';

const nothing = () => {};

test('web pages are refused under every host name', async (context) => {
  let ready = 0;
  const api = await startRuntimeApi(
    {
      onReady: () => ready++,
      ...{ onResponse: nothing, onTooLarge: nothing, onError: nothing, onInitError: nothing },
    },
    listenOnLoopback,
  );
  context.after(() => api.close());
  api.admit(process.getuid!());
  const [host, port] = api.address.split(':');

  const statusOf = (headers: Record<string, string>) =>
    new Promise<number>((resolve, reject) => {
      const path = '/2018-06-01/runtime/other';
      const outgoing = request({ host, port, path, headers, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode!);
      });
      outgoing.on('error', reject).end();
    });
  for (const headers of [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'none' },
    { host: 'rebound.example' },
    { host: `rebound.example:${port}` },
    { host: 'localhost' },
  ] as Record<string, string>[]) {
    assert.equal(await statusOf(headers), 403, JSON.stringify(headers));
  }
  assert.equal(await statusOf({}), 404);
  assert.equal(await statusOf({ host: host! }), 404);
  assert.equal(ready, 0);
});

test('processes of other users get no answer', async (context) => {
  let ready = 0;
  const api = await startRuntimeApi(
    {
      onReady: () => ready++,
      ...{ onResponse: nothing, onTooLarge: nothing, onError: nothing, onInitError: nothing },
    },
    listenOnLoopback,
  );
  context.after(() => api.close());
  const [host, port] = api.address.split(':');
  const ask = () => fetch(`http://${host}:${port}/2018-06-01/runtime/other`).then(({ status }) => status);
  if (process.platform !== 'linux') return context.skip('needs Linux');
  await assert.rejects(ask());
  api.admit(process.getuid!() + 1);
  await assert.rejects(ask());
  api.admit(process.getuid!());
  assert.equal(await ask(), 404);
  assert.equal(ready, 0);
});
