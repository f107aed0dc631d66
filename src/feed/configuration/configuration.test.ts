// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so references to passwords are written
// Configurations of feeds: the YAML file, the short form, the properties of a stack's resource, the article's file, and what
// is said of those that are not valid.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { metaMapping, readFunctionFile } from './function-file.ts';
import { type ReadOptions, readProperties, readShortForm } from './read-configuration.ts';
import { ConfigurationError } from './reading.ts';
import { redact, redactUrl, resolveUrl } from './secrets.ts';
import { readYamlFile } from './yaml-file.ts';

const scope = { accountId: '000000000000', region: 'us-west-2' };
const secrets = {
  env: (name: string) => ({ PASSWORD: 'p@ss/word' })[name],
  file: (path: string) =>
    ({ 'secret.txt': 'http://x\n', functionCfg: '__meta_record__A|pattern,*,lambda,f\n' })[path],
};
const read = (text: string, options: ReadOptions = { scope, secrets }) =>
  readYamlFile(text, 'feed.yml', options);
const refusal = (text: string, options?: ReadOptions): string => {
  try {
    read(text, options);
  } catch (error) {
    assert.ok(error instanceof ConfigurationError, String(error));
    return error.message;
  }
  assert.fail('it was accepted');
};

const WHOLE = `
name: carts
source:
  replication: { cache: Shop, resync: upserts, start: all }
value: after
matching: all
metaRecords: true
mappings:
  - name: orders
    keys: ['order:*', 'order-[0-9]']
    types: [hash]
    commands: [HSET]
    fields: [state, total]
    filters:
      - value: { state: [PAID] }
      - Pattern: '{"eventName":["delete"]}'
    transform: { id: <$.key>, text: 'order <$.key>' }
    target: { lambda: { function: shop-orders, reportItemFailures: true } }
    batch: { size: 50, window: 500ms, parallel: 2 }
    retry: { attempts: 3, maxAge: 1h, bisect: true }
    timeout: 10
    deadLetters: { sqs: dead }
  - name: rows
    target:
      dynamodb: { table: Carts, key: { id: $.key }, columns: { state: $.value.state }, sequenceAttribute: seq }
  - name: database
    target:
      sql: { url: 'postgres://shop:\${env:PASSWORD}@db/shop', table: shop.carts, sequenceColumn: seq }
  - { name: topic, payload: article, target: { sns: news } }
  - { name: queue, target: 'arn:aws:sqs:us-west-2:000000000000:audit' }
`;

