// The messages that mappings make of changes: which changes they take, records, rows, and the article's events.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Change } from '../change.ts';
import type { Mapping } from '../configuration/configuration.ts';
import type { Message } from '../sink.ts';
import { change, deliveryOf, hash, mapping, scriptedSink, sourceOf } from './delivery.fixture.ts';
import { laneOf, recordOf } from './record.ts';
import { compileRoute } from './route.ts';

const bytes = (...all: number[]) => Buffer.from(all);
const command = (...words: string[]) => words.map((word) => Buffer.from(word));
const route = (more: Partial<Mapping>) => compileRoute(mapping(more), 1_000_000);
const table = (row: object, more: Partial<Mapping> = {}) =>
  route({ ...more, target: { kind: 'dynamodb', table: 'Carts', row: { key: {}, ...row } } });
const cart = change('cart:1', {
  sequence: '7',
  shard: '0001',
  at: 5,
  command: command('HSET', 'cart:1', 'b', '1'),
  value: hash({ b: '1', a: 'x' }),
});

const flush = change('', { kind: 'delete', command: command('FLUSHALL', 'ASYNC'), value: { type: 'none' } });

describe('the record of a change', () => {
  it('has the command and the value as they are', () => {
    assert.deepEqual(recordOf(cart), {
      ...{
        sequence: '7',
        cache: 'shop',
        shard: '0001',
        database: 0,
        key: 'cart:1',
        eventName: 'write',
        at: 5,
      },
      command: ['HSET', 'cart:1', 'b', '1'],
      type: 'hash',
      value: { b: '1', a: 'x' },
    });
  });

  it('has what is no text in base64, and says so', () => {
    const raw = change('x', {
      key: bytes(0xff),
      command: [Buffer.from('SET'), bytes(0xff), Buffer.from('é')],
      value: { type: 'list', elements: [Buffer.from('a'), bytes(0xc3)] },
    });
    const { key, keyEncoding, command: words, commandEncoding, value, valueEncoding } = recordOf(raw);
    assert.deepEqual([key, keyEncoding], ['/w==', 'base64']);
    assert.deepEqual([words, commandEncoding], [['U0VU', '/w==', 'w6k='], 'base64']);
    assert.deepEqual([value, valueEncoding], [['YQ==', 'ww=='], 'base64']);
  });

  const values: [value: NonNullable<Change['value']>, json: unknown][] = [
    [{ type: 'none' }, null],
    [{ type: 'string', value: Buffer.from('s') }, 's'],
    [{ type: 'set', members: command('a', 'b') }, ['a', 'b']],
    [
      {
        type: 'zset',
        members: [
          [Buffer.from('a'), 1.5],
          [Buffer.from('b'), -Infinity],
        ],
      },
      [
        { member: 'a', score: 1.5 },
        { member: 'b', score: '-inf' },
      ],
    ],
    [
      { type: 'stream', entries: [{ id: '1-1', fields: command('f', 'v', 'g', 'w') }] },
      [{ id: '1-1', fields: { f: 'v', g: 'w' } }],
    ],
    [{ type: 'other', name: 'ReJSON-RL' }, { name: 'ReJSON-RL' }],
    [hash({ __proto: '1' }), { __proto: '1' }],
  ];
  for (const [value, json] of values) {
    it(`has a ${value.type}`, () => {
      const { type, value: shown } = recordOf(change('k', { value }));
      assert.deepEqual({ type, value: shown }, { type: value.type, value: json });
      assert.deepEqual(JSON.parse(JSON.stringify(shown)), json);
    });
  }

  it('keeps a field called __proto__', () => {
    const fields = [[Buffer.from('__proto__'), Buffer.from('1')]] as const;
    const { value } = recordOf(change('k', { value: { type: 'hash', fields } }));
    assert.equal(JSON.stringify(value), '{"__proto__":"1"}');
  });
});

it('the lanes of different keys differ, whatever bytes and databases they have', () => {
  const keys = ['a', '', '\u0000YQ==', '\u0001', '\u00011\u0001a', 'é'].map((text) => Buffer.from(text));
  const all = [...keys, bytes(0xff), bytes(0), bytes(0xe9)].flatMap((key) =>
    [0, 1, 11].map((database) => laneOf({ ...cart, key, database })),
  );
  assert.equal(new Set(all).size, all.length);
  assert.equal(laneOf(cart), 'cart:1');
});

