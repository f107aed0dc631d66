// The sink of SQL tables, against real databases.

import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { Message, Row } from '../../sink.ts';
import { patient, rowMessage } from '../sinks.fixture.ts';
import { databases, PASSWORD, type TestDatabase } from './databases.fixture.ts';
import { createSqlSink } from './sql-sink.ts';

type Target = Partial<Parameters<typeof createSqlSink>[0]>;

/** A row as it comes without named columns: the key is in the column `key`. */
const row = (key: string, columns: Row['columns'] = {}, more: Partial<Message> = {}) =>
  rowMessage({ key }, columns, more);

for (const { name, skip, scheme, start } of databases) {
  describe(name, { skip }, () => {
    let database: TestDatabase;
    const isPostgres = scheme === 'postgres';
    const quote = (text: string) => (isPostgres ? `"${text}"` : `\`${text}\``);

    before(async () => {
      database = await start();
    });
    after(() => database?.stop());

    function sinkOf(test: TestContext, table: string, more: Target = {}) {
      const sink = createSqlSink({ kind: 'sql', url: database.url, table, row: { key: {} }, ...more });
      test.after(() => sink.close());
      return sink;
    }

    it('rows are written by the primary key, and hold what the hash holds now', async (context) => {
      await database.sql(`CREATE TABLE carts (id varchar(100) PRIMARY KEY, total numeric(10,2), note text,
        made varchar(10) DEFAULT 'own' NOT NULL)`);
      const sink = sinkOf(context, 'carts');
      const many = Array.from({ length: 450 }, (_, index) => row(`cart:${index}`, { total: String(index) }));
      assert.deepEqual(await sink.deliver(many, patient()), []);
      assert.deepEqual(
        await sink.deliver(
          [
            row('cart:0', { note: 'it’s "new" \\ 😀' }),
            row('cart:1', { total: 7.5, note: 'x', made: 'fed' }),
            row('cart:2', {}, { kind: 'delete' }),
            row('cart:3', {}),
            row('cart:3', {}, { kind: 'delete' }),
          ],
          patient(),
        ),
        [],
      );
      const rows = await database.sql('SELECT * FROM carts ORDER BY length(id), id LIMIT 3');
      assert.deepEqual(
        rows.map((one) => ({ ...one })),
        [
          { id: 'cart:0', total: null, note: 'it’s "new" \\ 😀', made: 'own' },
          { id: 'cart:1', total: '7.50', note: 'x', made: 'fed' },
          { id: 'cart:4', total: '4.00', note: null, made: 'own' },
        ],
      );
      assert.equal((await database.sql('SELECT 1 FROM carts')).length, 448);
    });

    it('an older sequence never replaces a newer one, nor deletes it', async (context) => {
      await database.sql('CREATE TABLE ordered (id int PRIMARY KEY, n int, seq numeric(38))');
      await database.sql('INSERT INTO ordered VALUES (9, 0, NULL)');
      const sink = sinkOf(context, 'ordered', { sequenceColumn: 'seq' });
      const large = 9n * 10n ** 37n;
      const at = async (sequence: bigint, n: string, kind: Message['kind'] = 'write', id = '1') =>
        assert.deepEqual(
          await sink.deliver(
            [row(id, kind === 'delete' ? {} : { n }, { sequence: String(sequence), kind })],
            patient(),
          ),
          [],
        );
      const shown = async () =>
        (await database.sql('SELECT id, n FROM ordered ORDER BY id')).map(({ id, n }) => [id, n]);
      await at(large + 2n, '2');
      await at(large + 1n, '1');
      await at(large + 2n, '22');
      await at(large + 1n, '', 'delete');
      await at(5n, '9', 'write', '9');
      assert.deepEqual(await shown(), [
        [1, 2],
        [9, 9],
      ]);
      await at(large + 3n, '3');
      await at(large + 4n, '', 'delete', '9');
      assert.deepEqual(await shown(), [[1, 3]]);
    });

    it('a row that the table cannot have fails for good and alone', async (context) => {
      await database.sql('CREATE TABLE parents (id int PRIMARY KEY)');
      await database.sql(`CREATE TABLE strict_rows (id varchar(5) PRIMARY KEY, n int, need varchar(3) NOT NULL,
        parent int, FOREIGN KEY (parent) REFERENCES parents (id))`);
      const sink = sinkOf(context, 'strict_rows');
      const failures = await sink.deliver(
        [
          row('a', { need: 'x' }),
          row('b', { need: 'x', n: 'many' }),
          row('c', {}),
          row('d', { need: 'long' }),
          row('e', { need: 'x', colour: 'red' }),
          row('toolong', { need: 'x' }),
          row('f', { need: 'x', parent: '5' }),
          row('g', { need: 'x', n: Buffer.from([0xff]) }),
          row('h', { need: 'x', n: '9999999999' }),
          row('i', { need: 'y' }),
        ],
        patient(),
      );
      assert.deepEqual(
        failures.map(({ index, mayRetry }) => [index, mayRetry]),
        [1, 2, 3, 4, 5, 6, 7, 8].map((index) => [index, index === 6]),
      );
      assert.equal(failures[3]!.reason, 'The table has no column colour.');
      assert.deepEqual(
        (await database.sql('SELECT id FROM strict_rows ORDER BY id')).map(({ id }) => id),
        ['a', 'i'],
      );
      // What may be mended is: a column that is added, a row that is referred to.
      await database.sql('ALTER TABLE strict_rows ADD colour varchar(10)');
      await database.sql('INSERT INTO parents VALUES (5)');
      assert.deepEqual(
        await sink.deliver(
          [row('e', { need: 'x', colour: 'red' }), row('f', { need: 'x', parent: '5' })],
          patient(),
        ),
        [],
      );
    });

    it('names may be any text, keys have several columns, and values every type', async (context) => {
      const [table, column] = [`odd ${isPostgres ? '"' : '`'}name;--`, 'select" `x'];
      const quoted = (text: string) =>
        isPostgres ? `"${text.replaceAll('"', '""')}"` : `\`${text.replaceAll('`', '``')}\``;
      const bytes = isPostgres ? 'bytea' : 'varbinary(20)';
      await database.sql(`CREATE TABLE ${quoted(table)} (a ${bytes}, b int, ${quoted(column)} text, flag boolean,
        doc ${isPostgres ? 'jsonb' : 'json'}, raw ${bytes}, PRIMARY KEY (a, b))`);
      const sink = sinkOf(context, table, {
        row: { key: { b: '$.b', a: '$.a' }, columns: { [column]: '', flag: '', doc: '', raw: '' } },
      });
      const message = rowMessage(
        { a: Buffer.from([0, 255]), b: '1' },
        {
          [column]: 'x',
          flag: true,
          doc: { list: [1, 'two', null, 2n ** 60n], bytes: Buffer.from('b') },
          raw: '\\x',
        },
      );
      assert.deepEqual(await sink.deliver([message], patient()), []);
      const [stored] = await database.sql(`SELECT * FROM ${quoted(table)}`);
      assert.deepEqual(stored!.a, Buffer.from([0, 255]));
      assert.deepEqual(
        [stored![column], Boolean(stored!.flag), stored!.raw],
        ['x', true, Buffer.from('\\x')],
      );
      const doc = typeof stored!.doc === 'string' ? JSON.parse(stored!.doc) : stored!.doc;
      assert.deepEqual(doc, { list: [1, 'two', null, String(2n ** 60n)], bytes: 'Yg==' });
      const gone = rowMessage({ a: Buffer.from([0, 255]), b: '1' }, {}, { kind: 'delete' });
      assert.deepEqual(await sink.deliver([gone], patient()), []);
      assert.deepEqual(await database.sql(`SELECT * FROM ${quoted(table)}`), []);
    });

    it('a table that cannot be used is named with the reason, and used once it can be', async (context) => {
      const reasonOf = async (table: string, more: Target = {}) => {
        const [failure] = await sinkOf(context, table, more).deliver([row('a')], patient());
        assert.equal(failure?.mayRetry, true);
        return failure!.reason;
      };
      await database.sql('CREATE TABLE keyless (id int, seq varchar(9))');
      await database.sql('CREATE TABLE keyed (id int PRIMARY KEY, seq numeric(37))');
      assert.equal(await reasonOf('missing'), 'There is no table missing in shop.');
      assert.match(await reasonOf('keyless'), /has no primary key, and the feed names no key/);
      const named = { row: { key: { id: '$.key' } } };
      assert.match(await reasonOf('keyless', named), /has no unique index of id/);
      assert.match(await reasonOf('keyed', { sequenceColumn: 'seq' }), /seq is no decimal of 38 digits/);
      assert.match(await reasonOf('keyed', { sequenceColumn: 'sequence' }), /has no column sequence/);
      const sink = sinkOf(context, 'late');
      assert.equal((await sink.deliver([row('a')], patient())).length, 1);
      await database.sql(`CREATE TABLE late (${quote('id')} varchar(9) PRIMARY KEY)`);
      assert.deepEqual(await sink.deliver([row('a'), row('b')], patient()), []);
      assert.deepEqual(await sink.deliver([row('a')], patient()), []);
    });

    it('a wrong password is a reason that does not have it', async (context) => {
      const url = database.url.replace(encodeURIComponent(PASSWORD), 'wrong-one');
      const sink = sinkOf(context, 'carts', { url });
      const delivery = sink.deliver([row('a')], patient());
      await assert.rejects(delivery, (error: Error) => {
        assert.match(error.message, /denied|authentication failed/);
        assert.doesNotMatch(error.message, /wrong-one/);
        return true;
      });
      assert.doesNotMatch(sink.name, /wrong-one|feed:/);
    });

    it('deliveries at the same time do not hinder each other', async (context) => {
      await database.sql('CREATE TABLE busy (id varchar(9) PRIMARY KEY, n int)');
      const sink = sinkOf(context, 'busy');
      const batch = (n: number) =>
        Array.from({ length: 50 }, (_, index) => row(`k${(index * 7 + n) % 50}`, { n }));
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, (_, n) => sink.deliver(batch(n), patient())),
      );
      assert.deepEqual(outcomes.flat(), []);
      assert.equal((await database.sql('SELECT 1 FROM busy')).length, 50);
    });

    it('a database that hangs is cut off, and one that was gone is written again', async (context) => {
      await database.sql('CREATE TABLE waiting (id varchar(9) PRIMARY KEY)');
      const sink = sinkOf(context, 'waiting');
      assert.deepEqual(await sink.deliver([row('a')], patient()), []);
      // Another transaction holds the row.
      await database.sql('BEGIN');
      await database.sql("DELETE FROM waiting WHERE id = 'a'");
      const limit = new AbortController();
      const delivery = sink.deliver([row('a')], limit.signal);
      setTimeout(() => limit.abort(), 50);
      await assert.rejects(delivery, { code: 'TimedOut' });
      await database.sql('ROLLBACK');
      assert.deepEqual(await sink.deliver([row('b')], patient()), []);

      await database.kill();
      await assert.rejects(sink.deliver([row('c')], patient()), { name: 'OperationalError' });
      await assert.rejects(sink.deliver([row('c')], patient()), { name: 'OperationalError' });
      await database.restart();
      assert.deepEqual(await sink.deliver([row('c')], patient()), []);
      assert.deepEqual(
        (await database.sql('SELECT id FROM waiting ORDER BY id')).map(({ id }) => id),
        ['a', 'b', 'c'],
      );
    });
  });
}