describe('a YAML file', () => {
  it('is read with every member that there is', () => {
    const { mappings, ...feed } = read(WHOLE);
    assert.deepEqual(feed, {
      name: 'carts',
      source: { kind: 'replication', cache: 'shop', resync: 'upserts', start: 'all' },
      ...{ value: 'after', matching: 'all', readsMetaRecords: true },
    });
    const [orders, rows, database, topic, queue] = mappings;
    assert.deepEqual(orders, {
      name: 'orders',
      ...{
        keys: ['order:*', 'order-[0-9]'],
        types: ['hash'],
        commands: ['hset'],
        fields: ['state', 'total'],
      },
      filters: [{ value: { state: ['PAID'] } }, '{"eventName":["delete"]}'],
      transform: '{"id":<$.key>,"text":"order <$.key>"}',
      payload: 'change',
      target: { kind: 'lambda', function: 'shop-orders', reportsItemFailures: true },
      batch: { size: 50, windowMs: 500, parallel: 2 },
      retry: { attempts: 3, maxAgeMs: 3_600_000, bisects: true },
      timeoutMs: 10_000,
      deadLetters: { kind: 'sqs', arn: 'arn:aws:sqs:us-west-2:000000000000:dead' },
    });
    assert.deepEqual(rows!.target, {
      ...{ kind: 'dynamodb', table: 'Carts', sequenceAttribute: 'seq' },
      row: { key: { id: '$.key' }, columns: { state: '$.value.state' } },
    });
    assert.deepEqual(database!.target, {
      ...{
        kind: 'sql',
        url: 'postgres://shop:p%40ss%2Fword@db/shop',
        table: 'shop.carts',
        sequenceColumn: 'seq',
      },
      row: { key: {} },
    });
    assert.deepEqual(topic!.target, { kind: 'sns', topic: 'arn:aws:sns:us-west-2:000000000000:news' });
    assert.equal(topic!.batch.size, 1);
    assert.deepEqual(queue!.target, { kind: 'sqs', queue: 'arn:aws:sqs:us-west-2:000000000000:audit' });
  });

  it('may describe its only mapping itself', () => {
    const { mappings, source } = read('{name: a, cache: shop, keys: "cart:*", target: "dynamodb:Carts"}');
    assert.deepEqual(source, { kind: 'replication', cache: 'shop', resync: 'diff' });
    assert.deepEqual(mappings[0]!.keys, ['cart:*']);
    assert.deepEqual(mappings[0]!.target, { kind: 'dynamodb', table: 'Carts', row: { key: {} } });
  });

  it('names the streams and the keyspace of any server', () => {
    const stream = read(
      '{name: a, source: {stream: {url: "rediss://u:${env:PASSWORD}@r:6379", cluster: true, streams: s}}, target: "sqs:q"}',
    );
    assert.deepEqual(stream.source, {
      kind: 'stream',
      server: { url: 'rediss://u:p%40ss%2Fword@r:6379', isCluster: true },
      ...{ streams: ['s'], group: 'a', consumer: 'a', claimAfterMs: 60_000 },
    });
    const keyspace = read('{name: a, source: {keyspace: {cache: shop, database: 3}}, target: "sqs:q"}');
    assert.deepEqual(keyspace.source, {
      ...{ kind: 'keyspace', server: { cache: 'shop' }, pattern: '__key*__:*', database: 3 },
    });
  });

  it('is refused with the file, the line and the path of everything that is wrong', () => {
    const message = refusal(
      [
        'name: 1st',
        'cache: shop',
        'mapings: []',
        'mappings:',
        '  - keys: [[]]',
        '    types: [hsh]',
        '    target: { lamda: f }',
        '  - target: "lambda:"',
        '    batch: { size: 0, window: 1y }',
        '    retry: { bisects: true }',
      ].join('\n'),
    );
    assert.deepEqual(message.split('\n'), [
      'feed.yml:1: name: It begins with a letter and has letters, digits and hyphens, 63 at most.',
      'feed.yml:5: mappings[0].keys[0]: It must be a text.',
      'feed.yml:6: mappings[0].types: A type is string, list, set, hash, zset, stream or other.',
      'feed.yml:7: mappings[0].target.lamda: There is no such member; did you mean lambda?',
      'feed.yml:7: mappings[0].target: It must have one member, which is lambda, dynamodb, sql, sns or sqs.',
      "feed.yml:8: mappings[1].target: '' is no name or ARN of a function.",
      'feed.yml:9: mappings[1].batch.size: It must be a whole number from 1 to 10000.',
      'feed.yml:9: mappings[1].batch.window: It must be from 0 to 300 seconds; units are ms, s, m, h and d, as in 30s.',
      'feed.yml:10: mappings[1].retry.bisects: There is no such member; did you mean bisect?',
      'feed.yml:3: mapings: There is no such member; did you mean mappings?',
    ]);
  });

  const refused: [text: string, message: RegExp][] = [
    ['', /feed\.yml:1: A feed is an object/],
    ['#'.repeat(33_000), /feed\.yml:1: The file has more than 32768 characters/],
    ['- a', /feed\.yml:1: A feed is an object/],
    ['a: [', /feed\.yml:1: This is not YAML/],
    ['name: a\nname: b', /feed\.yml:2: There are two members called name/],
    ['name: !x a', /feed\.yml:1: The YAML tag !x is not supported/],
    [`a: ${'['.repeat(20_000)}`, /nested too deeply|not YAML/],
    [
      `name: a\n${Array.from({ length: 12 }, (_, n) => `a${n}: &x${n} [${n ? `*x${n - 1},`.repeat(9) : '1'}]`).join('\n')}`,
      /feed\.yml:\d+: The file has too many values/,
    ],
    ['a: *b', /There is no anchor &b|not YAML/],
    ['a: &b [*b]', /There is no anchor &b|not YAML/],
    ['name: a', /There is no cache/],
    ['{name: a, cache: shop}', /There are no mappings/],
    ['{cache: shop, target: "lambda:f"}', /The feed has no name/],
    ['{name: a, cache: shop, source: {}, target: "lambda:f"}', /give one of both/],
    [
      '{name: a, cache: shop, value: none, target: "dynamodb:Carts"}',
      /target: The feed reads no values; give it value: after/,
    ],
    ['{name: a, cache: shop, payload: article, target: "dynamodb:Carts"}', /A table gets rows/],
    [
      '{name: a, cache: shop, transform: "<$.key", target: "sqs:q"}',
      /transform: <\$ at character 1 has no >/,
    ],
    [
      '{name: a, cache: shop, filters: [{key: [{cidr: x}]}], target: "sqs:q"}',
      /filters\[0\]: Match type cidr is not/,
    ],
    [
      '{name: a, cache: shop, target: {dynamodb: {table: Carts, key: {id: $.value.id}}}}',
      /key\.id: a deleted key has no value/,
    ],
    [
      '{name: a, cache: shop, target: {sql: {url: "http://x", table: t}}}',
      /url: it must be a URL of postgres/,
    ],
    [
      '{name: a, cache: shop, target: {sql: {url: "postgres://${env:NONE}@x", table: t}}}',
      /variable NONE is not set/,
    ],
    ['{name: a, cache: shop, target: "sqs:q", deadLetters: "sqs:q.fifo"}', /standard queue or topic/],
    [
      '{name: a, cache: shop, mappings: [{name: x, target: "sqs:q"}, {name: x, target: "sqs:q"}]}',
      /two mappings are called x/,
    ],
    ['{name: a, cache: shop, functionCfg: none}', /the file none cannot be read/],
    [
      '{name: a, cache: shop, target: {lambda: "arn:aws:sqs:us-west-2:000000000000:q"}}',
      /ARN of another service/,
    ],
    ['{name: a, cache: shop, __proto__: {}, target: "sqs:q"}', /__proto__: There is no such member/],
  ];
  for (const [text, message] of refused) {
    it(`is refused: ${text.slice(0, 70).replaceAll('\n', ' ')}`, () => assert.match(refusal(text), message));
  }

  it('of the documentation is valid', () => {
    const page = readFileSync(new URL('../../../docs/feeds.md', import.meta.url), 'utf8');
    const files = [...page.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, text]) => text!);
    assert.ok(files.length > 0);
    for (const text of files) assert.equal(read(text).mappings.length, 2);
  });

  it('shows no secret in a message', () => {
    const text = '{name: a, cache: shop, target: {sql: {url: "ftp://u:${env:PASSWORD}@x", table: "a b"}}}';
    assert.doesNotMatch(refusal(text), /p@ss|p%40ss/);
  });
});