describe('a mapping takes', () => {
  const cases: [what: string, mapping: Partial<Mapping>, change: Change, takes: boolean][] = [
    ['keys by one of its patterns', { keys: ['x', 'cart:*'] }, cart, true],
    ['no others', { keys: ['x'] }, cart, false],
    ['a type', { types: ['hash'] }, cart, true],
    ['no other type', { types: ['string'] }, cart, false],
    [
      'a key that is gone, of whatever type',
      { types: ['string'] },
      { ...cart, value: { type: 'none' } },
      true,
    ],
    ['a command', { commands: ['hset'] }, cart, true],
    ['an event of the engine', { commands: ['hset'] }, { ...cart, command: command('HMSET', 'k') }, true],
    ['no other command', { commands: ['hdel'] }, cart, false],
    [
      'a sync, which has no command',
      { commands: ['hdel'] },
      { ...cart, kind: 'sync', command: undefined! },
      true,
    ],
    ['what a filter lets pass', { filters: [{ type: ['x'] }, { value: { b: ['1'] } }] }, cart, true],
    ['nothing else', { filters: [{ value: { b: ['2'] } }] }, cart, false],
    [
      'for the article no mapping',
      { payload: 'article' },
      { ...cart, key: Buffer.from('__meta_record__x') },
      false,
    ],
  ];
  for (const [what, one, given, takes] of cases) {
    it(what, () => assert.equal(route(one).takes(given), takes));
  }
});

describe('a message', () => {
  it('has only the fields that the mapping names, and no arguments that may name others', () => {
    const { payload } = route({ fields: ['a', 'c'] }).messageOf(cart).message as {
      payload: ReturnType<typeof recordOf>;
    };
    assert.deepEqual(payload.value, { a: 'x' });
    assert.deepEqual(payload.command, ['HSET', 'cart:1']);
  });

  it('has a transformed payload', () => {
    const { message } = route({ transform: '{"id":<$.key>,"b":<$.value.b>}' }).messageOf(cart);
    assert.deepEqual(message.payload, { id: 'cart:1', b: '1' });
  });

  it('is not made when the transform would multiply a large value', () => {
    const value = { type: 'string', value: Buffer.alloc(2_000_000) } as const;
    const transform = `[${Array(40).fill('<$.value>')}]`;
    assert.throws(() => route({ transform }).messageOf({ ...cart, value }), { name: 'LanguageError' });
  });

  it('has its bytes measured where they may matter, and never counts too few', () => {
    const large = change('k', { value: { type: 'string', value: Buffer.alloc(50_000, 1) } });
    for (const payload of ['change', 'article'] as const) {
      for (const given of [cart, large]) {
        for (const most of [1_000, 100_000, 10_000_000]) {
          const { message, bytes: counted } = compileRoute(mapping({ payload }), most).messageOf(given);
          assert.ok(counted >= Buffer.byteLength(JSON.stringify(message.payload)), `${payload} ${most}`);
        }
      }
    }
  });

  it('of the article is what its listener sends', () => {
    const { message } = route({ payload: 'article' }).messageOf(cart);
    assert.deepEqual(message.payload, { id: 'cart:1', obj_name: 'cart:1', body: '{"a":"x","b":"1"}' });
    const gone = route({ payload: 'article' }).messageOf({ ...cart, value: { type: 'none' } });
    assert.equal((gone.message.payload as { body: string }).body, '{}');
  });
});

describe('a row', () => {
  it('has the key and every field of a hash', () => {
    assert.deepEqual(table({}).messageOf(cart).message, {
      ...{ sequence: '7', lane: 'cart:1', at: 5, kind: 'write', payload: undefined },
      row: { key: ['key'], columns: { b: '1', a: 'x', key: 'cart:1' } },
    });
  });

  it('has the columns that the mapping names, and null where there is none', () => {
    const { row } = table({
      key: { id: '$.key', db: '$.database' },
      columns: { b: '$.value.b', c: '$.value.c', t: '$.type' },
    }).messageOf(cart).message;
    assert.deepEqual(row, {
      key: ['id', 'db'],
      columns: { b: '1', c: null, t: 'hash', id: 'cart:1', db: 0 },
    });
  });

  it('has bytes that are no text as bytes', () => {
    const raw = {
      ...cart,
      key: bytes(0xff),
      value: { type: 'hash', fields: [[Buffer.from('f'), bytes(0xfe)]] },
    } as const;
    const { columns } = table({}).messageOf(raw).message.row!;
    assert.deepEqual(columns, { f: bytes(0xfe), key: bytes(0xff) });
  });

  it('has a value that is no hash in one column', () => {
    const list = { ...cart, value: { type: 'list', elements: command('a', 'b') } } as const;
    assert.deepEqual(table({}).messageOf(list).message.row!.columns, { value: ['a', 'b'], key: 'cart:1' });
  });

  it('is not made of a FLUSHALL, but of the key whose name is empty', () => {
    assert.throws(() => table({}).messageOf(flush), { message: /^FLUSHALL is of no single key/ });
    const empty = { ...cart, key: Buffer.alloc(0), command: command('SET', '', '1') };
    assert.equal(table({}).messageOf(empty).message.row!.columns.key, '');
  });

  it('is deleted by its key when the key is gone, and written when it is there again', () => {
    const gone = table({}).messageOf({ ...cart, value: { type: 'none' } }).message;
    assert.deepEqual([gone.kind, gone.row], ['delete', { key: ['key'], columns: { key: 'cart:1' } }]);
    assert.equal(table({}).messageOf({ ...cart, kind: 'delete' }).message.kind, 'write');
  });
});

