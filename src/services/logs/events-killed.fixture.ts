// A program that stores log events and kills itself: `node events-killed.fixture.ts DIRECTORY WHEN TEXT…`. Each text is
// one event, stored `COPIES` times. It prints a line after each acknowledgement. `acknowledged`: it dies after the last
// one. `before commit`: it dies when the last event is in the file and its transaction is not committed. `settling`: it
// dies while closed segments are settled. `read`: it prints the stored texts and ends.

import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../kernel/clock.ts';
import { openStore } from '../../store/store.ts';
import { createClient } from '../../wire/client.ts';
import type { Sdk } from './sdk.ts';
import { createLogs } from './service.ts';

const [, , directory = '', when = '', ...texts] = process.argv;
const SCOPE = { accountId: '000000000000', region: 'us-east-1' };
const NAMES = { logGroupName: 'g', logStreamName: 's' };
/** So much that a few texts fill a segment. */
const COPIES = 8;
const PADDING = '.'.repeat(100_000);

const store = openStore(join(directory, 'state.sqlite'));
const logs = createLogs({ store, clock: systemClock, directory: join(directory, 'logs') });
await logs.start();
const client = createClient<Sdk>('logs', { inProcess: logs.service });
const die = () => process.kill(process.pid, 'SIGKILL');

if (when === 'read') {
  const counts = new Map<string, number>();
  let nextToken: string | undefined;
  do {
    const page = await client.call('FilterLogEvents', { ...NAMES, nextToken }, SCOPE);
    for (const event of page.events!) {
      const [text = ''] = event.message!.split('.');
      counts.set(text, (counts.get(text) ?? 0) + 1);
    }
    nextToken = page.nextToken;
  } while (nextToken);
  for (const [text, count] of counts) writeSync(1, `${text} ${count / COPIES}\n`);
  await logs.stop();
  store.close();
} else {
  if (texts[0] === 'first') {
    await client.call('CreateLogGroup', { logGroupName: 'g' }, SCOPE);
    await client.call('CreateLogStream', NAMES, SCOPE);
  }
  for (const [index, text] of texts.entries()) {
    const isLast = index === texts.length - 1;
    const timestamp = Date.now();
    const logEvents = Array.from({ length: COPIES }, () => ({ timestamp, message: text + PADDING }));
    if (isLast && when === 'before commit') {
      store.transaction(() => {
        // The handler does its work before its answer is awaited.
        void client.call('PutLogEvents', { ...NAMES, logEvents }, SCOPE);
        die();
      });
    }
    await client.call('PutLogEvents', { ...NAMES, logEvents }, SCOPE);
    writeSync(1, `${text} 1\n`);
  }
  if (when === 'settling') setTimeout(die, Number(process.env.DIES_AFTER_MS));
  else die();
}
