// HTTPS listeners, and targets that speak HTTPS, through the real process.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import { type AddressInfo, connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { connect } from 'node:tls';
import { freePort } from '../../test/support/free-port.ts';
import { silentLog } from '../kernel/log.ts';
import {
  ADDRESS,
  addressGroup,
  balancer,
  GROUP,
  HEALTH_CHECK,
  lambdaGroup,
  listener,
  RawClient,
  TestBalancers,
} from './load-balancer.fixture.ts';

// tls/ is behind a wall for this folder, not for its tests.
const { openTlsMaterial } = await import('../tls/material.ts');
const directory = mkdtempSync(join(tmpdir(), 'millpond-tls-'));
after(() => rmSync(directory, { recursive: true }));
const NAME = 'test-1.us-east-1.elb.amazonaws.com';
const certificate = await openTlsMaterial({
  ...{ directory, names: [NAME, '*.us-east-1.elb.amazonaws.com'], now: Date.now(), log: silentLog },
});

it('serves HTTPS with the certificate of the instance, for the name of the balancer', async (t) => {
  const test = new TestBalancers(t, { certificate });
  const port = await freePort();
  const https = { ...listener(port), protocol: 'HTTPS' as const };
  assert.deepEqual(await test.balancers.set({ ...balancer(port, lambdaGroup()), listeners: [https] }), []);
  const socket = connect({
    port,
    host: ADDRESS,
    servername: NAME,
    ca: certificate.authority,
    ALPNProtocols: ['h2', 'http/1.1'],
  });
  await once(socket, 'secureConnect');
  assert.ok(socket.authorized);
  assert.equal(socket.alpnProtocol, 'http/1.1');
  const client = new RawClient(port, socket);
  for (let round = 0; round < 2; round++) assert.equal((await client.get('/').answer()).status, 200);
  const { headers } = test.invoked[0]!.event;
  assert.deepEqual([headers['x-forwarded-proto'], headers['x-forwarded-port']], ['https', String(port)]);
  client.end();
  const plain = connectSocket(port, ADDRESS);
  plain.end('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  plain.on('error', () => {});
  await once(plain.resume(), 'close');
  await test.counted('ClientTLSNegotiationErrorCount', 1);
});

it('forwards to targets that speak HTTPS, without verifying them, and checks them', async (t) => {
  const test = new TestBalancers(t, { certificate });
  const target = createServer({ key: certificate.key, cert: certificate.certificates }, (request, response) =>
    response.end(request.url),
  ).listen(0, ADDRESS);
  await once(target, 'listening');
  t.after(() => {
    target.close();
    target.closeAllConnections();
  });
  const targetPort = (target.address() as AddressInfo).port;
  const port = await freePort();
  const healthCheck = { ...HEALTH_CHECK, protocol: 'HTTPS' as const };
  await test.balancers.set(balancer(port, addressGroup([targetPort], { protocol: 'HTTPS', healthCheck })));
  await test.until(() => test.balancers.health(GROUP).get(`${ADDRESS}:${targetPort}`)?.state === 'healthy');
  const client = new RawClient(port).get('/a');
  assert.equal((await client.answer()).body, '/a');
  client.end();
});
