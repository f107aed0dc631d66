// A FIFO queue over kill -9: what was accepted is received once and in order, and what is sent again is a duplicate.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '../../../test/support/random-input.ts';
import { silentLog } from '../../kernel/log.ts';
import { openStore } from '../../store/store.ts';
import { createClient } from '../../wire/client.ts';
import type { Sdk } from './sdk.ts';
import { createSqs } from './service.ts';

const PROGRAM = fileURLToPath(new URL('./killed.fixture.ts', import.meta.url));
const scope = { accountId: '000000000000', region: 'us-east-1' };
const KILLS = 5;

/** Lets a process send from `first` on, and kills it after this number of lines. Resolves to all its lines. */
async function killedAfter(directory: string, first: number, lines: number): Promise<string[]> {
  const child = spawn(process.execPath, [PROGRAM, directory, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const printed: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    printed.push(line);
    if (printed.length === lines) child.kill('SIGKILL');
  }
  return printed;
}

it('loses nothing and repeats nothing', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'millpond-sqs-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const random = seededRandom(7);
  const asked = new Set<number>();
  const deleted = new Set<number>();
  let next = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    // It sends the last accepted message again, as a client does that got no answer.
    const lines = await killedAfter(directory, Math.max(0, next - 1), 20 + Math.floor(random() * 60));
    for (const line of lines) {
      if (line.startsWith('?')) asked.add(Number(line.slice(1)));
      else if (line.startsWith('-')) deleted.add(Number(line.slice(1)));
      else next = Math.max(next, Number(line) + 1);
    }
  }

  const store = openStore(join(directory, 'state.sqlite'));
  t.after(() => store.close());
  let now = Date.now() + 120_000;
  const sqs = createSqs({ store, clock: { now: () => now }, log: silentLog, baseUrl: () => 'http://a' });
  const client = createClient<Sdk>('sqs', { inProcess: sqs.service });
  const { QueueUrl = '' } = await client.call('GetQueueUrl', { QueueName: 'q.fifo' }, scope);
  const received: number[] = [];
  for (;;) {
    const input = { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 30 };
    const { Messages = [] } = await client.call('ReceiveMessage', input, scope);
    if (Messages.length === 0) break;
    for (const { Body, ReceiptHandle = '' } of Messages) {
      received.push(Number(Body));
      await client.call('DeleteMessage', { QueueUrl, ReceiptHandle }, scope);
    }
    now += 1;
  }
  assert.equal(new Set(received).size, received.length, 'none twice');
  for (const group of [0, 1, 2]) {
    const inGroup = received.filter((number) => number % 3 === group);
    assert.deepEqual(
      inGroup,
      inGroup.toSorted((a, b) => a - b),
      'in order',
    );
  }
  for (let number = 0; number < next; number++) {
    const [isDeleted, isReceived] = [deleted.has(number), received.includes(number)];
    // Of a deletion that was not answered, either is right.
    if (isDeleted || !asked.has(number)) assert.notEqual(isDeleted, isReceived, String(number));
  }
  assert.ok(next > KILLS * 15, String(next));
});
