// The URL of a SQL database: `postgres://`, `mysql://` or `mariadb://`, with TLS by its options. Pure.

import { OperationalError } from '../../../kernel/errors.ts';

/** How the server's certificate is checked: not at all, by its issuer, or by its issuer and its name. */
export type TlsMode = 'require' | 'verify-ca' | 'verify-full';

/** Files in PEM that TLS needs. */
export interface TlsOptions {
  mode: TlsMode;
  caFile?: string;
  certificateFile?: string;
  keyFile?: string;
}

/** A database and how to get in. Holds the password. */
export interface SqlServer {
  dialect: 'postgres' | 'mysql';
  host: string;
  port: number;
  /** Instead of host and port: of MySQL the socket, of PostgreSQL the directory that it is in. */
  socket?: string;
  user?: string;
  password?: string;
  database: string;
  tls?: TlsOptions;
}

const DIALECTS: Readonly<Record<string, { dialect: SqlServer['dialect']; port: number }>> = {
  'postgres:': { dialect: 'postgres', port: 5432 },
  'postgresql:': { dialect: 'postgres', port: 5432 },
  'mysql:': { dialect: 'mysql', port: 3306 },
  'mariadb:': { dialect: 'mysql', port: 3306 },
};

/** Names of one option: libpq's, and those of MySQL's client. */
const OPTIONS: Readonly<Record<string, 'mode' | 'caFile' | 'certificateFile' | 'keyFile' | 'socket'>> = {
  sslmode: 'mode',
  'ssl-mode': 'mode',
  sslrootcert: 'caFile',
  'ssl-ca': 'caFile',
  sslcert: 'certificateFile',
  'ssl-cert': 'certificateFile',
  sslkey: 'keyFile',
  'ssl-key': 'keyFile',
  host: 'socket',
  socket: 'socket',
};

const MODES: Readonly<Record<string, TlsMode | 'disable'>> = {
  disable: 'disable',
  disabled: 'disable',
  require: 'require',
  required: 'require',
  'verify-ca': 'verify-ca',
  verify_ca: 'verify-ca',
  'verify-full': 'verify-full',
  verify_identity: 'verify-full',
};

/** Throws InvalidOption with a message that never has the URL, which may hold a password. */
export function readSqlUrl(text: string): SqlServer {
  const url = URL.parse(text);
  const { dialect, port } = DIALECTS[url?.protocol ?? ''] ?? {};
  if (!url || !dialect || !port) throw invalid('must begin with postgres://, mysql:// or mariadb://');
  const database = decoded(url.pathname.slice(1));
  if (database === '' || database.includes('/')) throw invalid('must end with the name of a database');
  const options: { [K in (typeof OPTIONS)[string]]?: string } = {};
  for (const [name, value] of url.searchParams) {
    const option = OPTIONS[name.toLowerCase()];
    if (!option) throw invalid(`has the option ${JSON.stringify(name)}, which there is not`);
    options[option] = value;
  }
  const { socket } = options;
  if (socket !== undefined && !socket.startsWith('/'))
    throw invalid('names a socket that is no absolute path');
  if (url.hostname === '' && socket === undefined) throw invalid('has no host');
  const tls = tlsOf(options);
  return {
    ...{ dialect, database, port: url.port === '' ? port : Number(url.port) },
    host: decoded(url.hostname.replace(/^\[(.*)\]$/, '$1')),
    ...(socket !== undefined && { socket }),
    ...(url.username !== '' && { user: decoded(url.username) }),
    ...(url.password !== '' && { password: decoded(url.password) }),
    ...(tls && { tls }),
  };
}

function tlsOf(options: Partial<Record<'mode' | 'caFile' | 'certificateFile' | 'keyFile', string>>) {
  const { mode: text, caFile, certificateFile, keyFile } = options;
  const files = {
    ...(caFile !== undefined && { caFile }),
    ...(certificateFile !== undefined && { certificateFile }),
    ...(keyFile !== undefined && { keyFile }),
  };
  const hasFiles = Object.keys(files).length > 0;
  // Who names certificates wants them checked.
  const mode = text === undefined ? (hasFiles ? 'verify-full' : 'disable') : MODES[text.toLowerCase()];
  if (!mode) throw invalid('has a sslmode that is none of disable, require, verify-ca and verify-full');
  if (mode !== 'disable') return { mode, ...files } satisfies TlsOptions;
  if (hasFiles) throw invalid('names certificates and turns TLS off');
  return undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid('is not percent-encoded');
  }
}

const invalid = (what: string) =>
  new OperationalError('InvalidOption', `The URL of the feed's database ${what}.`);