describe('mappings', () => {
  const deliver = async (changes: Change[], configuration: Parameters<typeof deliveryOf>[2], more = {}) => {
    const got: Record<string, Message[]> = {};
    const sinkOf = (one: Mapping) => {
      const { sink, delivered } = scriptedSink();
      got['function' in one.target ? one.target.function : one.name] = delivered;
      return sink;
    };
    const delivery = deliveryOf(sourceOf([changes]).source, scriptedSink().sink, configuration, {
      sinkOf,
      ...more,
    });
    await delivery.run();
    const keys = Object.fromEntries(
      Object.entries(got).map(([name, all]) => [name, all.map(({ lane }) => lane)]),
    );
    return { keys, got, delivery };
  };
  const two = [mapping({ name: 'carts', keys: ['cart:*'] }), mapping({ name: 'rest' })].map((one) => ({
    ...one,
    target: { kind: 'sqs', queue: one.name } as const,
  }));

  it('are tried in their order; the first decides, or all do', async () => {
    const changes = [change('cart:1'), change('x')];
    assert.deepEqual((await deliver(changes, { mappings: two })).keys, { carts: ['cart:1'], rest: ['x'] });
    const all = await deliver(changes, { mappings: two, matching: 'all' });
    assert.deepEqual(all.keys, { carts: ['cart:1'], rest: ['cart:1', 'x'] });
    assert.deepEqual(
      all.delivery.counts().mappings.map(({ name, delivered }) => [name, delivered]),
      [
        ['carts', 1],
        ['rest', 2],
      ],
    );
  });

  it('to nowhere count', async () => {
    const { delivery } = await deliver([change('a')], { mappings: [mapping({ target: { kind: 'null' } })] });
    assert.equal(delivery.counts().delivered, 1);
  });

  const meta = (name: string, fields: Record<string, string>) =>
    change(`__meta_record__${name}`, { command: command('HSET'), value: hash(fields) });
  const written = (key: string) => change(key, { command: command('HSET', key), value: hash({ a: '1' }) });

  it('are taken from hashes of the cache, at once when these change, several for one key', async () => {
    const { keys, delivery } = await deliver(
      [
        written('person1'),
        meta('Dynamo', { name: '__meta_record__Dynamo', pattern: '*', lambda: 'dynamo' }),
        meta('Audit', { pattern: 'person', lambda: 'audit' }),
        written('person2'),
        written('cart'),
        meta('Audit', { pattern: 'cart', lambda: 'carts' }),
        written('cart'),
        change('__meta_record__Dynamo', { kind: 'delete', value: { type: 'none' } }),
        written('person3'),
      ],
      { mappings: [], readsMetaRecords: true },
    );
    assert.deepEqual(keys, { dynamo: ['person2', 'cart', 'cart'], audit: ['person2'], carts: ['cart'] });
    assert.equal(delivery.counts().delivered, 5);
  });

  it('that were in the cache before are read first, and a wrong one is shown', async () => {
    const metaRecords = async () => [
      { key: '__meta_record__A', fields: new Map([['lambda', 'first']]) },
      { key: '__meta_record__B', fields: new Map([['lambda', '{lambda_arn}']]) },
    ];
    const { keys, delivery } = await deliver(
      [written('x')],
      { mappings: [], readsMetaRecords: true },
      { metaRecords },
    );
    assert.deepEqual(keys, { first: ['x'] });
    assert.deepEqual(delivery.counts().failing, [
      "__meta_record__B: '{lambda_arn}' is no name or ARN of a function",
    ]);
  });

  it('that cannot make a message give the change up', async () => {
    const target = { kind: 'dynamodb', table: 'Carts', row: { key: { id: '$.value.id' } } } as const;
    const { delivery } = await deliver([cart], { mappings: [mapping({ target })], value: 'after' });
    assert.equal(delivery.counts().dead, 1);
  });
});
