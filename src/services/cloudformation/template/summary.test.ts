// The summary of a template and the capabilities that it needs.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseTemplate } from './parse.ts';
import { capabilitiesOf, missingCapabilities, summarize } from './summary.ts';
import { templateOf } from './template.ts';

const read = (text: string) => templateOf(parseTemplate(text));

it('a summary lists parameters, resource types and transforms', () => {
  const summary = summarize(
    read(`
AWSTemplateFormatVersion: 2010-09-09
Description: d
Parameters: {A: {Type: String, NoEcho: true}}
Resources: {X: {Type: AWS::S3::Bucket}, Y: {Type: AWS::S3::Bucket}, Z: {Type: AWS::EC2::VPC}}
`),
  );
  assert.deepEqual(
    [
      summary.version,
      summary.description,
      summary.resourceTypes,
      summary.capabilities,
      summary.declaredTransforms,
    ],
    ['2010-09-09', 'd', ['AWS::S3::Bucket', 'AWS::EC2::VPC'], [], []],
  );
  assert.deepEqual(
    summary.parameters.map(({ name, noEcho }) => [name, noEcho]),
    [['A', true]],
  );
});

describe('a template needs the capabilities of', () => {
  const cases: [name: string, text: string, capabilities: string[], reason: string | undefined][] = [
    ['a nested stack: none', 'Resources: {A: {Type: AWS::CloudFormation::Stack}}', [], undefined],
    [
      'a role',
      'Resources: {A: {Type: AWS::IAM::Role}}',
      ['CAPABILITY_IAM'],
      'The following resource(s) require capabilities: [AWS::IAM::Role]',
    ],
    [
      'a named role',
      'Resources: {A: {Type: AWS::IAM::Role, Properties: {RoleName: x}}, B: {Type: AWS::IAM::Policy}}',
      ['CAPABILITY_NAMED_IAM'],
      'The following resource(s) require capabilities: [AWS::IAM::Role]',
    ],
    [
      'SAM',
      'Transform: AWS::Serverless-2016-10-31\nResources: {A: {Type: AWS::Serverless::Function}}',
      ['CAPABILITY_IAM', 'CAPABILITY_AUTO_EXPAND'],
      'The following resource(s) require capabilities: [AWS::IAM::Role]; The following transform(s) require capabilities: [AWS::Serverless-2016-10-31]',
    ],
  ];
  for (const [name, text, capabilities, reason] of cases) {
    it(name, () => {
      const found = capabilitiesOf(read(text));
      assert.deepEqual([found.capabilities, found.reason], [capabilities, reason]);
    });
  }
});

describe('missing capabilities', () => {
  it('CAPABILITY_NAMED_IAM includes CAPABILITY_IAM, and not the reverse', () => {
    assert.deepEqual(missingCapabilities(['CAPABILITY_IAM'], ['CAPABILITY_NAMED_IAM']), []);
    assert.deepEqual(missingCapabilities(['CAPABILITY_NAMED_IAM'], ['CAPABILITY_IAM']), [
      'CAPABILITY_NAMED_IAM',
    ]);
  });
});
