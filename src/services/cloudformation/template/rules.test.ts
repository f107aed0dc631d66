// The Rules section.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeIssue } from './issues.ts';
import { parseTemplate } from './parse.ts';
import { failedRules } from './rules.ts';
import { stackContext } from './stack-context.ts';
import { templateOf } from './template.ts';

const stack = { scope: { accountId: '1', region: 'us-east-1' }, stackName: 's', stackId: 'i' };

async function failures(assertion: string, condition?: string): Promise<string[]> {
  const template = templateOf(
    parseTemplate(`
Parameters:
  Stage: {Type: String}
  Vpc: {Type: AWS::EC2::VPC::Id}
  Subnets: {Type: 'List<AWS::EC2::Subnet::Id>'}
Rules:
  R:
${condition === undefined ? '' : `    RuleCondition: ${condition}\n`}    Assertions: [{Assert: ${assertion}, AssertDescription: must be so}]
Resources: {A: {Type: AWS::S3::Bucket}}
`),
  );
  const context = stackContext({
    template,
    stack,
    parameters: new Map<string, string | string[]>([
      ['Stage', 'prod'],
      ['Vpc', 'vpc-1'],
      ['Subnets', ['s-1', 's-2']],
    ]),
    resource: () => undefined,
    exported: () => undefined,
    zones: () => [],
  });
  const vpcOf: Record<string, string> = { 's-1': 'vpc-1', 's-2': 'vpc-1' };
  const attributeOf = async (_: string, id: string, name: string) =>
    name === 'VpcId' ? vpcOf[id] : undefined;
  return (await failedRules(template, { ...context, attributeOf })).map(describeIssue);
}

describe('an assertion holds', () => {
  const cases = [
    '!Contains [[dev, prod], !Ref Stage]',
    '!EachMemberEquals [!ValueOf [Subnets, VpcId], !Ref Vpc]',
    "!EachMemberIn [!ValueOfAll ['AWS::EC2::Subnet::Id', VpcId], !RefAll 'AWS::EC2::VPC::Id']",
    '!Not [!Equals [!Ref Stage, dev]]',
    '!And [!Contains [[prod], !Ref Stage], !Or [!Equals [a, b], !Equals [a, a]]]',
  ];
  for (const text of cases) it(text, async () => assert.deepEqual(await failures(text), []));
});

it('a failed assertion reports its description and place', async () => {
  assert.deepEqual(await failures('!Contains [[dev], !Ref Stage]'), [
    'Template error: Rule R failed: must be so (line 8, column 37)',
  ]);
  assert.deepEqual(await failures('!EachMemberIn [!RefAll "AWS::EC2::Subnet::Id", [s-1]]'), [
    'Template error: Rule R failed: must be so (line 8, column 41)',
  ]);
});

it('a rule applies only when its condition holds', async () => {
  assert.deepEqual(await failures('!Equals [a, b]', '!Equals [!Ref Stage, dev]'), []);
  assert.equal((await failures('!Equals [a, b]', '!Equals [!Ref Stage, prod]')).length, 1);
});
