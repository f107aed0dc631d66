// Writes rows into a SQL table by their key: one transaction for each delivery.

import type { Target } from '../../configuration/configuration.ts';
import type { Failure, Message, Sink } from '../../sink.ts';
import { allFailed, oneLine, untilAborted } from '../call-failures.ts';
import { identityOf, placeRows } from '../rows.ts';
import { mysql } from './mysql.ts';
import { postgres } from './postgres.ts';
import { SqlError, type SqlSession } from './sql-session.ts';
import { readSqlUrl } from './sql-url.ts';
import { type Statement, statementsFor } from './statements.ts';
import { type BoundRow, bindRow, objectionToTable, type TableUse } from './table-shape.ts';

type SqlTarget = Extract<Target, { kind: 'sql' }>;

/** Statements have a bounded size in MySQL: 16 MB by default. */
const MOST_BYTES = 8 * 1024 * 1024;
const MOST_ROWS = 500;
/** Sessions that are kept for the next delivery; a feed delivers at most ten times at once. */
const MOST_IDLE = 10;

const sqlStatement = (text: string): Statement => ({ text, values: [] });

/**
 * With `sequenceColumn` an older sequence never replaces a newer one. A delete leaves no trace, so writes of a key that are
 * delivered again after a crash may restore a deleted row until its delete follows. Throws InvalidOption for a URL that
 * cannot be read.
 */
export function createSqlSink(target: SqlTarget): Sink {
  const { table, sequenceColumn } = target;
  const server = readSqlUrl(target.url);
  const dialect = server.dialect === 'postgres' ? postgres(server) : mysql(server);
  const namedKey = Object.keys(target.row.key);
  const idle: SqlSession[] = [];
  let isClosed = false;
  let use: TableUse | undefined;

  async function withSession<T>(signal: AbortSignal, work: (session: SqlSession) => Promise<T>): Promise<T> {
    let session = idle.pop();
    while (session && !session.isOpen) session = idle.pop();
    const connected = session === undefined;
    session ??= await dialect.connect();
    const current = session;
    const cut = () => current.destroy();
    signal.addEventListener('abort', cut, { once: true });
    try {
      // MySQL's client never settles what a destroyed session was asked.
      return await untilAborted(work(current), signal, `The table ${table}`);
    } catch (error) {
      // The server may have closed a session that was idle, e.g. because it was started again.
      if (!connected && !(error instanceof SqlError)) for (const other of idle.splice(0)) other.destroy();
      if (!(error instanceof SqlError)) current.destroy();
      throw error;
    } finally {
      signal.removeEventListener('abort', cut);
      if (current.isOpen && !isClosed && idle.length < MOST_IDLE) idle.push(current);
      else current.destroy();
    }
  }

  /** Rejects with a SqlError when the feed cannot use the table. */
  async function useOf(session: SqlSession): Promise<TableUse> {
    if (use) return use;
    const shape = await session.describe(table);
    if (!shape) throw new SqlError(`There is no table ${table} in ${server.database}.`, 'table', true);
    const read: TableUse = {
      shape,
      key: namedKey.length > 0 ? namedKey : shape.primaryKey,
      ...(sequenceColumn !== undefined && { sequenceColumn }),
      ...(target.row.columns && { named: Object.keys(target.row.columns) }),
    };
    const objection = objectionToTable(read);
    if (objection) throw new SqlError(`The table ${table} cannot be written: ${objection}.`, 'table', true);
    return (use = read);
  }

  /** All of them or none. */
  async function write(
    session: SqlSession,
    rows: readonly BoundRow[],
    key: readonly string[],
  ): Promise<void> {
    const options = {
      table,
      key,
      syntax: dialect.syntax,
      ...(sequenceColumn !== undefined && { sequence: sequenceColumn }),
    };
    await session.run(sqlStatement('BEGIN'));
    try {
      for (const statement of statementsFor(rows, options)) await session.run(statement);
      await session.run(sqlStatement('COMMIT'));
    } catch (error) {
      if (error instanceof SqlError) await session.run(sqlStatement('ROLLBACK'));
      throw error;
    }
  }

  /** Halves what fails because of one row, until that row is alone. */
  async function writeWithout(
    session: SqlSession,
    rows: readonly BoundRow[],
    key: readonly string[],
  ): Promise<Failure[]> {
    try {
      if (rows.length > 0) await write(session, rows, key);
      return [];
    } catch (error) {
      if (!(error instanceof SqlError && error.fault === 'row')) throw error;
      if (rows.length === 1)
        return [{ index: rows[0]!.row.index, mayRetry: error.mayPass, reason: error.message }];
      const middle = Math.ceil(rows.length / 2);
      return [
        ...(await writeWithout(session, rows.slice(0, middle), key)),
        ...(await writeWithout(session, rows.slice(middle), key)),
      ];
    }
  }

  async function deliverBy(session: SqlSession, messages: readonly Message[]): Promise<Failure[]> {
    const current = await useOf(session);
    const { rows, misplaced } = placeRows(messages, current.key, namedKey.length > 0);
    const failures: Failure[] = misplaced.map((one) => ({ ...one, mayRetry: false }));
    const bound: BoundRow[] = [];
    for (const row of rows) {
      const one = bindRow(row, current, dialect.booleans);
      if (typeof one === 'string') failures.push({ index: row.index, mayRetry: false, reason: one });
      else bound.push(one);
    }
    // The same order in every transaction, so that two of them do not wait for each other.
    const identities = new Map(bound.map((one) => [one, identityOf(one.row.key)]));
    bound.sort((one, other) => (identities.get(one)! < identities.get(other)! ? -1 : 1));
    failures.push(...(await writeWithout(session, bound, current.key)));
    return failures;
  }

  return {
    name: `sql ${table} in ${server.database}`,
    limits: { messages: MOST_ROWS, bytes: MOST_BYTES },
    async deliver(messages, signal) {
      try {
        const failures = await withSession(signal, (session) => deliverBy(session, messages));
        // A column may be added meanwhile.
        if (failures.length > 0) use = undefined;
        return failures.sort((one, other) => one.index - other.index);
      } catch (error) {
        use = undefined;
        if (!(error instanceof SqlError)) throw error;
        return allFailed(messages, { mayRetry: error.mayPass, reason: oneLine(error.message) });
      }
    },
    async close() {
      isClosed = true;
      for (const session of idle.splice(0)) session.destroy();
    },
  };
}
