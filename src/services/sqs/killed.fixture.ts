// A process that sends numbered messages to a FIFO queue over a store on disk, from the given number on, and prints each
// number once it was accepted: `node killed.fixture.ts DIRECTORY FIRST`. It goes on until it is killed. Every tenth
// message it also receives a message and deletes it, and prints its text with a minus.

import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../kernel/clock.ts';
import { silentLog } from '../../kernel/log.ts';
import { openStore } from '../../store/store.ts';
import { createClient } from '../../wire/client.ts';
import type { Sdk } from './sdk.ts';
import { createSqs } from './service.ts';

const [, , directory = '', first = '0'] = process.argv;
const scope = { accountId: '000000000000', region: 'us-east-1' };
const store = openStore(join(directory, 'state.sqlite'));
const baseUrl = () => 'http://127.0.0.1:4566';
const { service } = createSqs({ store, clock: systemClock, log: silentLog, baseUrl });
const client = createClient<Sdk>('sqs', { inProcess: service });
const Attributes = { FifoQueue: 'true', VisibilityTimeout: '0' };
const { QueueUrl = '' } = await client.call('CreateQueue', { QueueName: 'q.fifo', Attributes }, scope);
for (let number = Number(first); ; number++) {
  const ids = { MessageGroupId: `group/${number % 3}`, MessageDeduplicationId: `${number}` };
  await client.call('SendMessage', { QueueUrl, MessageBody: `${number}`, ...ids }, scope);
  writeSync(1, `${number}\n`);
  if (number % 10 !== 9) continue;
  const { Messages = [] } = await client.call('ReceiveMessage', { QueueUrl, VisibilityTimeout: 60 }, scope);
  for (const { ReceiptHandle = '', Body } of Messages) {
    writeSync(1, `?${Body}\n`);
    await client.call('DeleteMessage', { QueueUrl, ReceiptHandle }, scope);
    writeSync(1, `-${Body}\n`);
  }
}
