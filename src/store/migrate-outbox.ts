// A step of migrations.ts: moves waiting notifications, deliveries and events from the documents of each service to the
// tables of control/outbox.ts.

import type { DatabaseSync } from 'node:sqlite';

const TABLES = `
  CREATE TABLE outbox (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    box TEXT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL, lane TEXT NOT NULL, content INTEGER NOT NULL,
    accepted_at INTEGER NOT NULL, failures INTEGER NOT NULL, not_before INTEGER NOT NULL
  );
  CREATE TABLE outbox_contents (sequence INTEGER PRIMARY KEY AUTOINCREMENT, value TEXT NOT NULL);
  CREATE TABLE dead_letters (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    box TEXT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL, lane TEXT NOT NULL,
    at INTEGER NOT NULL, attempts INTEGER NOT NULL, reason TEXT NOT NULL, content TEXT NOT NULL, about TEXT NOT NULL
  );
  CREATE INDEX dead_letters_by_box ON dead_letters (box, number);`;

interface Place {
  account: string;
  region: string;
  id: string;
}

// biome-ignore lint/suspicious/noExplicitAny: documents of several kinds, as they were
type Old = any;

const OLD_KINDS = [
  'elasticache/notification',
  'sns/delivery',
  'sns/message',
  'sns/dead-letter',
  'lambda/event',
];

/** Creates the outbox tables, copies what waits, and deletes the old documents. */
export function moveToOutbox(database: DatabaseSync): void {
  database.exec(TABLES);
  const contentOf = database.prepare('INSERT INTO outbox_contents (value) VALUES (?)');
  const entry = database.prepare(
    `INSERT INTO outbox (box, account, region, lane, content, accepted_at, failures, not_before)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const letter = database.prepare(
    `INSERT INTO dead_letters (box, account, region, lane, at, attempts, reason, content, about)
     VALUES ('sns', ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const store = (content: unknown) => Number(contentOf.run(JSON.stringify(content)).lastInsertRowid);

  for (const { account, region, value } of documents(database, 'elasticache/notification')) {
    const { groupId, topicArn, text, at, failures } = value;
    entry.run('elasticache', account, region, groupId, store({ topicArn, text }), at, failures, 0);
  }
  const messages = new Map<string, { sequence: number; at: number }>();
  for (const { id, value } of documents(database, 'sns/message')) {
    messages.set(id, { sequence: store(value), at: value.at });
  }
  for (const { account, region, value } of documents(database, 'sns/delivery')) {
    const { messageId, topicName, subscriptionId, failures, notBefore } = value;
    const message = messages.get(messageId);
    if (!message) continue;
    const lane = `${topicName}:${subscriptionId}`;
    entry.run('sns', account, region, lane, message.sequence, message.at, failures, notBefore);
  }
  const letters = [...documents(database, 'sns/dead-letter')];
  for (const { account, region, value } of letters.sort((a, b) => a.value.number - b.value.number)) {
    const { subscriptionArn, endpoint, targetArn, at, attempts, reason, message } = value;
    const lane = subscriptionArn.split(':').slice(-2).join(':');
    const about = JSON.stringify({ subscriptionArn, endpoint, ...(targetArn && { targetArn }) });
    letter.run(account, region, lane, at, attempts, reason, JSON.stringify(message), about);
  }
  for (const { account, region, value } of documents(database, 'lambda/event')) {
    const { functionName, failures, acceptedAt, notBefore, requestId, qualifier, payload } = value;
    const content = { requestId, ...(qualifier !== undefined && { qualifier }), payload };
    entry.run('lambda', account, region, functionName, store(content), acceptedAt, failures, notBefore);
  }
  for (const table of ['documents', 'document_keys', 'document_indexes']) {
    const forget = database.prepare(`DELETE FROM ${table} WHERE kind = ?`);
    for (const kind of OLD_KINDS) forget.run(kind);
  }
}

function* documents(database: DatabaseSync, kind: string): Generator<Place & { value: Old }> {
  const read = database.prepare(
    'SELECT account, region, id, value FROM documents WHERE kind = ? ORDER BY account, region, id',
  );
  for (const { account, region, id, value } of read.all(kind)) {
    yield {
      account: String(account),
      region: String(region),
      id: String(id),
      value: JSON.parse(String(value)),
    };
  }
}
