// Parameters: their values, their constraints, and AWS's error texts.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { matchesWholly } from './bounded-pattern.ts';
import { type ParameterLookups, resolveParameters } from './parameters.ts';
import { parseTemplate } from './parse.ts';
import { templateOf } from './template.ts';

const lookups: ParameterLookups = {
  match: async (pairs) => pairs.map(([pattern, text]) => matchesWholly(pattern, text)),
  ssmParameter: async (name) => ({ '/ami': 'ami-1', '/list': 'a,b', '/missing-image': 'ami-9' })[name],
  exists: async (_, id) => ['ami-1', 'vpc-1', 'subnet-1', 'subnet-2'].includes(id),
};

async function resolve(declaration: string, value?: string, previous?: Record<string, string>) {
  const text = `Parameters:\n  P: {${declaration}}\nResources: {A: {Type: AWS::S3::Bucket}}`;
  const { parameters } = templateOf(parseTemplate(text));
  const given = new Map(value === undefined ? [] : [['P', { value }]]);
  const before = previous && new Map(Object.entries(previous));
  if (before) given.set('P', { usePreviousValue: true } as never);
  return (await resolveParameters(parameters, given, lookups, before)).get('P')!;
}

describe('values', () => {
  const cases: [declaration: string, value: string | undefined, expected: unknown][] = [
    ['Type: String, Default: x', undefined, 'x'],
    ['Type: String, Default: x', 'y', 'y'],
    ['Type: String, Default: ""', undefined, ''],
    ['Type: String, Default: 7.0', undefined, '7.0'],
    ['Type: Number', '6379', '6379'],
    ['Type: CommaDelimitedList', 'a, b ,c', ['a', 'b', 'c']],
    ['Type: CommaDelimitedList', '', []],
    ['Type: List<Number>', '1,2', ['1', '2']],
    ['Type: List<String>', 'a,b', ['a', 'b']],
    ['Type: AWS::EC2::VPC::Id', 'vpc-1', 'vpc-1'],
    ["Type: 'List<AWS::EC2::Subnet::Id>'", 'subnet-1,subnet-2', ['subnet-1', 'subnet-2']],
    ["Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>', Default: /ami", undefined, 'ami-1'],
    ["Type: 'AWS::SSM::Parameter::Value<List<String>>'", '/list', ['a', 'b']],
    ["Type: 'AWS::SSM::Parameter::Value<CommaDelimitedList>'", '/list', ['a', 'b']],
    ['Type: AWS::SSM::Parameter::Name', '/ami', '/ami'],
    ['Type: String, AllowedPattern: "[a-z]+"', 'abc', 'abc'],
    ['Type: String, AllowedPattern: "(?i)[a-z]+"', 'ABC', 'ABC'],
  ];
  for (const [declaration, value, expected] of cases) {
    it(`${declaration}: ${value}`, async () =>
      assert.deepEqual((await resolve(declaration, value)).value, expected));
  }
  it('UsePreviousValue takes the previous value and never the default', async () => {
    assert.equal((await resolve('Type: String, Default: x', undefined, { P: 'kept' })).value, 'kept');
    await assert.rejects(
      resolve('Type: String, Default: x', undefined, {}),
      /Parameters: \[P\] must have values/,
    );
  });
  it('the value from SSM is resolvedText, and the name stays the text', async () => {
    const resolved = await resolve("Type: 'AWS::SSM::Parameter::Value<String>', NoEcho: true", '/ami');
    assert.deepEqual([resolved.text, resolved.resolvedText, resolved.noEcho], ['/ami', 'ami-1', true]);
  });
});

describe('refuses', () => {
  const cases: [declaration: string, value: string | undefined, message: string][] = [
    ['Type: String', undefined, 'Parameters: [P] must have values (line 2, column 3)'],
    ['Type: Number', 'x', "Parameter 'P' must be a number. (line 2, column 3)"],
    [
      'Type: String, AllowedValues: [a, b]',
      'c',
      "Parameter 'P' must be one of AllowedValues (line 2, column 3)",
    ],
    [
      'Type: String, AllowedValues: [a], ConstraintDescription: only a',
      'c',
      "Parameter 'P' failed to satisfy constraint: only a (line 2, column 3)",
    ],
    [
      'Type: String, AllowedPattern: "[a-z]+"',
      'abc1',
      "Parameter 'P' must match pattern [a-z]+ (line 2, column 3)",
    ],
    [
      'Type: String, MinLength: 8',
      'short',
      "Parameter 'P' must contain at least 8 characters (line 2, column 3)",
    ],
    [
      'Type: String, MaxLength: 2',
      'long',
      "Parameter 'P' must contain at most 2 characters (line 2, column 3)",
    ],
    ['Type: Number, MinValue: 2', '1', "Parameter 'P' must be a number not less than 2 (line 2, column 3)"],
    [
      'Type: Number, MaxValue: 5',
      '6',
      "Parameter 'P' must be a number not greater than 5 (line 2, column 3)",
    ],
    [
      'Type: AWS::EC2::VPC::Id',
      'vpc-9',
      'Parameter validation failed: parameter value vpc-9 for parameter name P does not exist (line 2, column 3)',
    ],
    [
      "Type: 'AWS::SSM::Parameter::Value<String>'",
      '/nope',
      'Unable to fetch parameters [/nope] from parameter store for this account. (line 2, column 3)',
    ],
    [
      "Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>'",
      '/missing-image',
      'Parameter validation failed: parameter value ami-9 for parameter name P does not exist (line 2, column 3)',
    ],
    ['Type: String', 'x'.repeat(4097), "Parameter 'P' must not be longer than 4096 bytes (line 2, column 3)"],
    [
      'Type: String, AllowedPattern: "("',
      'x',
      "Parameter 'P' has an invalid AllowedPattern (line 2, column 3)",
    ],
    [
      'Type: String, AllowedPattern: "(a+)+"',
      `${'a'.repeat(60)}!`,
      "Parameter 'P': matching its AllowedPattern takes too long (line 2, column 3)",
    ],
  ];
  for (const [declaration, value, message] of cases) {
    it(`${declaration}: ${value?.slice(0, 20)}`, () =>
      assert.rejects(resolve(declaration, value), { message }));
  }
  it('parameters that the template does not declare', () =>
    assert.rejects(resolveParameters(new Map(), new Map([['X', { value: '1' }]]), lookups), {
      message: 'Parameters: [X] do not exist in the template',
    }));
});
