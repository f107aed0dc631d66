import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { GivenAttributes, Item } from '../values.ts';
import { Placeholders, updateOf } from './index.ts';

type Names = Record<string, string>;

function update(text: string, values?: GivenAttributes, names?: Names) {
  const placeholders = new Placeholders({
    ExpressionAttributeValues: values,
    ExpressionAttributeNames: names,
  });
  return updateOf(text, placeholders);
}

function refuses(text: string, problem: string | RegExp, values?: GivenAttributes, names?: Names) {
  const message = typeof problem === 'string' ? `Invalid UpdateExpression: ${problem}` : problem;
  assert.throws(() => update(text, values, names), { name: 'ValidationException', message }, text);
}

const AB = { '#a': 'a', '#b': 'b' };
const V = { ':a': { S: 'a' }, ':b': { S: 'a' } };

// What AWS answered to dynalite's tests of UpdateItem, which recorded it.
describe('an update is refused in AWS’s words and order', () => {
  it('for its syntax', () => {
    const texts = [
      ...['whatever', 'set a', 'add a', 'delete a', 'set a=set', 'remove a = b', 'add a = b', 'delete a = b'],
      ...['delete a b', 'delete a if_not_exist(b)', 'add abort b', 'add a if_not_exist(b)', 'remove a b'],
      ...['set a b', 'set :a = b', 'add :a b', 'delete :a b', 'remove :a', 'set a = b / c', 'set a = b * c'],
      ...['set a[1] = "eight"', 'set a[1] = 1', 'SET a = if_not_exist(a, 100)', 'SET if_not_exist(a, b) = a'],
      ...['set (a = (b + c))', 'set a = (b.c).d + e', 'set a = (b.c)[0] + e', 'set a = b + c + d'],
      ...['SET c = if_not_exists(c, :v+:w)', 'SET a = _f(b)', 'SET a[:x] = b', 'SET', 'SET a = b,', ':a'],
    ];
    for (const text of texts) refuses(text, /^Invalid UpdateExpression: Syntax error; token: "/);
    refuses('INVALID SYNTAX HERE', 'Syntax error; token: "INVALID", near: "INVALID SYNTAX"');
    refuses('ADD hits : incr', 'Syntax error; token: ":", near: "hits : incr"');
    refuses('SET a = b,', 'Syntax error; token: "<EOF>", near: ","');
    refuses('SET a = if_not_exists(a, 0)', 'Syntax error; token: "0", near: ", 0)"');
  });

  it('for reserved words, functions and sections, in this order', () => {
    const reserved = 'Attribute name is a reserved keyword; reserved keyword: ';
    refuses(' set #c = :c set abOrt = true ', `${reserved}abOrt`, V, AB);
    refuses(' remove Absolute ', `${reserved}Absolute`, V, AB);
    refuses('set #c = if_not_exist(:c) set c = d', 'Invalid function name; function: if_not_exist', V, AB);
    const misused = 'The function is not allowed to be used this way in an expression; function: ';
    refuses('SET a = list_append(list_append(:a, :b), :c)', `${misused}list_append`);
    refuses('SET a = size(b)', 'The function is not allowed in an update expression; function: size');
    const sections: [string, string][] = [
      ['set a = #c set c = :d', 'SET'],
      ['remove #d set a = b remove e', 'REMOVE'],
      ['add #d :e set a = b add e :f', 'ADD'],
      ['delete #d :e set a = b delete #e :f', 'DELETE'],
    ];
    for (const [text, section] of sections) {
      refuses(text, `The "${section}" section can only be used once in an update expression;`, V, AB);
    }
  });

  it('for placeholders that are not defined', () => {
    refuses(
      'SET #c = if_not_exists(:c)',
      'An expression attribute name used in the document path is not defined; attribute name: #c',
      V,
      AB,
    );
    refuses(
      'SET #a = if_not_exists(:c)',
      'An expression attribute value used in expression is not defined; attribute value: :c',
      V,
      AB,
    );
    refuses(
      'SET a = :v, #n = b',
      'An expression attribute name used in the document path is not defined; attribute name: #n',
    );
  });

  it('for paths that overlap or conflict', () => {
    const names = { '#c': 'c', '#d': '[3]' };
    const overlaps: [string, string, string][] = [
      ['set d[1] = a, d.b = a, c[1].a = a, #c = if_not_exists(a)', '[c, [1], a]', '[c]'],
      ['set c.b.#c = a, c = a, #d = a', '[c, b, c]', '[c]'],
      ['set a = b remove a, #c, #d', '[a]', '[a]'],
      ['set #c[3].#d = a, #c[3] = a', '[c, [3], [3]]', '[c, [3]]'],
      ['remove c, #c.a, #d', '[c]', '[c, a]'],
      ['remove a, #c, a, #d', '[a]', '[a]'],
    ];
    for (const [text, one, two] of overlaps) {
      refuses(
        text,
        `Two document paths overlap with each other; must remove or rewrite one of these paths; path one: ${one}, path two: ${two}`,
        undefined,
        names,
      );
    }
    const conflicts: [string, string, string][] = [
      ['set #c[3].#d = a, #c.#d[3] = if_not_exists(a)', '[c, [3], [3]]', '[c, [3], [3]]'],
      ['remove a.#c set a[1] = #d', '[a, c]', '[a, [1]]'],
    ];
    for (const [text, one, two] of conflicts) {
      refuses(
        text,
        `Two document paths conflict with each other; must remove or rewrite one of these paths; path one: ${one}, path two: ${two}`,
        undefined,
        names,
      );
    }
  });

  it('for the operands of ADD and DELETE, then of functions', () => {
    const operands: [text: string, value: object, section: string, type: string][] = [
      ['set b = list_append(:a, a), c = if_not_exists(a) add a.b :a', { S: 'a' }, 'ADD', 'STRING'],
      ['delete a.b :a', { S: 'a' }, 'DELETE', 'STRING'],
      ['add a.b :a', { NULL: true }, 'ADD', 'NULL'],
      ['delete a.b :a', { BOOL: false }, 'DELETE', 'BOOLEAN'],
      ['add a.b :a', { B: Buffer.from('a') }, 'ADD', 'BINARY'],
      ['delete a.b :a', { M: { a: { L: [{ N: '1' }] } } }, 'DELETE', 'MAP'],
      ['add a.b :a', { L: [{ N: '1' }] }, 'ADD', 'LIST'],
      ['delete a.b :a', { N: '1' }, 'DELETE', 'NUMBER'],
    ];
    for (const [text, value, section, type] of operands) {
      refuses(
        text,
        `Incorrect operand type for operator or function; operator: ${section}, operand type: ${type}, typeSet: ALLOWED_FOR_${section}_OPERAND`,
        { ':a': value },
      );
    }
    for (const name of ['if_not_exists', 'list_append']) {
      refuses(
        `set a = ${name}(c)`,
        `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: 1`,
      );
    }
    const path = 'Operator or function requires a document path; operator or function: if_not_exists';
    refuses('set a = if_not_exists(:a, c)', path, { ':a': { S: 'a' } });
    refuses('set a = if_not_exists(if_not_exists(a, b), c)', path);
    const values = {
      ':a': { S: 'a' },
      ':b': { N: '1' },
      ':c': { B: Buffer.from('a') },
      ':i': { M: {} },
      ':j': { L: [] },
    };
    const types: [string, string, string][] = [
      ['set a = list_append(:a, a)', 'list_append', 'S'],
      ['set a = list_append(a, :b)', 'list_append', 'N'],
      ['set a = list_append(:i, a)', 'list_append', 'M'],
      ['set a = a + :a', '+', 'S'],
      ['set a = :a + :c', '+', 'S'],
      ['set a = :c + a', '+', 'B'],
      ['set a = a - :j', '-', 'L'],
    ];
    for (const [text, name, type] of types) {
      refuses(
        text,
        `Incorrect operand type for operator or function; operator or function: ${name}, operand type: ${type}`,
        values,
      );
    }
  });

  it('for its size', () => {
    refuses(`SET ${'a'.repeat(4_093)}`, 'Expression size has exceeded the maximum allowed size;');
    refuses(`SET a = ${'('.repeat(2_000)}`, /Invalid UpdateExpression/);
  });
});

describe('an update changes', () => {
  const before = (): Item => ({
    p: { S: 'key' },
    n: { N: '10' },
    s: { S: 'text' },
    ss: { SS: ['a', 'b'] },
    l: { L: ['0', '1', '2', '3', '4', '5'].map((N) => ({ N })) },
    m: { M: { x: { N: '3' }, y: { L: [{ S: 'hi' }, { M: { z: { N: '1' } } }] } } },
  });
  const numbers = (...texts: string[]) => ({ L: texts.map((N) => ({ N })) });

  const cases: [name: string, text: string, values: GivenAttributes | undefined, changes: object][] = [
    ['an attribute', 'SET s = :v', { ':v': { N: '1' } }, { s: { N: '1' } }],
    [
      'from the old values',
      'REMOVE s SET x = s, n = n + :v',
      { ':v': { N: '5' } },
      { s: undefined, x: { S: 'text' }, n: { N: '15' } },
    ],
    ['by sums in parentheses', 'SET n = ((n)-(m.x))', undefined, { n: { N: '7' } }],
    [
      'a function in a sum',
      'SET q = if_not_exists(q, :a)+:b',
      { ':a': { N: '2' }, ':b': { N: '3' } },
      { q: { N: '5' } },
    ],
    ['nothing that exists', 'SET s = if_not_exists(s, :v)', { ':v': { S: 'new' } }, {}],
    [
      'by nested functions',
      'SET q = if_not_exists(q, if_not_exists(n, :v))',
      { ':v': { S: 'new' } },
      { q: { N: '10' } },
    ],
    [
      'a list by appending',
      'SET l = list_append(l, if_not_exists(q, :v))',
      { ':v': numbers('6') },
      { l: numbers('0', '1', '2', '3', '4', '5', '6') },
    ],
    [
      'elements by their old indexes',
      'REMOVE l[1] SET l[3] = :v',
      { ':v': { N: '17' } },
      { l: numbers('0', '2', '17', '4', '5') },
    ],
    [
      'a list beyond its end',
      'SET l[84] = :a, l[37] = :b, l[17] = :c',
      { ':a': { N: '84' }, ':b': { N: '37' }, ':c': { N: '17' } },
      { l: numbers('0', '1', '2', '3', '4', '5', '17', '37', '84') },
    ],
    ['nothing at an index beyond the end', 'REMOVE l[17]', undefined, {}],
    [
      'inside of maps and lists',
      'SET m.y[1].z = :v, m.w = :v REMOVE m.x, m.y[0]',
      { ':v': { N: '9' } },
      { m: { M: { w: { N: '9' }, y: { L: [{ M: { z: { N: '9' } } }] } } } },
    ],
    ['nothing where a leaf is missing', 'REMOVE m.q, q', undefined, {}],
    ['numbers by ADD', 'ADD n :v, q :v', { ':v': { N: '-4' } }, { n: { N: '6' }, q: { N: '-4' } }],
    [
      'sets by ADD',
      'ADD ss :v, q :v',
      { ':v': { SS: ['b', 'c'] } },
      { ss: { SS: ['a', 'b', 'c'] }, q: { SS: ['b', 'c'] } },
    ],
    ['sets by DELETE', 'DELETE ss :v, q :v', { ':v': { SS: ['b', 'c'] } }, { ss: { SS: ['a'] } }],
    ['a set to nothing', 'DELETE ss :v', { ':v': { SS: ['b', 'a'] } }, { ss: undefined }],
  ];
  for (const [name, text, values, changes] of cases) {
    it(name, () => {
      const item = before();
      const expected: Record<string, unknown> = { ...before(), ...changes };
      for (const [key, value] of Object.entries(expected)) if (value === undefined) delete expected[key];
      assert.deepEqual(update(text, values).applyTo(item), expected);
      assert.deepEqual(item, before(), 'the item itself stays');
    });
  }

  it('an attribute named __proto__', () => {
    const after = update('SET #p.#p = :v', { ':v': { S: 'x' } }, { '#p': '__proto__' });
    const item = JSON.parse('{"__proto__":{"M":{}}}') as Item;
    assert.equal(JSON.stringify(after.applyTo(item)), '{"__proto__":{"M":{"__proto__":{"S":"x"}}}}');
  });

  it('or is refused for what the item has', () => {
    const set = { ':v': { SS: ['a'] } };
    const refused: [text: string, message: string, values?: GivenAttributes][] = [
      ['SET c = q', 'The provided expression refers to an attribute that does not exist in the item'],
      [
        'SET c = list_append(q, l)',
        'The provided expression refers to an attribute that does not exist in the item',
      ],
      ['SET c = s + n', 'An operand in the update expression has an incorrect data type'],
      ['SET c = list_append(s, l)', 'An operand in the update expression has an incorrect data type'],
      ['ADD s :v', 'An operand in the update expression has an incorrect data type', { ':v': { N: '1' } }],
      [
        'ADD ss :v',
        'An operand in the update expression has an incorrect data type',
        { ':v': { NS: ['1'] } },
      ],
      ['DELETE n :v', 'An operand in the update expression has an incorrect data type', set],
      ...[
        'SET s.x = :v',
        'SET s[1] = :v',
        'SET q.x = :v',
        'SET q[1] = :v',
        'SET m[1] = :v',
        'SET l.x = :v',
      ].map((text): [string, string, GivenAttributes] => [
        text,
        'The document path provided in the update expression is invalid for update',
        set,
      ]),
      ...['REMOVE s.x', 'REMOVE q.x', 'REMOVE m[1]', 'REMOVE l.x'].map((text): [string, string] => [
        text,
        'The document path provided in the update expression is invalid for update',
      ]),
      ['ADD q.x :v', 'The document path provided in the update expression is invalid for update', set],
      ['DELETE q.x :v', 'The document path provided in the update expression is invalid for update', set],
      [
        'SET c = :v + :w',
        'Number overflow. Attempting to store a number with magnitude larger than supported range',
        { ':v': { N: '9e125' }, ':w': { N: '9e125' } },
      ],
      [
        'SET c = :v - :w',
        'Number overflow. Attempting to store a number with magnitude larger than supported range',
        { ':v': { N: '1e50' }, ':w': { N: '1' } },
      ],
    ];
    for (const [text, message, values] of refused) {
      assert.throws(
        () => update(text, values).applyTo(before()),
        { name: 'ValidationException', message },
        text,
      );
    }
  });

  it('an absent item, which removals do not create', () => {
    const key: Item = { p: { S: 'key' } };
    const removal = update('REMOVE x.y, x1[0]');
    assert.equal(removal.createsItem, false);
    assert.deepEqual(removal.applyTo(key, true), key);
    assert.throws(() => update('SET x.y = p').applyTo(key, true), /document path/);
    assert.equal(update('ADD n :v REMOVE x', { ':v': { N: '1' } }).createsItem, true);
    assert.equal(update('DELETE n :v', { ':v': { SS: ['1'] } }).createsItem, false);
  });

  it('no item beyond 32 levels, nor beyond its size by copies', () => {
    let deep: object = { S: 'leaf' };
    for (let level = 1; level < 32; level++) deep = { M: { n: deep } };
    const item: Item = { m: { M: {} } };
    assert.throws(() => update('SET m.x = :v', { ':v': deep }).applyTo(item), /Nesting Levels/);
    update('SET x = :v', { ':v': deep }).applyTo(item);
    const large: Item = { l: { L: [{ S: 'x'.repeat(200_000) }] } };
    const copies = Array.from({ length: 100 }, (_, index) => `a${index} = list_append(l, l)`);
    assert.throws(() => update(`SET ${copies.join(', ')}`).applyTo(large), {
      message: 'Item size to update has exceeded the maximum allowed size',
    });
  });
});

it('the parts that an update names are cut from the item, with indexes as they are', () => {
  const { targets, paths } = update('SET a.c[1] = :v, a.b = x.y REMOVE q', { ':v': { N: '1' } });
  const item: Item = {
    a: { M: { b: { S: 'yo' }, c: { L: [{ N: '1' }, { N: '7' }] }, d: { N: '1' } } },
    x: { M: { y: { S: 'y' } } },
  };
  assert.deepEqual(targets.partsOf(item), { a: { M: { c: { L: [{ N: '7' }] }, b: { S: 'yo' } } } });
  assert.deepEqual(paths, [['a', 'c', 1], ['a', 'b'], ['x', 'y'], ['q']]);
});
