// MySQL and MariaDB, by the client that both have in common.

import type { Connection } from 'mysql2/promise';
import { oneLine } from '../call-failures.ts';
import {
  CONNECT_MS,
  lost,
  type SqlDialect,
  SqlError,
  type SqlSession,
  STATEMENT_MS,
  tlsOptions,
} from './sql-session.ts';
import type { SqlServer } from './sql-url.ts';
import { MYSQL } from './statements.ts';
import type { TableShape } from './table-shape.ts';

const COLUMNS = `
  SELECT COLUMN_NAME AS name, DATA_TYPE AS type, IS_NULLABLE AS isNullable, COLUMN_DEFAULT AS initial, EXTRA AS extra,
    NUMERIC_PRECISION - NUMERIC_SCALE AS digits
  FROM information_schema.COLUMNS
  WHERE TABLE_SCHEMA = COALESCE(?, DATABASE()) AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION`;

const KEYS = `
  SELECT INDEX_NAME AS name, COLUMN_NAME AS columnName, SUB_PART AS prefix
  FROM information_schema.STATISTICS
  WHERE TABLE_SCHEMA = COALESCE(?, DATABASE()) AND TABLE_NAME = ? AND NON_UNIQUE = 0
  ORDER BY INDEX_NAME, SEQ_IN_INDEX`;

export function mysql(server: SqlServer): SqlDialect {
  return { syntax: MYSQL, booleans: ['0', '1'], connect: () => connect(server) };
}

async function connect(server: SqlServer): Promise<SqlSession> {
  const tls = await tlsOptions(server.tls);
  const { createConnection } = await import('mysql2/promise');
  const where = `The database at ${server.socket ?? `${server.host}:${server.port}`}`;
  let connection: Connection;
  try {
    connection = await createConnection({
      ...(server.socket === undefined
        ? { host: server.host, port: server.port }
        : { socketPath: server.socket }),
      database: server.database,
      ...(server.user !== undefined && { user: server.user }),
      ...(server.password !== undefined && { password: server.password }),
      ...(tls && { ssl: { ...tls, verifyIdentity: server.tls!.mode === 'verify-full' } as never }),
      ...{ charset: 'utf8mb4', connectTimeout: CONNECT_MS, enableKeepAlive: true },
      // Each number of rows is a statement of its own.
      maxPreparedStatements: 64,
    });
  } catch (error) {
    throw lost(error, where);
  }
  let isOpen = true;
  const close = () => {
    isOpen = false;
  };
  connection.on('error', close);
  connection.on('end', close);
  const destroy = () => {
    close();
    connection.destroy();
  };

  async function run({ text, values }: { text: string; values: unknown[] }) {
    try {
      // Statements of transactions cannot be prepared.
      const [rows] = await (values.length === 0
        ? connection.query(text)
        : connection.execute(text, values as never));
      return (Array.isArray(rows) ? rows : []) as Record<string, unknown>[];
    } catch (error) {
      throw judged(error, where);
    }
  }

  async function describe(table: string): Promise<TableShape | undefined> {
    const parts = table.split('.');
    const values = parts.length === 1 ? [null, table] : parts;
    const columns = await run({ text: COLUMNS, values });
    if (columns.length === 0) return undefined;
    const keys = Map.groupBy(await run({ text: KEYS, values }), ({ name }) => String(name));
    const unique = [...keys].filter(([, indexed]) => indexed.every(({ prefix }) => prefix === null));
    const namesOf = (indexed: Record<string, unknown>[] = []) =>
      indexed.map(({ columnName }) => String(columnName));
    return {
      columns: new Map(columns.map((column) => [String(column.name), columnOf(column)])),
      primaryKey: namesOf(keys.get('PRIMARY')),
      uniqueKeys: unique.filter(([name]) => name !== 'PRIMARY').map(([, indexed]) => namesOf(indexed)),
    };
  }

  try {
    // Otherwise values that do not fit are cut without an error.
    await run({ text: "SET SESSION sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES')", values: [] });
    // MySQL has no limit for statements that write; MariaDB's is in seconds.
    await run({ text: `SET SESSION innodb_lock_wait_timeout = ${STATEMENT_MS / 1_000}`, values: [] });
  } catch (error) {
    destroy();
    throw lost(error, where);
  }
  return {
    ...{ run, describe, destroy },
    get isOpen() {
      return isOpen;
    },
  };
}

function columnOf({ name, type, isNullable, initial, extra, digits }: Record<string, unknown>) {
  const more = String(extra).toLowerCase();
  return {
    name: String(name),
    isRequired: isNullable === 'NO',
    // MariaDB gives the text NULL where there is none.
    hasDefault: (initial !== null && initial !== 'NULL') || more.includes('auto_increment'),
    isGenerated: /\b(virtual|stored|persistent)\b.*generated/.test(more),
    isBinary: /blob$|binary$/.test(String(type)),
    holdsSequence: type === 'decimal' && Number(digits) >= 38,
  };
}

/**
 * Errors about one row: values that do not fit, are missing or doubled, or fail a check. 1216 and 1452 are rows that refer
 * to one that may still come.
 */
const ROW_ERRORS = new Set([
  ...[1048, 1062, 1136, 1169, 1264, 1265, 1292, 1300, 1364, 1366, 1367, 1406, 1411, 1416, 1525, 1586, 1690],
  ...[1216, 1452, 3140, 3141, 3156, 3819, 3903, 4025],
]);
const MISSING_PARENT = new Set([1216, 1452]);

function judged(error: unknown, where: string): Error {
  const { errno, sqlState, fatal, message } = error as {
    errno?: number;
    sqlState?: string;
    fatal?: boolean;
    message: string;
  };
  // The client's own errors have no SQLSTATE.
  if (fatal || errno === undefined || errno < 1_000 || !sqlState) return lost(error, where);
  const isRow = ROW_ERRORS.has(errno);
  return new SqlError(
    oneLine(`${message} (error ${errno})`),
    isRow ? 'row' : 'table',
    !isRow || MISSING_PARENT.has(errno),
  );
}
