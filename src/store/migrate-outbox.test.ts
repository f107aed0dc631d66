// Notifications, deliveries and events of earlier versions continue where they were.

import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { it } from 'node:test';
import { moveToOutbox } from './migrate-outbox.ts';
import { migrate, STEPS } from './migrations.ts';

it('waiting messages move to the outboxes, and the old documents are deleted', () => {
  const database = new DatabaseSync(':memory:');
  migrate(database, STEPS.slice(0, STEPS.indexOf(moveToOutbox)));
  const insert = database.prepare('INSERT INTO documents VALUES (?, ?, ?, ?, ?)');
  const put = (kind: string, id: string, value: object) =>
    insert.run(kind, '000000000000', 'us-east-1', id, JSON.stringify(value));
  put('elasticache/notification', 'demo 2', {
    groupId: 'demo',
    topicArn: 't',
    text: 'n',
    at: 5,
    failures: 1,
  });
  const message = { id: 'm', at: 7, text: 'hello' };
  put('sns/message', 'm', message);
  for (const id of ['x', 'y']) {
    const subscription = { topicName: 'demo', subscriptionId: id };
    put('sns/delivery', `demo:${id} 1`, { ...subscription, messageId: 'm', failures: 2, notBefore: 9 });
  }
  put('sns/delivery', 'demo:z 1', { topicName: 'demo', subscriptionId: 'z', messageId: 'gone' });
  const letter = { endpoint: 'e', attempts: 3, reason: 'r', message };
  const subscriptionArn = 'arn:aws:sns:us-east-1:000000000000:demo:x';
  put('sns/dead-letter', '0', { ...letter, number: 100, subscriptionArn, at: 2 });
  put('sns/dead-letter', '99', { ...letter, number: 99, subscriptionArn, at: 1 });
  const event = { requestId: 'r', functionName: 'f', qualifier: 'live', payload: 'e30=' };
  put('lambda/event', 'r', { ...event, failures: 1, acceptedAt: 11, notBefore: 12 });
  put('lambda/function', 'f', { latest: { layers: [] }, versions: {} });
  migrate(database);

  const entries = database.prepare(
    `SELECT box, lane, value, accepted_at, failures, not_before
     FROM outbox JOIN outbox_contents ON content = outbox_contents.sequence ORDER BY outbox.sequence`,
  );
  assert.deepEqual(
    entries.all().map((row) => Object.values(row)),
    [
      ['elasticache', 'demo', '{"topicArn":"t","text":"n"}', 5, 1, 0],
      ['sns', 'demo:x', JSON.stringify(message), 7, 2, 9],
      ['sns', 'demo:y', JSON.stringify(message), 7, 2, 9],
      ['lambda', 'f', '{"requestId":"r","qualifier":"live","payload":"e30="}', 11, 1, 12],
    ],
  );
  const letters = database
    .prepare('SELECT lane, at, attempts, about FROM dead_letters ORDER BY number')
    .all();
  assert.deepEqual(
    letters.map((row) => Object.values(row)),
    [1, 2].map((at) => ['demo:x', at, 3, JSON.stringify({ subscriptionArn, endpoint: 'e' })]),
  );
  assert.deepEqual(
    database
      .prepare('SELECT kind FROM documents')
      .all()
      .map(({ kind }) => kind),
    ['lambda/function'],
  );
});
