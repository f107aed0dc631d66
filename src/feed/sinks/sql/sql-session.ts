// What both databases have in common for the sink: sessions, the description of a table, and the kinds of their errors.

import { readFile } from 'node:fs/promises';
import type { ConnectionOptions } from 'node:tls';
import { OperationalError } from '../../../kernel/errors.ts';
import type { TlsOptions } from './sql-url.ts';
import type { Statement, Syntax } from './statements.ts';
import type { TableShape } from './table-shape.ts';

/** A connection. */
export interface SqlSession {
  /** Rejects with a SqlError, or with an OperationalError when the connection is lost. */
  run(statement: Statement): Promise<Record<string, unknown>[]>;
  /** `undefined` when there is no such table. */
  describe(table: string): Promise<TableShape | undefined>;
  /** Whether it can be used for another transaction. */
  readonly isOpen: boolean;
  /** Ends it at once; what runs rejects. */
  destroy(): void;
}

/** A database's way to do things. */
export interface SqlDialect {
  syntax: Syntax;
  /** The texts of false and true. */
  booleans: readonly [string, string];
  /** Rejects with an OperationalError that never has the password. */
  connect(): Promise<SqlSession>;
}

/**
 * An error that the database answered with. `row`: one of the rows is at fault, and no other would fail with it; `later`
 * says whether the row may be written later. Other errors may be mended while the feed runs.
 */
export class SqlError extends Error {
  override readonly name = 'SqlError';
  readonly fault: 'row' | 'table';
  readonly mayPass: boolean;

  constructor(message: string, fault: 'row' | 'table', mayPass: boolean) {
    super(message);
    this.fault = fault;
    this.mayPass = mayPass;
  }
}

export const CONNECT_MS = 5_000;
/** The database gives up a statement after this long, so that a session that was cut holds no locks. */
export const STATEMENT_MS = 60_000;

export const lost = (error: unknown, what: string): OperationalError =>
  new OperationalError('CommandFailed', `${what}: ${(error as Error)?.message ?? error}`, error);

/** Options for Node's TLS. Rejects with InvalidOption when a file cannot be read. */
export async function tlsOptions(tls: TlsOptions | undefined): Promise<ConnectionOptions | undefined> {
  if (!tls) return undefined;
  const read = async (file: string | undefined) => {
    if (file === undefined) return undefined;
    try {
      return await readFile(file, 'utf8');
    } catch (error) {
      throw new OperationalError('InvalidOption', `The certificate file ${file} cannot be read.`, error);
    }
  };
  const [ca, cert, key] = await Promise.all([tls.caFile, tls.certificateFile, tls.keyFile].map(read));
  return {
    rejectUnauthorized: tls.mode !== 'require',
    ...(tls.mode !== 'verify-full' && { checkServerIdentity: () => undefined }),
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  };
}
