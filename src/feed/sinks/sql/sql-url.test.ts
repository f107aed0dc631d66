// The URLs of databases.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { readSqlUrl } from './sql-url.ts';

it('URLs name a database, a user and TLS, in the words of both clients', () => {
  assert.deepEqual(
    readSqlUrl('postgresql://feed:p%40s@db.example/shop?sslmode=verify-full&sslrootcert=/ca.pem'),
    {
      ...{
        dialect: 'postgres',
        host: 'db.example',
        port: 5432,
        user: 'feed',
        password: 'p@s',
        database: 'shop',
      },
      tls: { mode: 'verify-full', caFile: '/ca.pem' },
    },
  );
  assert.deepEqual(readSqlUrl('mariadb://feed@[::1]:3307/shop?ssl-mode=REQUIRED'), {
    ...{ dialect: 'mysql', host: '::1', port: 3307, user: 'feed', database: 'shop' },
    tls: { mode: 'require' },
  });
  assert.deepEqual(readSqlUrl('mysql://localhost/shop?socket=/run/mysqld.sock'), {
    ...{ dialect: 'mysql', host: 'localhost', port: 3306, database: 'shop', socket: '/run/mysqld.sock' },
  });
  assert.deepEqual(readSqlUrl('mysql://h/shop?ssl-ca=/ca.pem').tls, {
    mode: 'verify-full',
    caFile: '/ca.pem',
  });
});

it('what cannot be read is refused without the URL, which may hold a password', () => {
  const cases: [url: string, reason: RegExp][] = [
    ['nonsense', /must begin with/],
    ['http://u:secret@h/db', /must begin with/],
    ['postgres://u:secret@h', /name of a database/],
    ['postgres://u:secret@h/a/b', /name of a database/],
    ['postgres://u:secret@h/db?pool=5', /the option "pool"/],
    ['postgres://u:secret@h/db?sslmode=prefer', /sslmode that is none of/],
    ['postgres://u:secret@h/db?sslmode=disable&sslrootcert=/a', /turns TLS off/],
    ['postgres://u:secret@h/db?host=relative', /no absolute path/],
    ['postgres://u:secret%zz@h/db', /percent-encoded/],
    ['postgres:///db', /no host/],
  ];
  for (const [url, reason] of cases) {
    assert.throws(
      () => readSqlUrl(url),
      (error: Error & { code?: string }) => {
        assert.equal(error.code, 'InvalidOption', url);
        assert.match(error.message, reason);
        assert.doesNotMatch(error.message, /secret/);
        return true;
      },
    );
  }
});