describe('the other forms', () => {
  it('a tag names targets; every change goes to each', () => {
    const one = readShortForm('lambda:shop-orders', 'a', 'shop', scope);
    assert.equal(one.matching, undefined);
    assert.deepEqual(one.mappings[0]!.target, {
      kind: 'lambda',
      function: 'shop-orders',
      reportsItemFailures: false,
    });
    const two = readShortForm(
      'dynamodb:Carts  sqs:https://sqs.us-west-2.amazonaws.com/000000000000/q',
      'a',
      'shop',
    );
    assert.equal(two.matching, 'all');
    assert.deepEqual(
      two.mappings.map(({ target }) => target.kind),
      ['dynamodb', 'sqs'],
    );
    for (const text of ['', 'x', 'sql:x', 'lambda:', 'sns:news', 'sqs:a b', 'dynamodb:a']) {
      assert.throws(() => readShortForm(text, 'a', 'shop'), { name: 'LanguageError' }, text);
    }
  });

  it('the properties of a resource are the members in Pascal case', () => {
    const feed = readProperties(
      {
        Cache: 'shop',
        Mappings: [
          {
            Keys: ['cart:*'],
            Target: { DynamoDB: { Table: 'Carts', Key: { id: '$.key' } } },
            Batch: { Size: '5' },
          },
        ],
      },
      { name: 'carts' },
    );
    assert.deepEqual(feed.mappings[0]!.target, {
      kind: 'dynamodb',
      table: 'Carts',
      row: { key: { id: '$.key' } },
    });
    assert.equal(feed.mappings[0]!.batch.size, 5);
    assert.throws(() => readProperties({ Cache: 'shop', target: 'x' }, { name: 'carts' }), {
      message: /^target: There is no such member; did you mean Target\?$/m,
    });
    const url = 'postgres://u:${env:PASSWORD}@x/y';
    assert.throws(
      () => readProperties({ Cache: 'shop', Target: { Sql: { Url: url, Table: 't' } } }, { name: 'a' }),
      {
        message: /resolved by the command line only/,
      },
    );
  });

  it('a configuration is shown without its passwords', () => {
    const shown = JSON.stringify(redact(read(WHOLE)));
    assert.doesNotMatch(shown, /p@ss|p%40ss/);
    assert.match(shown, /postgres:\/\/shop:\*\*\*@db\/shop/);
    assert.equal(redactUrl('mysql://h/d?password=x&ssl=true'), 'mysql://h/d?password=***&ssl=true');
    assert.equal(redactUrl('no url'), '***');
    assert.equal(resolveUrl('${file:secret.txt}', secrets), 'http://x');
  });
});

