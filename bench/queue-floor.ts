// The floor of the queues' benchmark: bare node:http over bare node:sqlite, with the settings of Millpond's store. A
// request to /send inserts a row, one to any other path takes the oldest and hides it.

import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const HIDDEN_MS = 300_000;
const directory = mkdtempSync(join(tmpdir(), 'millpond-bench-queue-'));
const database = new DatabaseSync(join(directory, 'queue.sqlite'));
database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
  CREATE TABLE messages (due INTEGER NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (due, id)) WITHOUT ROWID`);
const insert = database.prepare('INSERT INTO messages VALUES (?, ?, ?)');
const first = database.prepare('SELECT due, id, body FROM messages WHERE due <= ? ORDER BY due LIMIT 1');
const remove = database.prepare('DELETE FROM messages WHERE due = ? AND id = ?');

function take(): unknown {
  const message = first.get(Date.now()) as { due: number; id: string; body: string } | undefined;
  if (!message) return {};
  database.exec('BEGIN');
  remove.run(message.due, message.id);
  insert.run(Date.now() + HIDDEN_MS, message.id, message.body);
  database.exec('COMMIT');
  return { Messages: [message] };
}

function send(text: string): unknown {
  const { MessageBody } = JSON.parse(text);
  const id = randomUUID();
  insert.run(Date.now(), id, MessageBody);
  return { MessageId: id };
}

const server = createServer((request, response) => {
  let text = '';
  request.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  request.on('end', () => {
    const body = JSON.stringify(request.url === '/send' ? send(text) : take());
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(body);
  });
});
server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port));
process.once('disconnect', () => {
  database.close();
  rmSync(directory, { recursive: true, force: true });
  process.exit();
});
