import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Item } from '../values.ts';
import { Placeholders, projectionOf } from './index.ts';

const projection = (text: string, names?: Record<string, string>) =>
  projectionOf(text, new Placeholders({ ExpressionAttributeNames: names }));

const item: Item = {
  pk: { S: 'p' },
  'a.b': { S: 'dotted' },
  m: { M: { a: { S: 'A' }, b: { S: 'B' }, c: { S: 'C' } } },
  l: {
    L: [
      { M: { a: { S: 'a0' }, b: { S: 'b0' }, n: { L: [{ S: 'n0' }, { S: 'n1' }] } } },
      { M: { a: { S: 'a1' } } },
      { M: { a: { S: 'a2' }, c: { S: 'c2' } } },
    ],
  },
};

// The results are those of AWS in dynamodb-conformance.
it('takes the parts that are named, and puts what belongs together into one map or list', () => {
  const cases: [text: string, parts: object, names?: Record<string, string>][] = [
    ['pk, q', { pk: { S: 'p' } }],
    ['nonexistent', {}],
    ['toString', {}],
    ['#d', { 'a.b': { S: 'dotted' } }, { '#d': 'a.b' }],
    ['m.a, m.b', { m: { M: { a: { S: 'A' }, b: { S: 'B' } } } }],
    ['m.q, pk.x, l.x', {}],
    ['l[2].c, l[0].b', { l: { L: [{ M: { b: { S: 'b0' } } }, { M: { c: { S: 'c2' } } }] } }],
    ['l[0].b, l[0].a', { l: { L: [{ M: { a: { S: 'a0' }, b: { S: 'b0' } } }] } }],
    ['l[0].n[1], l[7]', { l: { L: [{ M: { n: { L: [{ S: 'n1' }] } } }] } }],
  ];
  for (const [text, parts, names] of cases) {
    assert.deepEqual(projection(text, names).of(item), parts, text);
  }
});

it('is refused in AWS’s words', () => {
  const refused: [text: string, problem: string, names?: Record<string, string>][] = [
    ['', 'The expression can not be empty;'],
    ['!!', 'Syntax error; token: "!", near: "!!"'],
    ['l[a]', 'Syntax error; token: "a", near: "[a]"'],
    ['a,', 'Syntax error; token: "<EOF>", near: ","'],
    [':a', 'Syntax error; token: ":a", near: ":a"'],
    ['a b', 'Syntax error; token: "b", near: "a b"'],
    ['pk, status', 'Attribute name is a reserved keyword; reserved keyword: status'],
    [
      'pk, #undef',
      'An expression attribute name used in the document path is not defined; attribute name: #undef',
    ],
    [
      '#a, #b',
      'Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a]',
      { '#a': 'a', '#b': 'a' },
    ],
    [
      'a, a.b',
      'Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a, b]',
    ],
    [
      'a.b, a[1]',
      'Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [a, b], path two: [a, [1]]',
    ],
  ];
  for (const [text, problem, names] of refused) {
    assert.throws(
      () => projection(text, names),
      { name: 'ValidationException', message: `Invalid ProjectionExpression: ${problem}` },
      text,
    );
  }
});
