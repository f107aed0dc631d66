// Creates the role of a function that has none, with the function's policies.

import { callOf } from '../intrinsics.ts';
import { member, type NodeSource, type ObjectNode, type TemplateNode, textOf } from '../node.ts';
import { POLICY_TEMPLATES } from './policy-templates.ts';
import { beside, invalid, property, type SamContext, type SamSource, tagList } from './source.ts';

/** The AWS-managed policies with the path `service-role/` that functions use. */
const IN_SERVICE_ROLE = new Set([
  'AWSLambdaBasicExecutionRole',
  'AWSLambdaDynamoDBExecutionRole',
  'AWSLambdaENIManagementAccess',
  'AWSLambdaKinesisExecutionRole',
  'AWSLambdaMSKExecutionRole',
  'AWSLambdaRole',
  'AWSLambdaSQSQueueExecutionRole',
  'AWSLambdaVPCAccessExecutionRole',
  'AmazonS3ObjectLambdaExecutionRolePolicy',
]);

/** Throws a TemplateError for a policy template that is not supported. */
export function functionRole(source: SamSource, context: SamContext): ObjectNode {
  const managedArn = (name: string) =>
    `arn:${context.partition}:iam::aws:policy/${IN_SERVICE_ROLE.has(name) ? 'service-role/' : ''}${name}`;
  const managed: NodeSource[] = [managedArn('AWSLambdaBasicExecutionRole')];
  const tracing = textOf(property(source, 'Tracing'));
  if (tracing !== undefined && tracing !== 'Disabled') managed.push(managedArn('AWSXrayWriteOnlyAccess'));
  if (property(source, 'VpcConfig')) managed.push(managedArn('AWSLambdaVPCAccessExecutionRole'));
  const documents: NodeSource[] = [];
  for (const policy of policiesOf(source)) {
    const text = textOf(policy);
    if (text !== undefined) managed.push(text.startsWith('arn:') ? text : managedArn(text));
    else if (callOf(policy)) managed.push(policy);
    else documents.push(member(policy, 'Statement') ? policy : fromTemplate(policy, source));
  }
  return beside(source, 'AWS::IAM::Role', {
    AssumeRolePolicyDocument: property(source, 'AssumeRolePolicyDocument') ?? ASSUMED_BY_LAMBDA,
    ManagedPolicyArns: managed.filter((item, index) => managed.indexOf(item) === index),
    Policies:
      documents.length === 0
        ? undefined
        : documents.map((PolicyDocument, index) => ({
            PolicyName: `${source.logicalId}RolePolicy${index}`,
            PolicyDocument,
          })),
    PermissionsBoundary: property(source, 'PermissionsBoundary'),
    Path: property(source, 'RolePath'),
    Tags: tagList(source),
  });
}

const ASSUMED_BY_LAMBDA = {
  Version: '2012-10-17',
  Statement: [
    { Action: ['sts:AssumeRole'], Effect: 'Allow', Principal: { Service: ['lambda.amazonaws.com'] } },
  ],
};

function policiesOf(source: SamSource): TemplateNode[] {
  const declared = property(source, 'Policies');
  if (!declared) return [];
  return declared.kind === 'list' ? declared.items : [declared];
}

function fromTemplate(policy: TemplateNode, source: SamSource): NodeSource {
  if (policy.kind !== 'object' || policy.entries.size !== 1) {
    return invalid(
      source,
      'Policies must be names, ARNs, documents with a Statement, or policy templates',
      policy.place,
    );
  }
  const [name, entry] = [...policy.entries][0]!;
  const template = POLICY_TEMPLATES.get(name);
  if (!template) return invalid(source, `Policy template ${name} is not supported`, entry.place);
  const values: Record<string, NodeSource> = {};
  for (const parameter of template.parameters) {
    const value = member(entry.value, parameter);
    if (!value)
      return invalid(source, `Policy template ${name} misses its parameter ${parameter}`, entry.place);
    values[parameter] = value;
  }
  return {
    Version: '2012-10-17',
    Statement: template.statements.map(({ actions, resources }) => {
      const shown = resources.map((text) => substituted(text, values));
      return { Effect: 'Allow', Action: actions, Resource: shown.length === 1 ? shown[0] : shown };
    }),
  };
}

function substituted(text: string, values: Record<string, NodeSource>): NodeSource {
  if (!text.includes('$')) return text;
  const used = Object.entries(values).filter(([name]) => text.includes(`\${${name}}`));
  return { 'Fn::Sub': used.length === 0 ? text : [text, Object.fromEntries(used)] };
}
