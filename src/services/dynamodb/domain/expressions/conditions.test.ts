import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { GivenAttributes, Item, Value } from '../values.ts';
import { conditionOf, Placeholders } from './index.ts';

function filter(text: string, values?: GivenAttributes, names?: Record<string, string>) {
  const placeholders = new Placeholders({
    ExpressionAttributeValues: values,
    ExpressionAttributeNames: names,
  });
  return conditionOf('FilterExpression', text, placeholders);
}

function refuses(
  text: string,
  problem: string | RegExp,
  values?: GivenAttributes,
  names?: Record<string, string>,
) {
  const message = typeof problem === 'string' ? `Invalid FilterExpression: ${problem}` : problem;
  assert.throws(() => filter(text, values, names), { name: 'ValidationException', message }, text);
}

// What AWS answered to dynalite's tests of Scan, which recorded it.
describe('a condition is refused in AWS’s words and order', () => {
  it('for its syntax', () => {
    const texts = [
      'things are not gonna be ok',
      'a > 4',
      'attribute_exists(Pictures-RearView)',
      'attribute_exists("Pictures.RearView")',
      'attribute_exists(Pictures..RearView)',
      'attribute_exists(Pi#ctures.RearView)',
      'attribute_exists(asdf[a])',
      'attribute_exists()',
      'a.:a < b.:b',
      'a in b, c',
      'a > between',
      'a in b',
      'a in ()',
      'a in (b,c,)',
      '(a)between(b.(c.d))and(c)',
      '(a)between(b.c.d)and((c)',
      '#$.b > a',
      'a > :things.stuff',
      'b[:a] > a',
      'b[#_] > a',
      'ü > a',
      '_a > b',
      '(a)between(b.c[4.5].#d)and(:a)',
      'size(a).b > a',
      '(size(a)).b > a',
      'size(a)[0] > a',
      '(size(a))[0] > a',
      'a',
      ':a',
      '(a)',
      'a = b = c',
      'a AND b = c',
      'NOT a',
      '(a = b) = c',
      'f(a = b)',
      'a = b OR',
    ];
    for (const text of texts) refuses(text, /^Invalid FilterExpression: Syntax error; token: "/);
  });

  // From AWS's answers in public reports of errors.
  it('naming the token, and the text around it', () => {
    const tokens: [text: string, token: string, near: string][] = [
      ['a-b', '-', 'a-b'],
      ['tenantAgent:abc123-x = :a', ':abc123', 'tenantAgent:abc123-'],
      [
        '#articleId attribute_not_exists :ckpst',
        'attribute_not_exists',
        '#articleId attribute_not_exists :ckpst',
      ],
      ['attribute_exists([1])', '[', '([1'],
      ['attribute_type()', ')', '()'],
      ['!!', '!', '!!'],
      ['a = b AND ', '<EOF>', 'AND'],
    ];
    for (const [text, token, near] of tokens) {
      refuses(text, `Syntax error; token: "${token}", near: "${near}"`);
    }
  });

  it('for parentheses, functions and reserved words, in this order', () => {
    for (const text of [
      'a=a and a > ((views))',
      '(a)between(((b.c)).d)and(c)',
      'a > whatever((:things), ((a)))',
      'a=a AND ((a=a AND a=a)) AND a=a',
      'a=a OR ((a=a OR (a=a OR a=a)))',
      '((a = b))',
    ]) {
      refuses(text, 'The expression has redundant parentheses;');
    }
    refuses('a=a and whatever((:things)) > a', 'Invalid function name; function: whatever');
    refuses('attRIbute_exIsts((views), #a)', 'Invalid function name; function: attRIbute_exIsts');
    const misused: [string, string][] = [
      ['a=a and attribute_exists((views), (#a)) > b', 'attribute_exists'],
      ['attribute_not_exists(things) > b', 'attribute_not_exists'],
      ['attribute_type(things, :a) > b', 'attribute_type'],
      ['begins_with(things, a) > b', 'begins_with'],
      ['contains(:things, c) > b', 'contains'],
      ['size(contains(a, b)) > a', 'contains'],
      ['size(things)', 'size'],
      ['a between b and attribute_exists(things)', 'attribute_exists'],
      ['a in (b, attribute_exists(things))', 'attribute_exists'],
    ];
    for (const [text, name] of misused) {
      refuses(text, `The function is not allowed to be used this way in an expression; function: ${name}`);
    }
    refuses(
      'if_not_exists(a, a)=:arg',
      'The function is not allowed in a condition expression; function: if_not_exists',
    );
    refuses('a[2147483648] = :a', 'List index is not within the allowable range; index: [2147483648]');
    const reserved = 'Attribute name is a reserved keyword; reserved keyword: ';
    refuses('attribute_exists(views, #a)', `${reserved}views`);
    refuses(':a < abOrT', `${reserved}abOrT`);
    refuses('a.status = :a', `${reserved}status`);
  });

  it('for placeholders that are not defined', () => {
    const name = 'An expression attribute name used in the document path is not defined; attribute name: ';
    refuses('attribute_exists(#Pictures.RearView, :a) and a=a', `${name}#Pictures`);
    refuses('begins_with(Pictures.#RearView)', `${name}#RearView`);
    refuses('(#P between :lo and :hi) and (#PC in (:cat1, :cat2))', `${name}#P`);
    refuses('#4g > a', `${name}#4g`);
    refuses('(a)between(b.c[45].#d)and(:a)', `${name}#d`);
    refuses('#toString = a', `${name}#toString`);
    refuses(`${'a.'.repeat(32)}a = b`, 'The document path has too many nesting levels; nesting levels: 33');
    const value = 'An expression attribute value used in expression is not defined; attribute value: ';
    refuses('begins_with(:hello, #a, #b)', `${value}:hello`);
    refuses(':a < :b', `${value}:a`);
    refuses(':constructor > a', `${value}:constructor`);
  });

  it('for the number of operands', () => {
    const operands: [string, string, number][] = [
      ['attribute_exists(things, a) and a=a', 'attribute_exists', 2],
      ['attribute_not_exists(things, b)', 'attribute_not_exists', 2],
      ['attribute_type(things)', 'attribute_type', 1],
      ['begins_with(things)', 'begins_with', 1],
      ['begins_with(things, size(a), b)', 'begins_with', 3],
      ['contains(things)', 'contains', 1],
      ['size(things, a) > b', 'size', 2],
    ];
    for (const [text, name, count] of operands) {
      refuses(
        text,
        `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${count}`,
      );
    }
    const list = Array.from({ length: 101 }, (_, index) => `a${index}`).join(',');
    refuses(`b IN (${list})`, 'The IN operator is provided with too many operands; number of operands: 101');
  });

  it('for the types of operands', () => {
    const wrong: [text: string, name: string, value: GivenAttributes[string]][] = [
      ['attribute_type(a, size(a)) and a=a and a=:a', 'attribute_type', { N: '1' }],
      ...[
        { N: '1' },
        { B: Buffer.from('a') },
        { BOOL: true },
        { NULL: true },
        { L: [] },
        { M: {} },
        { SS: ['1'] },
        { NS: ['1'] },
        { BS: [Buffer.from('a')] },
      ].map((value): [string, string, object] => ['attribute_type(a, :a)', 'attribute_type', value]),
      ['begins_with(a, size(a)) and a=:a', 'begins_with', { N: '1' }],
      ...[{ N: '1' }, { BOOL: true }, { NULL: true }, { L: [] }, { M: {} }, { SS: ['1'] }].flatMap(
        (value): [string, string, object][] => [
          ['begins_with(a, :a)', 'begins_with', value],
          ['begins_with(:a, a)', 'begins_with', value],
        ],
      ),
      ['size(size(a)) > :a', 'size', { N: '1' }],
      ['attribute_not_exists(size(:a))', 'size', { N: '1' }],
      ['size(:a) > a', 'size', { BOOL: true }],
      ['size(:a) > a', 'size', { NULL: true }],
      ['a < :a', '<', { L: [] }],
      [':a >= a', '>=', { SS: ['a'] }],
      ['a BETWEEN :a AND :a', 'BETWEEN', { BOOL: true }],
    ];
    for (const [text, name, value] of wrong) {
      const type = Object.keys(value)[0];
      refuses(
        text,
        `Incorrect operand type for operator or function; operator or function: ${name}, operand type: ${type}`,
        { ':a': value },
      );
    }
    refuses(
      'attribute_type(a, b)',
      'Incorrect operand type for operator or function; operator or function: attribute_type, operand type: {NS,SS,L,BS,N,M,B,BOOL,NULL,S}',
    );
    refuses(
      'attribute_type(a, :a)',
      'Invalid attribute type name found; type: 1, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}',
      { ':a': { S: '1' } },
    );
    const path = 'Operator or function requires a document path; operator or function: ';
    refuses('attribute_exists(:a) and a=a', `${path}attribute_exists`, { ':a': { S: '1' } });
    refuses('attribute_not_exists(size(:a))', `${path}attribute_not_exists`, { ':a': { S: '1' } });
  });

  it('for operands that are the same, and for bounds in the wrong order', () => {
    const same: [string, string, string][] = [
      ['a = a AND #a = b AND :views > a', '=', '[a]'],
      ['#a <> a', '<>', '[a]'],
      ['a > #a', '>', '[a]'],
      ['((a=a) OR (a=a))', '=', '[a]'],
      ['contains(ab.bc[1].a, ab.bc[1].#a)', 'contains', '[ab, bc, [1], a]'],
      ['attribute_type(ab.bc[1].#a, ab.bc[1].a)', 'attribute_type', '[ab, bc, [1], a]'],
      ['begins_with(ab.bc[1].a, ab.bc[1].#a)', 'begins_with', '[ab, bc, [1], a]'],
      ['a IN (b, a)', 'IN', '[a]'],
    ];
    for (const [text, operator, path] of same) {
      refuses(
        text,
        `The first operand must be distinct from the remaining operands for this operator or function; operator: ${operator}, first operand: ${path}`,
        undefined,
        { '#a': 'a' },
      );
    }
    refuses(
      'a BETWEEN :a AND :b',
      'The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue: {N:1}, upper bound operand: AttributeValue: {S:b}',
      { ':a': { N: '1' }, ':b': { S: 'b' } },
    );
    refuses(
      'a BETWEEN :a AND :b',
      'The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}',
      { ':a': { N: '2' }, ':b': { N: '1' } },
    );
  });

  it('for its size, before it is parsed', () => {
    refuses('', 'The expression can not be empty;');
    const size = 'Expression size has exceeded the maximum allowed size; expression size: ';
    refuses('('.repeat(4_097), `${size}4097`);
    refuses('é'.repeat(2_049), `${size}4098`);
    const operators = 'The expression contains too many operators; operator count: 301';
    refuses(`a<b ${'or (a<b '.repeat(454)}${')'.repeat(454)}`, operators);
    refuses(`${'not '.repeat(1_000)}a<b`, operators);
    refuses(`a<b${' or a<b'.repeat(150)}`, operators);
    refuses(`${'('.repeat(2_040)}a<b${')'.repeat(2_040)}`, /Invalid FilterExpression/);
    filter(`a<b ${'or (a<b '.repeat(149)}${')'.repeat(149)}`);
  });
});

describe('a condition holds', () => {
  const item: Item = {
    a: { N: '1' },
    b: { N: '2' },
    s: { S: 'hello' },
    m: { M: { x: { N: '1' }, y: { L: [{ N: '-1' }, { N: '2' }] } } },
    ns: { NS: ['2', '4'] },
    no: { BOOL: false },
    ['__proto__']: { S: 'own' },
  };
  const values: Record<string, Value> = {
    ':one': { N: '1' },
    ':two': { N: '2' },
    ':text': { S: '1' },
    ':he': { S: 'he' },
    ':five': { N: '5' },
    ':type': { S: 'NS' },
    ':own': { S: 'own' },
  };
  const used = (text: string) =>
    Object.fromEntries(Object.entries(values).filter(([key]) => text.includes(key)));

  it('by the operators and functions', () => {
    const cases: Record<string, boolean> = {
      'a = :one': true,
      'a = :text': false,
      'a <> :text': true,
      'a < b': true,
      'b <= :two': true,
      'a > b': false,
      'b >= a': true,
      'a < :text': false,
      'm.x < m.y[1]': true,
      'm.x < m.y[0]': false,
      'm.z < m.y[9]': false,
      'q = z': false,
      'q <> z': true,
      'q < z': false,
      'q BETWEEN z AND x': false,
      'b BETWEEN a AND :five': true,
      'a BETWEEN b AND :five': false,
      'b BETWEEN a AND :five AND a < b': true,
      'a IN (b, :one)': true,
      'a IN (b, :text)': false,
      'q IN (q1, :one)': false,
      'attribute_exists(m.x)': true,
      'attribute_exists(m.x.y)': false,
      'attribute_not_exists(q)': true,
      'attribute_exists(toString)': false,
      'attribute_type(ns, :type)': true,
      'attribute_type(:one, :type)': false,
      'begins_with(s, :he)': true,
      'begins_with(a, :he)': false,
      'contains(ns, :two)': true,
      'contains(ns, :one)': false,
      'size(s) = :five': true,
      'size(m) = :two': true,
      'size(a) = :one': false,
      'size(m.y) > size(ns)': false,
      'NOT a = b': true,
      'NOT NOT NOT a = b': true,
      'NOT a < b AND b < a': false,
      'a < b OR b < a AND q = z': true,
      '(a < b OR b < a) AND q = z': false,
      'a < b aNd (b < a oR nOt (q = z))': true,
      '(a) between (a1) and ((b).c)': false,
      '#proto = :own': true,
    };
    for (const [text, expected] of Object.entries(cases)) {
      const names = text.includes('#proto') ? { '#proto': '__proto__' } : undefined;
      const given = used(text);
      const condition = filter(text, Object.keys(given).length > 0 ? given : undefined, names);
      assert.equal(condition.holds(item), expected, text);
    }
  });

  it('for an absent item as for an empty one', () => {
    assert.equal(filter('attribute_not_exists(a)').holds(undefined), true);
    assert.equal(filter('a <> :one', { ':one': { N: '1' } }).holds(undefined), true);
  });

  it('and names its paths', () => {
    const { paths } = filter('#x.y = :one OR contains(b, size(c[1]))', { ':one': { N: '1' } }, { '#x': 'a' });
    assert.deepEqual(paths, [['a', 'y'], ['b'], ['c', 1]]);
  });
});

it('a text that was parsed before is bound anew', () => {
  const text = '#a = :v';
  const one = filter(text, { ':v': { N: '1' } }, { '#a': 'a' });
  const other = filter(text, { ':v': { N: '2' } }, { '#a': 'b' });
  assert.ok(one.holds({ a: { N: '1' } }));
  assert.ok(other.holds({ b: { N: '2' } }));
  assert.ok(!other.holds({ a: { N: '1' } }));
});

it('placeholders are checked, and that all are used', () => {
  const refused = (input: object, message: string) =>
    assert.throws(() => new Placeholders(input), { name: 'ValidationException', message });
  refused({ ExpressionAttributeNames: {} }, 'ExpressionAttributeNames must not be empty');
  refused(
    { ExpressionAttributeNames: { a: 'a' } },
    'ExpressionAttributeNames contains invalid key: Syntax error; key: "a"',
  );
  refused(
    { ExpressionAttributeNames: { [`#${'a'.repeat(255)}`]: 'a' } },
    'ExpressionAttributeNames contains invalid key: The expression attribute map contains a key that is too long; size of key: 256',
  );
  refused(
    { ExpressionAttributeNames: { '#a': '' } },
    'ExpressionAttributeNames contains invalid value: Empty attribute name for key #a',
  );
  refused({ ExpressionAttributeValues: {} }, 'ExpressionAttributeValues must not be empty');
  refused(
    { ExpressionAttributeValues: { ':b': {}, b: { S: 'a' } } },
    'ExpressionAttributeValues contains invalid key: Syntax error; key: "b"',
  );
  refused(
    { ExpressionAttributeValues: { ':b': { NS: ['1', 'b'] } } },
    'ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a numeric value: b for key :b',
  );
  const placeholders = new Placeholders({
    ExpressionAttributeNames: { '#a': 'a', '#b': 'b' },
    ExpressionAttributeValues: { ':a': { S: 'a' }, ':b': { S: 'b' } },
  });
  conditionOf('ConditionExpression', '#a = :a', placeholders);
  assert.throws(() => placeholders.checkAllUsed(), {
    message: 'Value provided in ExpressionAttributeNames unused in expressions: keys: {#b}',
  });
});
