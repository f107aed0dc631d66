// PostgreSQL, by its own client.

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
import { POSTGRES, quotedTable } from './statements.ts';
import type { TableShape } from './table-shape.ts';

const COLUMNS = `
  SELECT a.attname AS name, a.attnotnull AS "isRequired", a.atthasdef AS "hasDefault",
    a.attgenerated <> '' OR a.attidentity = 'a' AS "isGenerated", a.attidentity <> '' AS "isIdentity",
    a.atttypid = 'bytea'::regtype AS "isBinary",
    a.atttypid = 'numeric'::regtype AND (a.atttypmod = -1
      OR ((a.atttypmod - 4) >> 16 & 65535) - ((a.atttypmod - 4) & 2047) >= 38) AS "holdsSequence"
  FROM pg_attribute a WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped
  ORDER BY a.attnum`;

const KEYS = `
  SELECT i.indisprimary AS "isPrimary", array_agg(a.attname::text ORDER BY k.place) AS columns
  FROM pg_index i
    CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY k(attnum, place)
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
  WHERE i.indrelid = to_regclass($1) AND i.indisunique AND i.indisvalid AND i.indpred IS NULL
    AND i.indexprs IS NULL AND k.place <= i.indnkeyatts
  GROUP BY i.indexrelid, i.indisprimary`;

export function postgres(server: SqlServer): SqlDialect {
  return { syntax: POSTGRES, booleans: ['false', 'true'], connect: () => connect(server) };
}

async function connect(server: SqlServer): Promise<SqlSession> {
  const ssl = await tlsOptions(server.tls);
  const { default: pg } = await import('pg');
  const client = new pg.Client({
    host: server.socket ?? server.host,
    ...{ port: server.port, database: server.database },
    ...(server.user !== undefined && { user: server.user }),
    ...(server.password !== undefined && { password: server.password }),
    ssl: ssl ?? false,
    ...{ connectionTimeoutMillis: CONNECT_MS, keepAlive: true, application_name: 'millpond-feed' },
    ...{ statement_timeout: STATEMENT_MS, idle_in_transaction_session_timeout: STATEMENT_MS },
  });
  let isOpen = true;
  const close = () => {
    isOpen = false;
  };
  client.on('error', close);
  client.on('end', close);
  const where = `PostgreSQL at ${server.socket ?? `${server.host}:${server.port}`}`;
  // `end` waits for the server; the socket is what holds a hung one.
  const destroy = () => {
    close();
    (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
  };
  try {
    await client.connect();
  } catch (error) {
    destroy();
    throw lost(error, where);
  }

  async function run({ text, values }: { text: string; values: unknown[] }) {
    try {
      return (await client.query(text, values)).rows as Record<string, unknown>[];
    } catch (error) {
      throw judged(error, where);
    }
  }

  async function describe(table: string): Promise<TableShape | undefined> {
    const values = [quotedTable(table, POSTGRES)];
    const columns = await run({ text: COLUMNS, values });
    if (columns.length === 0) return undefined;
    const keys = (await run({ text: KEYS, values })) as { isPrimary: boolean; columns: string[] }[];
    return {
      columns: new Map(
        columns.map(({ isIdentity, ...column }) => [
          String(column.name),
          { ...column, hasDefault: column.hasDefault || isIdentity } as never,
        ]),
      ),
      primaryKey: keys.find(({ isPrimary }) => isPrimary)?.columns ?? [],
      uniqueKeys: keys.filter(({ isPrimary }) => !isPrimary).map(({ columns: names }) => names),
    };
  }

  return {
    ...{ run, describe, destroy },
    get isOpen() {
      return isOpen;
    },
  };
}

/**
 * Classes of SQLSTATE: 21 and 22 are about values, 23 about constraints. 23503 is a row that refers to one that may still
 * come. Classes 08 and 57P are lost connections.
 */
function judged(error: unknown, where: string): Error {
  const { code, message } = error as { code?: unknown; message: string };
  if (typeof code !== 'string' || !/^[0-9A-Z]{5}$/.test(code) || /^(08|57P0)/.test(code))
    return lost(error, where);
  const isRow = /^2[123]/.test(code);
  const reason = oneLine(`${message} (SQLSTATE ${code})`);
  return new SqlError(reason, isRow ? 'row' : 'table', !isRow || code === '23503');
}