describe('the file of the article', () => {
  const arn = 'arn:aws:lambda:us-west-2:000000000000:function:dynamo';
  it('is read as it is', () => {
    const mappings = readFunctionFile(
      [
        `__meta_record__Dynamo|name, __meta_record__Dynamo, pattern, *, lambda, ${arn}`,
        '',
        '# carts only',
        '__meta_record__Carts|name, __meta_record__Carts, pattern, cart:, lambda, carts',
        '__meta_record__Carts|pattern,[x]*,lambda,audit\r',
        '',
      ].join('\n'),
    );
    assert.deepEqual(
      mappings.map(({ name, keys, target }) => ({
        name,
        keys,
        function: 'function' in target && target.function,
      })),
      [
        { name: '__meta_record__Dynamo', keys: ['*'], function: arn },
        { name: '__meta_record__Carts', keys: ['cart:*'], function: 'carts' },
        { name: '__meta_record__Carts#2', keys: ['\\[x\\]*'], function: 'audit' },
      ],
    );
    const [{ types, commands, payload, batch }] = mappings as [(typeof mappings)[0]];
    assert.deepEqual(
      { types, commands, payload, size: batch.size },
      { types: ['hash'], commands: ['hset'], payload: 'article', size: 1 },
    );
  });

  it('is refused with the line', () => {
    for (const [text, message] of [
      ['\nx', /line 2 of functionCfg: it must be __meta_record__NAME\|/],
      ['__meta_record__A|pattern,*', /line 1 of functionCfg: lambda is missing/],
      ['__meta_record__A|pattern', /not in pairs/],
      ['__meta_record__A|pattern,*,lambda,{lambda_arn}', /'\{lambda_arn\}' is no name or ARN of a function/],
    ] as const) {
      assert.throws(() => readFunctionFile(text), { name: 'LanguageError', message }, text);
    }
  });

  it('makes mappings of a feed, each of which gets its keys', () => {
    const feed = read('{name: a, cache: shop, functionCfg: functionCfg}');
    assert.equal(feed.matching, 'all');
    assert.equal(feed.mappings[0]!.name, '__meta_record__A');
  });

  it('has hashes without a pattern for all keys, as the listener reads them', () => {
    assert.deepEqual(metaMapping(new Map([['lambda', 'f']]), 'x').keys, ['*']);
  });
});
