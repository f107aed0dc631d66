// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is what Fn::Sub reads

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cidrBlocks } from './cidr.ts';
import { evaluate } from './evaluate.ts';
import { member } from './node.ts';
import { parseTemplate } from './parse.ts';
import { evaluateOutputs, stackContext } from './stack-context.ts';
import { templateOf } from './template.ts';
import { causesIn, causeText, type Evaluated } from './unknown-value.ts';

const TEMPLATE = `
Parameters:
  Prefix: {Type: String, Default: demo}
  Zones: {Type: CommaDelimitedList, Default: 'a,b'}
Mappings:
  Sizes: {us-east-1: {small: t3.micro, list: [x, y]}}
Conditions:
  Later: !Not [!Condition Prod]
  Prod: !Equals [!Ref Prefix, prod]
  Both: !And [!Condition Later, !Equals [1, "1"]]
  Either: !Or [!Condition Prod, !Equals [true, "true"]]
Resources:
  Made: {Type: AWS::S3::Bucket}
  New: {Type: AWS::S3::Bucket}
Outputs:
  Shown: {Value: !Ref Made, Export: {Name: !Sub '\${AWS::StackName}-bucket'}}
  Hidden: {Value: x, Condition: Prod}
`;

const template = templateOf(parseTemplate(TEMPLATE));
const context = stackContext({
  template,
  stack: {
    scope: { accountId: '123456789012', region: 'us-east-1' },
    stackName: 'demo',
    stackId: 'arn:stack',
  },
  parameters: new Map<string, Evaluated>([
    ['Prefix', 'demo'],
    ['Zones', ['a', 'b']],
  ]),
  resource: (logicalId) =>
    logicalId === 'Made'
      ? { ref: 'bucket-1', attribute: (name) => (name === 'Arn' ? 'arn:bucket-1' : undefined) }
      : undefined,
  exported: (name) => (name === 'shared-vpc' ? 'vpc-1' : undefined),
  zones: (region) => [`${region}a`, `${region}b`],
});

const valueIn = (text: string) => {
  const value = evaluate(member(parseTemplate(`X: ${text}`), 'X')!, context);
  return typeof value === 'symbol' ? 'no value' : value;
};

describe('the value of', () => {
  const cases: [text: string, value: unknown][] = [
    ['!Ref Prefix', 'demo'],
    ['!Ref AWS::Region', 'us-east-1'],
    ['!Ref AWS::NoValue', 'no value'],
    ['!Ref AWS::NotificationARNs', []],
    ['!Ref Made', 'bucket-1'],
    ['!GetAtt Made.Arn', 'arn:bucket-1'],
    ['!GetAtt [Made, !Sub Arn]', 'arn:bucket-1'],
    [
      '!Sub "${Prefix}-${AWS::AccountId}-${!Literal}-${Made.Arn}"',
      'demo-123456789012-${Literal}-arn:bucket-1',
    ],
    ['!Sub ["${a}${Prefix}", {a: !Ref Made}]', 'bucket-1demo'],
    ['!Sub "$ $${Prefix} {}"', '$ $demo {}'],
    ['!Join ["-", [a, !Ref Prefix, 7.0]]', 'a-demo-7.0'],
    ['!Join [",", !Ref Zones]', 'a,b'],
    ['!Split ["|", "a||c"]', ['a', '', 'c']],
    ['!Select [1, !Split [",", "a,b"]]', 'b'],
    ['!Select ["0", !GetAZs ""]', 'us-east-1a'],
    ['!GetAZs eu-west-1', ['eu-west-1a', 'eu-west-1b']],
    ['!FindInMap [Sizes, !Ref AWS::Region, small]', 't3.micro'],
    ['!FindInMap [Sizes, !Ref AWS::Region, list]', ['x', 'y']],
    ['!FindInMap [Sizes, nowhere, small, {DefaultValue: !Ref Prefix}]', 'demo'],
    ['!If [Prod, a, b]', 'b'],
    ['!If [Either, !If [Both, both, no], no]', 'both'],
    ['{a: !If [Prod, x, !Ref AWS::NoValue], b: [!Ref AWS::NoValue, 1]}', { b: [1] }],
    ['!ImportValue shared-vpc', 'vpc-1'],
    ['!Base64 "hi"', 'aGk='],
    ['!Cidr [10.0.0.0/16, 2, 8]', ['10.0.0.0/24', '10.0.1.0/24']],
    ['!Length [a, b]', 2],
    ['!ToJsonString {a: [1, !Ref Prefix]}', '{"a":[1,"demo"]}'],
    ['{Ref: a, Other: b}', { Ref: 'a', Other: 'b' }],
  ];
  for (const [text, value] of cases) it(text, () => assert.deepEqual(valueIn(text), value));
});

