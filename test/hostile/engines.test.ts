// Engines that lie: what they answer is read or refused, in bounded time, and nothing else comes of it.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, it, test } from 'node:test';
import { createAdminConnection, openPort } from '../../src/engine/admin-connection.ts';
import { clusterInfo, clusterNodes } from '../../src/engine/commands.ts';
import { seededRandom } from '../support/random-input.ts';
import { damagedText, ENGINE_REPLIES, readAll } from './engine-cases.ts';

const ROUNDS = process.env.MILLPOND_HOSTILE === 'whole' ? 200_000 : 5_000;
const COMMAND = /\*\d+\r\n\$\d+\r\n(\w+)\r\n/g;

test('texts of engines with damage of every kind are read to their end', () => {
  const random = seededRandom(20260102);
  for (let round = 0; round < ROUNDS; round++) readAll(damagedText(random));
});

describe('an engine that answers everything', { concurrency: true }, () => {
  for (const [name, reply] of Object.entries(ENGINE_REPLIES)) {
    it(`with ${name}`, async (context) => {
      const server = createServer((socket) => {
        socket.on('error', () => {});
        socket.on('data', (chunk) => {
          for (const [, command = ''] of chunk.toString('latin1').matchAll(COMMAND)) {
            socket.write(/^(auth|client)$/i.test(command) ? '+OK\r\n' : reply, 'latin1');
          }
        });
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const admin = createAdminConnection('lying', () => ({
        ...{ open: openPort('127.0.0.1', port), username: 'a', password: 'b', names: new Map() },
      }));
      context.after(() => {
        admin.disconnect();
        server.close();
      });
      const asked = [() => admin.observe(), () => clusterNodes(admin), () => clusterInfo(admin)];
      const outcomes = await Promise.allSettled(asked.map((ask) => ask()));
      for (const outcome of outcomes) {
        if (outcome.status === 'fulfilled') continue;
        const { name: kind, message } = outcome.reason as Error;
        assert.ok(['OperationalError', 'EngineError', 'Error'].includes(kind), `${kind}: ${message}`);
      }
    });
  }
});
