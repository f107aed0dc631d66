// Real databases for tests: PostgreSQL and MariaDB, each in a directory of its own, on a free port of loopback.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { freePort } from '../../../../test/support/free-port.ts';
import { findProgram } from '../../../../test/support/outside-clients.ts';
import { mysql } from './mysql.ts';
import { postgres } from './postgres.ts';
import type { SqlSession } from './sql-session.ts';
import { readSqlUrl } from './sql-url.ts';

/** A running database, and an own session in it. */
export interface TestDatabase {
  /** With a user and a password. */
  url: string;
  process: ChildProcess;
  sql(text: string): Promise<Record<string, unknown>[]>;
  kill(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export const PASSWORD = "s3cret/'@:";

/** PostgreSQL starts for no root: `nobody` runs it there. */
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
const asUser = isRoot ? { uid: NOBODY, gid: NOBODY } : {};

const postgresFolder = (): string | undefined => {
  const programs = [...globSync('/usr/lib/postgresql/*/bin/initdb').sort(), findProgram('initdb')];
  const found = programs.findLast((path) => path !== undefined);
  return found && dirname(found);
};
const installMariadb = findProgram('mariadb-install-db');
const mariadbd = ['/usr/sbin/mariadbd', findProgram('mariadbd')].find((path) => path && existsSync(path));

interface Kind {
  name: string;
  skip: string | false;
  scheme: string;
  prepare(directory: string): void;
  command(directory: string, port: number): [program: string, words: string[]];
  user: string;
  /** The option of the URL that names its socket. */
  socket(directory: string): string;
  /** What makes the user of the tests. */
  begin: string[];
}

const KINDS: Kind[] = [
  {
    name: 'PostgreSQL',
    skip:
      postgresFolder() === undefined &&
      'PostgreSQL is missing; `node scripts/setup.mjs --for-tests` brings it',
    ...{ scheme: 'postgres', user: 'admin' },
    socket: (directory) => `host=${directory}`,
    prepare(directory) {
      const words = [
        '-D',
        join(directory, 'data'),
        '-U',
        'admin',
        '--auth-host=scram-sha-256',
        '--auth-local=trust',
        '-E',
        'UTF8',
        '-N',
        '--no-locale',
      ];
      execFileSync(join(postgresFolder()!, 'initdb'), words, { ...asUser, cwd: directory, stdio: 'ignore' });
    },
    command: (directory, port) => [
      join(postgresFolder()!, 'postgres'),
      [
        ...['-D', join(directory, 'data'), '-p', String(port), '-h', '127.0.0.1', '-k', directory],
        ...['-c', 'fsync=off', '-c', 'full_page_writes=off', '-c', 'shared_buffers=8MB'],
      ],
    ],
    begin: [
      `CREATE ROLE feed LOGIN PASSWORD '${PASSWORD.replaceAll("'", "''")}'`,
      'CREATE DATABASE shop OWNER feed',
    ],
  },
  {
    name: 'MariaDB',
    skip:
      !(installMariadb && mariadbd) && 'MariaDB is missing; `node scripts/setup.mjs --for-tests` brings it',
    ...{ scheme: 'mariadb', user: 'root' },
    socket: (directory) => `socket=${join(directory, 'socket')}`,
    prepare(directory) {
      const words = ['--no-defaults', `--datadir=${join(directory, 'data')}`, '--skip-test-db'];
      execFileSync(installMariadb!, [...words, '--auth-root-authentication-method=normal'], {
        ...{ ...asUser, cwd: directory, stdio: 'ignore' },
      });
    },
    command: (directory, port) => [
      mariadbd!,
      [
        ...['--no-defaults', `--datadir=${join(directory, 'data')}`, '--bind-address=127.0.0.1'],
        ...[`--port=${port}`, `--socket=${join(directory, 'socket')}`, '--innodb-buffer-pool-size=8M'],
        ...['--innodb-flush-log-at-trx-commit=2', `--pid-file=${join(directory, 'pid')}`],
      ],
    ],
    begin: [
      `CREATE USER feed@'127.0.0.1' IDENTIFIED BY '${PASSWORD.replaceAll("'", "''")}'`,
      'CREATE DATABASE shop CHARACTER SET utf8mb4',
      "GRANT ALL ON shop.* TO feed@'127.0.0.1'",
    ],
  },
];

/** The databases, each with why tests of it are skipped. */
export const databases = KINDS.map((kind) => ({ ...kind, start: () => startDatabase(kind) }));

async function startDatabase(kind: Kind): Promise<TestDatabase> {
  const directory = mkdtempSync(join(tmpdir(), 'millpond-feed-sql-'));
  if (isRoot) chownSync(directory, NOBODY, NOBODY);
  const port = await freePort();
  kind.prepare(directory);
  const [program, words] = kind.command(directory, port);
  const urlFor = (login: string, database: string) =>
    `${kind.scheme}://${login}@127.0.0.1:${port}/${database}`;
  const session = async (url: string): Promise<SqlSession> => {
    const server = readSqlUrl(url);
    const dialect = server.dialect === 'postgres' ? postgres(server) : mysql(server);
    for (;;) {
      try {
        return await dialect.connect();
      } catch (error) {
        if (database.process.exitCode !== null) throw error;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  };
  const start = () => spawn(program, words, { ...asUser, cwd: directory, stdio: 'ignore' });
  const url = urlFor(`feed:${encodeURIComponent(PASSWORD)}`, 'shop');
  let own: SqlSession | undefined;
  const database: TestDatabase = {
    ...{ url, process: start() },
    async sql(text) {
      if (!own?.isOpen) own = await session(url);
      return own.run({ text, values: [] });
    },
    async kill() {
      own?.destroy();
      if (database.process.exitCode !== null || database.process.signalCode !== null) return;
      const gone = once(database.process, 'exit');
      database.process.kill('SIGCONT');
      // PostgreSQL has children, which SIGQUIT ends at once as well.
      database.process.kill(kind.scheme === 'postgres' ? 'SIGQUIT' : 'SIGKILL');
      await gone;
    },
    async restart() {
      database.process = start();
      own = await session(url);
    },
    async stop() {
      await database.kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
  try {
    const system = kind.scheme === 'postgres' ? 'postgres' : 'mysql';
    const admin = await session(`${urlFor(kind.user, system)}?${kind.socket(directory)}`);
    for (const text of kind.begin) await admin.run({ text, values: [] });
    admin.destroy();
    return database;
  } catch (error) {
    await database.stop();
    throw error;
  }
}
