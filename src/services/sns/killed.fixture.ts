// A process that publishes and delivers over a store on disk and kills itself at a given moment: `node
// killed.fixture.ts DIRECTORY ENDPOINT MESSAGE WHEN`. With `sending` it dies after the endpoint has received the
// message, with `published` after Publish has answered. Without a message it delivers what is left and ends.

import { join } from 'node:path';
import { NO_QUEUES } from '../../../test/support/no-queues.ts';
import { systemClock } from '../../kernel/clock.ts';
import { silentLog } from '../../kernel/log.ts';
import { openStore } from '../../store/store.ts';
import type { LambdaClient } from './delivery/send.ts';
import type { Subscription } from './domain/model.ts';
import { openRecords } from './records.ts';
import { createSns } from './service.ts';

const [, , directory = '', endpoint = '', text = '', when = ''] = process.argv;
const scope = { accountId: '000000000000', region: 'us-east-1' };
const die = (): never => {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('killed');
};
const store = openStore(join(directory, 'state.sqlite'));
if (when === 'sending') {
  // The endpoint has the message, but the outbox has not recorded that yet.
  const prepare = store.prepare.bind(store);
  store.prepare = (sql) =>
    sql.startsWith('DELETE FROM outbox ') ? { ...prepare(sql), run: die } : prepare(sql);
}
const sns = createSns({
  ...{ store, clock: systemClock, log: silentLog, sqs: NO_QUEUES, lambda: {} as LambdaClient },
  baseUrl: () => 'http://127.0.0.1:1',
  policySecondMs: 1,
});
const records = openRecords(store);
const subscription: Subscription = {
  ...{ id: 'one', topicName: 'demo', protocol: 'http', endpoint },
  ...{ attributes: { RawMessageDelivery: 'true' }, wasAuthenticated: true },
};
records.topics.put(scope, { name: 'demo', attributes: {}, tags: {}, deletedSubscriptions: 0 });
records.subscriptions.put(scope, subscription);

if (when !== 'published') await sns.start();
if (text) {
  const TopicArn = 'arn:aws:sns:us-east-1:000000000000:demo';
  const context = { ...scope, service: 'sns', operation: 'Publish', requestId: 'test' };
  await sns.service.operations.Publish!({ TopicArn, Message: text }, context);
  if (when === 'published') die();
}
await sns.idle();
await sns.stop();
store.close();
