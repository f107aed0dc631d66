// Templates in JSON and YAML become nodes with places.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TemplateError } from './issues.ts';
import { member, plainOf, type TemplateNode } from './node.ts';
import { parseTemplate } from './parse.ts';

const plain = (text: string) => plainOf(parseTemplate(text));

describe('a short form of YAML becomes the long form', () => {
  const cases: [text: string, value: unknown][] = [
    ['!Ref A', { Ref: 'A' }],
    ['!GetAtt A.B', { 'Fn::GetAtt': ['A', 'B'] }],
    ['!GetAtt A.B.C', { 'Fn::GetAtt': ['A', 'B.C'] }],
    ['!GetAtt [A, B.C]', { 'Fn::GetAtt': ['A', 'B.C'] }],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: that is what templates contain
    ['!Sub "${A}-x"', { 'Fn::Sub': '${A}-x' }],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: that is what templates contain
    ["!Sub ['${a}', {a: !Ref B}]", { 'Fn::Sub': ['${a}', { a: { Ref: 'B' } }] }],
    ["!Join ['', [a, !Ref B]]", { 'Fn::Join': ['', ['a', { Ref: 'B' }]] }],
    ['!Select [0, !GetAZs ""]', { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] }],
    ["!Split [',', a]", { 'Fn::Split': [',', 'a'] }],
    ['!FindInMap [a, b, c]', { 'Fn::FindInMap': ['a', 'b', 'c'] }],
    ['!ImportValue x', { 'Fn::ImportValue': 'x' }],
    [
      '!If [c, !Ref "AWS::NoValue", !Not [!Condition d]]',
      { 'Fn::If': ['c', { Ref: 'AWS::NoValue' }, { 'Fn::Not': [{ Condition: 'd' }] }] },
    ],
    ['!And [!Equals [a, b], !Or []]', { 'Fn::And': [{ 'Fn::Equals': ['a', 'b'] }, { 'Fn::Or': [] }] }],
    ['!Base64 x', { 'Fn::Base64': 'x' }],
    ['!Cidr [a, 2, 8]', { 'Fn::Cidr': ['a', 2, 8] }],
    ['!Transform {Name: AWS::Include}', { 'Fn::Transform': { Name: 'AWS::Include' } }],
    ['!Length [a]', { 'Fn::Length': ['a'] }],
    ['!ToJsonString {a: b}', { 'Fn::ToJsonString': { a: 'b' } }],
  ];
  for (const [text, value] of cases) {
    it(text, () => assert.deepEqual(plain(`X: ${text}`), { X: value }));
  }
});

describe('a scalar of YAML has the value that AWS gives it', () => {
  const cases: [text: string, value: unknown][] = [
    ['2010-09-09', '2010-09-09'],
    ['7.0', '7.0'],
    ['7.10', 7.1],
    ['6379', 6379],
    ['012345678901', '012345678901'],
    ['05:00', '05:00'],
    ['yes', true],
    ['y', 'y'],
    ['"true"', 'true'],
    ['12345678901234567890', '12345678901234567890'],
    ['.inf', '.inf'],
  ];
  for (const [text, value] of cases) {
    it(text, () => assert.deepEqual(plain(`X: ${text}`), { X: value }));
  }
});

it('accepts aliases, and keys that YAML would parse as numbers or booleans', () => {
  assert.deepEqual(plain('A: &a [1]\nB: *a\n12: x\nNo: y'), { A: [1], B: [1], 12: 'x', No: 'y' });
});

describe('nodes have their places', () => {
  const placeOf = (root: TemplateNode, ...path: string[]) =>
    path.reduce<TemplateNode | undefined>((node, name) => member(node, name), root)?.place;
  it('in YAML', () => {
    const root = parseTemplate('Resources:\n  A:\n    Type: x\n    Port: !Ref B\n');
    assert.deepEqual(placeOf(root, 'Resources', 'A', 'Type'), { line: 3, column: 11 });
    assert.deepEqual(root.entries.get('Resources')?.place, { line: 1, column: 1 });
  });
  it('in JSON', () => {
    const root = parseTemplate('{\n  "Resources": {"A":\n\t{ "Type" : "x\\u0041", "N": [1.50, true]}}}\n');
    assert.deepEqual(placeOf(root, 'Resources', 'A', 'Type'), { line: 3, column: 13 });
    assert.deepEqual(plainOf(root), { Resources: { A: { Type: 'xA', N: [1.5, true] } } });
  });
});

describe('refuses', () => {
  const cases: [name: string, text: string, message: RegExp][] = [
    [
      'a duplicate key',
      'A: 1\nB: 2\nA: 3\n',
      /^Template format error: Duplicate key 'A' found\. \(line 3, column 1\)/,
    ],
    ['a duplicate key in JSON', '{"A": 1,\n "A": 2}', /Duplicate key 'A' found\. \(line 2, column 2\)/],
    ['an unknown tag', 'A: !Nope x', /YAML tag !Nope is not supported\. \(line 1, column 10\)/],
    ['a binary', 'A: !!binary aGk=', /YAML tag !!binary is not supported/],
    ['broken YAML', 'A: [1\nB: 2', /^Template format error: YAML not well-formed\. \(line \d+, column \d+\)/],
    [
      'broken JSON',
      '{"A": 1,\n  "B" 2}',
      /^Template format error: JSON not well-formed\. \(line 2, column 7\)/,
    ],
    ['an unclosed string', '{"A": "x', /JSON not well-formed/],
    ['no object', '- 1', /unsupported structure/],
    ['nothing', '', /unsupported structure/],
    ['a hostile key', '{"__proto__": {}}', /Key '__proto__' is not allowed/],
    ['a hostile key in YAML', '__proto__: {}', /Key '__proto__' is not allowed/],
    ['an unknown alias', 'A: *b', /not well-formed|Unknown alias/],
    ['a complex key', '? [a]\n: b', /Keys must be strings/],
    ['deep YAML', `A: ${'['.repeat(20_000)}`, /nested too deeply|not well-formed/],
    ['deep JSON', `{"A": ${'['.repeat(200_000)}`, /nested too deeply/],
    ['too much', `A: "${'x'.repeat(1_048_576)}"`, /may not exceed 1048576 bytes/],
  ];
  for (const [name, text, message] of cases) {
    it(name, () =>
      assert.throws(
        () => parseTemplate(text),
        (error) => error instanceof TemplateError && message.test(error.message),
      ),
    );
  }

  it('aliases that grow exponentially', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 9; level++) {
      lines.push(
        `a${level}: &a${level} [${Array(10)
          .fill(`*a${level - 1}`)
          .join(', ')}]`,
      );
    }
    assert.throws(() => parseTemplate(lines.join('\n')), /too many values/);
  });

  it('an alias inside its own anchor', () => {
    assert.throws(() => parseTemplate('a: &a [*a]'), TemplateError);
  });

  it('a text that is larger than the limit of its source', () => {
    assert.throws(
      () => parseTemplate(`A: ${'x'.repeat(51_200)}`, 51_200),
      /Template may not exceed 51200 bytes/,
    );
  });
});
