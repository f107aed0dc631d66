// The transforms of a template: includes, macros and the language extensions.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { expandTransforms } from './expand.ts';
import { plainOf } from './node.ts';
import { parseTemplate } from './parse.ts';

const input = {
  region: 'us-east-1',
  parameters: new Map([['Where', 's3://b/more.yaml']]),
  include: async (location: string) => {
    if (location === 's3://b/more.yaml') return 'B: {Type: AWS::S3::Bucket}';
    throw new Error(`no object at ${location}`);
  },
};
const expand = async (text: string) => plainOf(await expandTransforms(parseTemplate(text), input));

it('an include is replaced by its text, alone and next to other members', async () => {
  const call = '{Name: AWS::Include, Parameters: {Location: !Ref Where}}';
  assert.deepEqual(await expand(`Resources:\n  A: {Type: x}\n  Fn::Transform: ${call}`), {
    Resources: { A: { Type: 'x' }, B: { Type: 'AWS::S3::Bucket' } },
  });
  assert.deepEqual(await expand(`Mappings: !Transform ${call}`), {
    Mappings: { B: { Type: 'AWS::S3::Bucket' } },
  });
  assert.deepEqual(await expand(`Transform: ${call}\nA: 1`), { A: 1, B: { Type: 'AWS::S3::Bucket' } });
});

it('an include that cannot be fetched is an error with its place', () =>
  assert.rejects(
    expand('A: !Transform {Name: AWS::Include, Parameters: {Location: s3://b/none}}'),
    /^TemplateError: Transform AWS::Include failed with: no object at s3:\/\/b\/none \(line 1, column 15\)/,
  ));

it('refuses macros by name, and accepts the language extensions', async () => {
  await assert.rejects(
    expand('Transform: [AWS::LanguageExtensions, MyMacro]\nResources: {}'),
    /No transform named MyMacro found\. \(line 1/,
  );
  await assert.rejects(expand('A: !Transform {Name: Mine}'), /No transform named Mine found/);
  assert.deepEqual(await expand('Transform: AWS::LanguageExtensions\nResources: {}'), { Resources: {} });
});

it('bounds the number of includes', () => {
  const calls = Array(60).fill('!Transform {Name: AWS::Include, Parameters: {Location: s3://b/more.yaml}}');
  return assert.rejects(expand(`A: [${calls.join(', ')}]`), /More than 50 includes/);
});
