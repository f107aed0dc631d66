// Filter policies in tables: which values each operator accepts, in attributes and in bodies.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MessageAttribute } from '../domain/model.ts';
import { type FilterScope, readFilterPolicy } from './policy.ts';

const text = (value: string): MessageAttribute => ({ type: 'String', value });
const number = (value: string): MessageAttribute => ({ type: 'Number', value });
const array = (...values: unknown[]): MessageAttribute => ({
  type: 'String.Array',
  value: JSON.stringify(values),
});

const takes = (policy: object, attributes: Record<string, MessageAttribute>) =>
  readFilterPolicy(JSON.stringify(policy), 'MessageAttributes')({ attributes }, '');

const takesBody = (policy: object, body: unknown) =>
  readFilterPolicy(JSON.stringify(policy), 'MessageBody')(
    { attributes: {} },
    typeof body === 'string' ? body : JSON.stringify(body),
  );

describe('a filter on attributes', () => {
  const cases: [policy: object, taken: MessageAttribute[], left: (MessageAttribute | undefined)[]][] = [
    [{ k: ['a', 'b'] }, [text('a'), text('b'), array('x', 'b')], [text('c'), text('A'), undefined, array()]],
    [{ k: [1] }, [number('1'), number('1.0'), array(1)], [text('1'), number('2')]],
    [{ k: [true, null] }, [array(true), array(null, 'x')], [text('true'), array(false)]],
    [{ k: [{ prefix: 'ab' }] }, [text('abc'), text('ab')], [text('xab'), number('1'), undefined]],
    [{ k: [{ suffix: '.png' }] }, [text('a.png')], [text('a.jpg')]],
    [{ k: [{ 'equals-ignore-case': 'Tennis' }] }, [text('TENNIS')], [text('tenni')]],
    [
      { k: [{ 'anything-but': ['a', 'b'] }] },
      [text('c'), array('a', 'c')],
      [text('a'), array('a'), undefined],
    ],
    [{ k: [{ 'anything-but': 'a' }] }, [text('b')], [text('a')]],
    [{ k: [{ 'anything-but': [100, 500] }] }, [number('101')], [number('100')]],
    [{ k: [{ 'anything-but': { prefix: 'order-' } }] }, [text('data-1')], [text('order-1')]],
    [{ k: [{ 'anything-but': { suffix: '.tmp' } }] }, [text('a')], [text('a.tmp')]],
    [{ k: [{ numeric: ['>', 0, '<=', 150] }] }, [number('150'), number('0.1')], [number('0'), text('5')]],
    [{ k: [{ numeric: ['=', 301.5] }] }, [number('3.015e2')], [number('301')]],
    [{ k: [{ numeric: ['<', 10] }] }, [number('-5')], [number('10')]],
    [{ k: [{ exists: true }] }, [text('x'), number('0')], [undefined]],
    [{ k: [{ exists: false }] }, [], [text('x')]],
    [
      { k: [{ cidr: '10.0.0.0/24' }] },
      [text('10.0.0.0'), text('10.0.0.255')],
      [text('10.1.1.0'), text('x'), text('::1')],
    ],
    [{ k: [{ cidr: '2001:db8::/32' }] }, [text('2001:db8::1')], [text('2001:db9::1')]],
    [{ k: ['a', { prefix: 'z' }] }, [text('a'), text('zoo')], [text('b')]],
  ];
  for (const [policy, taken, left] of cases) {
    it(JSON.stringify(policy), () => {
      for (const k of taken) assert.equal(takes(policy, { k }), true, `accepts ${k.value}`);
      for (const k of left)
        assert.equal(takes(policy, k ? { k } : { other: text('') }), false, `rejects ${k?.value}`);
    });
  }

  it('needs every key to match, and one alternative of each $or', () => {
    const policy = { a: ['1'], $or: [{ b: ['2'] }, { c: ['3'], d: [{ exists: false }] }] };
    assert.equal(takes(policy, { a: text('1'), b: text('2') }), true);
    assert.equal(takes(policy, { a: text('1'), c: text('3') }), true);
    assert.equal(takes(policy, { a: text('1'), c: text('3'), d: text('4') }), false);
    assert.equal(takes(policy, { b: text('2') }), false);
    assert.equal(takes({ k: [{ exists: false }] }, {}), true);
    assert.equal(takes({ constructor: [{ exists: true }] }, {}), false);
  });
});

