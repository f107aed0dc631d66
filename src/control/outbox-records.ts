// Stores an outbox: a row for each entry, a row for the content that entries share, and the dead letters. The tables
// are created in store/migrate-outbox.ts.

import type { Scope } from '../aws/scope.ts';
import type { Store } from '../store/store.ts';

/** An entry as it is stored. */
export interface EntryRow {
  sequence: number;
  scope: Scope;
  lane: string;
  /** The sequence of the row with its content. */
  content: number;
  /** Milliseconds since the epoch. */
  acceptedAt: number;
  failures: number;
  notBefore: number;
}

/** An entry that was given up, and why. */
export interface DeadLetter<C> {
  /** Increases with every dead letter. */
  number: number;
  scope: Scope;
  lane: string;
  /** Milliseconds since the epoch. */
  at: number;
  attempts: number;
  reason: string;
  content: C;
  /** The result of the outbox's `describe`. */
  about: Record<string, unknown>;
}

/** Reads and writes the rows of one outbox. Callers provide the transactions. */
export class OutboxRecords<C> {
  readonly #box: string;
  readonly #statements;

  /** `box` distinguishes the rows of this outbox from those of others in the same store. */
  constructor(store: Store, box: string) {
    this.#box = box;
    this.#statements = {
      entries: store.prepare(
        `SELECT sequence, account, region, lane, content, accepted_at, failures, not_before FROM outbox
         WHERE box = ? ORDER BY sequence`,
      ),
      insert: store.prepare(
        `INSERT INTO outbox (box, account, region, lane, content, accepted_at, failures, not_before)
         VALUES (?, ?, ?, ?, ?, ?, 0, 0)`,
      ),
      failed: store.prepare('UPDATE outbox SET failures = ?, not_before = ? WHERE sequence = ?'),
      delete: store.prepare('DELETE FROM outbox WHERE sequence = ?'),
      content: store.prepare('SELECT value FROM outbox_contents WHERE sequence = ?'),
      insertContent: store.prepare('INSERT INTO outbox_contents (value) VALUES (?)'),
      deleteContent: store.prepare('DELETE FROM outbox_contents WHERE sequence = ?'),
      insertLetter: store.prepare(
        `INSERT INTO dead_letters (box, account, region, lane, at, attempts, reason, content, about)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ),
      prune: store.prepare(
        `DELETE FROM dead_letters WHERE box = ? AND number <=
           (SELECT number FROM dead_letters WHERE box = ? ORDER BY number DESC LIMIT 1 OFFSET ?)`,
      ),
      letters: store.prepare(
        `SELECT number, lane, at, attempts, reason, content, about FROM dead_letters
         WHERE box = ? AND account = ? AND region = ? ORDER BY number`,
      ),
    };
  }

  /** In the order in which they were added. */
  entries(): EntryRow[] {
    return this.#statements.entries.all(this.#box).map((row) => ({
      sequence: Number(row.sequence),
      scope: { accountId: String(row.account), region: String(row.region) },
      lane: String(row.lane),
      content: Number(row.content),
      acceptedAt: Number(row.accepted_at),
      failures: Number(row.failures),
      notBefore: Number(row.not_before),
    }));
  }

  /** Returns the sequence of the content's row. */
  addContent(content: C): number {
    return this.#statements.insertContent.run(JSON.stringify(content)).lastInsertRowid;
  }

  /** Returns the entry's sequence. */
  add({ accountId, region }: Scope, lane: string, content: number, acceptedAt: number): number {
    return this.#statements.insert.run(this.#box, accountId, region, lane, content, acceptedAt)
      .lastInsertRowid;
  }

  /** `undefined`: the row does not exist. */
  contentAt(content: number): C | undefined {
    const row = this.#statements.content.get(content);
    return row && (JSON.parse(String(row.value)) as C);
  }

  /** Records a failed attempt. `notBefore` is in milliseconds since the epoch. */
  failed(sequence: number, failures: number, notBefore: number): void {
    this.#statements.failed.run(failures, notBefore, sequence);
  }

  /** Deletes the entry. `content` is given when no other entry needs it. */
  delete(sequence: number, content?: number): void {
    this.#statements.delete.run(sequence);
    if (content !== undefined) this.#statements.deleteContent.run(content);
  }

  /** Adds a dead letter and keeps the newest `most`. */
  addLetter(letter: Omit<DeadLetter<C>, 'number'>, most: number): void {
    const { scope, lane, at, attempts, reason, content, about } = letter;
    this.#statements.insertLetter.run(
      ...[this.#box, scope.accountId, scope.region, lane, at, attempts, reason],
      ...[JSON.stringify(content), JSON.stringify(about)],
    );
    this.#statements.prune.run(this.#box, this.#box, most);
  }

  /** The dead letters of the account and region, oldest first. */
  letters(scope: Scope): DeadLetter<C>[] {
    return this.#statements.letters.all(this.#box, scope.accountId, scope.region).map((row) => ({
      number: Number(row.number),
      scope,
      lane: String(row.lane),
      at: Number(row.at),
      attempts: Number(row.attempts),
      reason: String(row.reason),
      content: JSON.parse(String(row.content)) as C,
      about: JSON.parse(String(row.about)) as Record<string, unknown>,
    }));
  }
}