describe('an unknown value names its causes', () => {
  const cases: [text: string, causes: string[]][] = [
    ['!Ref New', ['New']],
    ['!GetAtt New.Arn', ['New.Arn']],
    ['!Sub "${New}-${New.Arn}-${Prefix}"', ['New', 'New.Arn']],
    ['!Join ["", [!Ref New, x]]', ['New']],
    ['[a, !Ref New]', ['New']],
    ['!Select [0, [!Ref New]]', ['New']],
    ['!ImportValue nothing', ['nothing']],
    ['!Base64 {Ref: New}', ['New']],
    ['!If [Prod, !Ref New, x]', []],
  ];
  for (const [text, causes] of cases) {
    it(text, () => assert.deepEqual(causesIn(valueIn(text)).map(causeText), causes));
  }
});

describe('an error for', () => {
  const cases: [text: string, message: RegExp][] = [
    ['!Ref {a: b}', /every Ref object must have a single String value/],
    ['!GetAtt Made', /every Fn::GetAtt object requires two non-empty parameters/],
    ['!GetAtt Made.Nope', /Attribute 'Nope' does not exist on resource 'Made' \(line 1, column/],
    ['!Sub {}', /every Fn::Sub object requires one or two arguments/],
    ['!Sub "${a b}"', /One or more Fn::Sub intrinsic functions/],
    ['!Join [a]', /every Fn::Join object requires two parameters/],
    ['!Split ["", a]', /every Fn::Split object requires two parameters/],
    ['!Select [5, [a]]', /Fn::Select cannot select nonexistent value at index 5/],
    ['!Select [x, [a]]', /an integer index and a list/],
    ['!FindInMap [Sizes, nowhere, small]', /Unable to get mapping for Sizes::nowhere::small/],
    ['!FindInMap [constructor, a, b]', /Unable to get mapping for constructor::a::b/],
    ['!If [Nope, a, b]', /Unresolved condition dependency Nope/],
    ['{Fn::Nope: x}', /Encountered unsupported function: Fn::Nope/],
    ['!Base64 {a: b}', /every Fn::Base64 object must have a String-typed value/],
    ['!Cidr [10.0.0.0/24, 3, 7]', /has no room for 3 blocks/],
    ['!Length x', /Fn::Length expects/],
  ];
  for (const [text, message] of cases) it(text, () => assert.throws(() => valueIn(text), message));
});

it('a template that would evaluate to gigabytes is refused', () => {
  const text = `X: !Join ['', [${Array(20_000).fill('!Ref Prefix').join(', ')}]]`;
  const big = {
    ...context,
    parameters: new Map([['Prefix', 'x'.repeat(4096)]]),
    budget: { left: 1_000_000 },
  };
  assert.throws(
    () => evaluate(member(parseTemplate(text), 'X')!, big),
    /evaluates to more data than is allowed/,
  );
});

describe('conditions', () => {
  const conditionsOf = (text: string) =>
    stackContext({
      ...context,
      template: templateOf(parseTemplate(`${text}\nResources: {A: {Type: AWS::S3::Bucket}}`)),
      stack: { scope: { accountId: '1', region: 'us-east-1' }, stackName: 's', stackId: 'i' },
    }).conditions;
  it('can refer to each other in any order', () => {
    assert.deepEqual(Object.fromEntries(context.conditions), {
      Later: true,
      Prod: false,
      Both: true,
      Either: true,
    });
  });
  it('cannot form a cycle', () => {
    assert.throws(
      () => conditionsOf('Conditions: {A: !Not [!Condition B], B: !Not [!Condition A]}'),
      /Circular dependency between conditions: \[A, B\]/,
    );
  });
  it('cannot refer to a resource', () => {
    assert.throws(
      () => conditionsOf('Conditions: {A: !Equals [!Ref New, x]}'),
      /Unresolved dependencies \[New\]\. Cannot reference resources in the Conditions block/,
    );
  });
  it('must be condition functions with the right number of arguments', () => {
    assert.throws(
      () => conditionsOf('Conditions: {A: maybe}'),
      /Every Condition member must be a string or a condition function/,
    );
    assert.throws(() => conditionsOf('Conditions: {A: !And [true]}'), /every Fn::And object requires/);
  });
});

it('evaluates only outputs whose condition holds', () => {
  assert.deepEqual(
    evaluateOutputs(template, context).map(({ name, value, exportName }) => [name, value, exportName]),
    [['Shown', 'bucket-1', 'demo-bucket']],
  );
});

it('Fn::Cidr divides blocks of IPv4 and IPv6', () => {
  assert.deepEqual(cidrBlocks('10.0.255.0/16', 2, 4), ['10.0.0.0/28', '10.0.0.16/28']);
  assert.deepEqual(cidrBlocks('2001:db8::/56', 2), ['2001:db8::/64', '2001:db8:0:1::/64']);
  for (const [block, count, bits] of [
    ['x', 1, 8],
    ['10.0.0.0/33', 1, 8],
    ['10.0.0.0/16', 257, 8],
    ['10.0.0.0/16', 1, undefined],
  ] as const) {
    assert.equal(typeof cidrBlocks(block, count, bits), 'string');
  }
});