describe('a filter on the body', () => {
  it('descends into objects and arrays', () => {
    const policy = { store: ['shop'], customer: { interests: ['tennis'], age: [{ numeric: ['>=', 18] }] } };
    const body = { store: 'shop', customer: { interests: ['golf', 'tennis'], age: 20 } };
    assert.equal(takesBody(policy, body), true);
    assert.equal(takesBody(policy, { ...body, customer: { ...body.customer, age: 17 } }), false);
    assert.equal(takesBody(policy, { ...body, customer: 'none' }), false);
    assert.equal(takesBody({ a: { b: ['x'] } }, { a: [{ b: 'y' }, { b: 'x' }] }), true);
    assert.equal(takesBody({ a: { b: ['x'], c: ['y'] } }, { a: [{ b: 'x' }, { c: 'y' }] }), false);
  });

  it('tests leaf values only, and detects absent keys at any depth', () => {
    assert.equal(takesBody({ a: [{ exists: true }] }, { a: { b: 1 } }), false);
    assert.equal(takesBody({ a: { b: [{ exists: false }] } }, { c: 1 }), true);
    assert.equal(takesBody({ 'ElastiCache:FailoverComplete': [{ exists: true }] }, { x: 'demo' }), false);
    assert.equal(
      takesBody(
        { 'ElastiCache:FailoverComplete': [{ prefix: 'demo-' }] },
        { 'ElastiCache:FailoverComplete': 'demo-001' },
      ),
      true,
    );
  });

  it('rejects every body that is not an object, however large or deep', () => {
    for (const body of ['', 'text', '[1]', 'null', '{', `${'['.repeat(50_000)}`]) {
      assert.equal(takesBody({ a: [{ exists: false }] }, body), false, body.slice(0, 10));
    }
    const deep = `{"a":${'['.repeat(5_000)}1${']'.repeat(5_000)}}`;
    assert.equal(takesBody({ a: [1] }, deep), false);
  });
});

describe('an invalid policy is refused', () => {
  const refused: [policy: string, scope?: FilterScope][] = [
    ['{'],
    ['[]'],
    ['{"a":"b"}'],
    ['{"a":[]}'],
    ['{"a":{"b":["c"]}}'],
    ['{"a":{}}', 'MessageBody'],
    ['{"a":[["b"]]}'],
    ['{"a":[{}]}'],
    ['{"a":[{"wildcard":"x*"}]}'],
    ['{"a":[{"prefix":1}]}'],
    ['{"a":[{"exists":"yes"}]}'],
    ['{"a":[{"cidr":"10.0.0.0"}]}'],
    ['{"a":[{"cidr":"10.0.0.0/33"}]}'],
    ['{"a":[{"cidr":"x/8"}]}'],
    ['{"a":[{"numeric":[]}]}'],
    ['{"a":[{"numeric":["~",1]}]}'],
    ['{"a":[{"numeric":[">","1"]}]}'],
    ['{"a":[{"numeric":[">",5,"<",1]}]}'],
    ['{"a":[{"anything-but":[]}]}'],
    ['{"a":[{"anything-but":["a",1]}]}'],
    ['{"a":[{"anything-but":{"cidr":"x"}}]}'],
    ['{"a":[{"constructor":1}]}'],
    [JSON.stringify(Object.fromEntries([...'abcdef'].map((key) => [key, ['x']])))],
    [JSON.stringify({ a: Array(13).fill('x'), b: Array(13).fill('x') })],
    [`${'{"a":'.repeat(5_000)}["x"]${'}'.repeat(5_000)}`, 'MessageBody'],
  ];
  for (const [policy, scope = 'MessageAttributes'] of refused) {
    it(policy.slice(0, 60), () => {
      assert.throws(() => readFilterPolicy(policy, scope), {
        shape: 'InvalidParameterException',
        message: /^Invalid parameter: FilterPolicy: /,
      });
    });
  }
});
