// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is what Fn::Sub reads

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Value } from '../../../../control/resource-type.ts';
import { resourceSpecs } from '../../resource-spec.ts';
import { describeIssue } from '../issues.ts';
import { member, plainOf } from '../node.ts';
import { parseTemplate } from '../parse.ts';
import { readTemplate } from '../template.ts';
import { validateTemplate } from '../validate.ts';
import { transformServerless } from './transform.ts';

type Plain = Record<string, Record<string, Record<string, Value> & Value>>;

function transformed(text: string, parameters: Record<string, Value> = {}) {
  const root = parseTemplate(`Transform: AWS::Serverless-2016-10-31\n${text}`);
  return transformServerless(root, { region: 'us-east-1', parameters: new Map(Object.entries(parameters)) });
}

const resources = (text: string, parameters?: Record<string, Value>) =>
  plainOf(member(transformed(text, parameters), 'Resources')!) as unknown as Plain;

const FUNCTION = `Resources:
  F:
    Type: AWS::Serverless::Function
    Condition: C
    Properties:
      Handler: index.handler
      Runtime: nodejs22.x
      CodeUri: s3://bucket/code.zip?versionId=7
      Tags: {team: cache}
`;

it('a function without a role gets one, and its code comes from its URI', () => {
  assert.deepEqual(resources(FUNCTION), {
    F: {
      Type: 'AWS::Lambda::Function',
      Condition: 'C',
      Properties: {
        Code: { S3Bucket: 'bucket', S3Key: 'code.zip', S3ObjectVersion: '7' },
        Handler: 'index.handler',
        Runtime: 'nodejs22.x',
        Role: { 'Fn::GetAtt': ['FRole', 'Arn'] },
        Tags: [
          { Key: 'lambda:createdBy', Value: 'SAM' },
          { Key: 'team', Value: 'cache' },
        ],
      },
    },
    FRole: {
      Type: 'AWS::IAM::Role',
      Condition: 'C',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            { Action: ['sts:AssumeRole'], Effect: 'Allow', Principal: { Service: ['lambda.amazonaws.com'] } },
          ],
        },
        ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
        Tags: [
          { Key: 'lambda:createdBy', Value: 'SAM' },
          { Key: 'team', Value: 'cache' },
        ],
      },
    },
  });
});

it('a role gets policies of every kind', () => {
  const role = resources(`${FUNCTION}      VpcConfig: {SubnetIds: [s]}
      Tracing: Active
      Policies:
        - AmazonElastiCacheFullAccess
        - arn:aws:iam::aws:policy/Other
        - !Ref Managed
        - Statement: [{Effect: Allow, Action: '*', Resource: '*'}]
        - DynamoDBReadPolicy: {TableName: !Ref Table}
`).FRole?.Properties;
  assert.deepEqual(role?.ManagedPolicyArns, [
    'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole',
    'arn:aws:iam::aws:policy/AWSXrayWriteOnlyAccess',
    'arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole',
    'arn:aws:iam::aws:policy/AmazonElastiCacheFullAccess',
    'arn:aws:iam::aws:policy/Other',
    { Ref: 'Managed' },
  ]);
  const arn = 'arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${TableName}';
  assert.deepEqual(role?.Policies, [
    {
      PolicyName: 'FRolePolicy0',
      PolicyDocument: { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
    },
    {
      PolicyName: 'FRolePolicy1',
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: [
              'dynamodb:GetItem',
              'dynamodb:Scan',
              'dynamodb:Query',
              'dynamodb:BatchGetItem',
              'dynamodb:DescribeTable',
            ],
            Resource: [
              { 'Fn::Sub': [arn, { TableName: { Ref: 'Table' } }] },
              { 'Fn::Sub': [`${arn}/index/*`, { TableName: { Ref: 'Table' } }] },
            ],
          },
        ],
      },
    },
  ]);
});

it('a function gets a URL, an alias and a version, and references to them are renamed', () => {
  const made = resources(
    `${FUNCTION}      AutoPublishAlias: !Ref Stage
      FunctionUrlConfig: {AuthType: NONE, Cors: {AllowOrigins: ['*']}}
  Reader: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !Ref F.Alias, Name: !Sub '\${F.Version}-\${F.Arn}-\${!x}'}}
`,
    { Stage: 'live-1' },
  );
  const version = Object.keys(made).find((name) => /^FVersion[0-9a-f]{10}$/.test(name))!;
  assert.deepEqual(
    Object.keys(made).sort(),
    ['F', 'FAliaslive1', 'FRole', 'FUrl', 'FUrlPublicPermissions', version, 'Reader'].sort(),
  );
  assert.equal(made[version]?.DeletionPolicy, 'Retain');
  assert.deepEqual(made.FAliaslive1?.Properties, {
    FunctionName: { Ref: 'F' },
    FunctionVersion: { 'Fn::GetAtt': [version, 'Version'] },
    Name: 'live-1',
  });
  assert.deepEqual(made.FUrl?.Properties?.TargetFunctionArn, { Ref: 'FAliaslive1' });
  assert.deepEqual(made.Reader?.Properties, {
    Type: 'String',
    Value: { Ref: 'FAliaslive1' },
    Name: { 'Fn::Sub': `\${${version}}-\${F.Arn}-\${!x}` },
  });
});

it('events become subscriptions, rules and mappings with permissions', () => {
  const made = resources(`${FUNCTION}      Events:
        Topic: {Type: SNS, Properties: {Topic: !Ref T}}
        Tick: {Type: Schedule, Properties: {Schedule: rate(1 minute), Enabled: false, Input: '{}'}}
        Rows: {Type: DynamoDB, Properties: {Stream: s, StartingPosition: LATEST}}
`);
  assert.deepEqual(made.FTopic?.Properties, {
    Protocol: 'lambda',
    Endpoint: { 'Fn::GetAtt': ['F', 'Arn'] },
    TopicArn: { Ref: 'T' },
  });
  assert.deepEqual(made.FTopicPermission?.Properties, {
    Action: 'lambda:InvokeFunction',
    FunctionName: { Ref: 'F' },
    Principal: 'sns.amazonaws.com',
    SourceArn: { Ref: 'T' },
  });
  assert.deepEqual(made.FTick?.Properties, {
    ScheduleExpression: 'rate(1 minute)',
    State: 'DISABLED',
    Targets: [{ Arn: { 'Fn::GetAtt': ['F', 'Arn'] }, Id: 'FTickLambdaTarget', Input: '{}' }],
  });
  assert.equal(made.FTickPermission?.Properties?.Principal, 'events.amazonaws.com');
  assert.deepEqual(made.FRows?.Properties, {
    EventSourceArn: 's',
    FunctionName: { Ref: 'F' },
    StartingPosition: 'LATEST',
  });
});

it('globals are merged, a layer gets its own id, and a simple table becomes a DynamoDB table', () => {
  const made = resources(`Globals:
  Function: {Runtime: python3.12, Timeout: 5, Environment: {Variables: {A: '1', B: '1'}}, Layers: [base]}
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties: {Handler: h, InlineCode: x, Timeout: 9, Environment: {Variables: {B: '2'}}, Layers: [!Ref L], Role: r}
  L: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: {Bucket: b, Key: !Ref Key}}}
  T: {Type: AWS::Serverless::SimpleTable, Properties: {PrimaryKey: {Name: pk, Type: Number}}}
`);
  const layer = Object.keys(made).find((name) => /^L[0-9a-f]{10}$/.test(name))!;
  assert.deepEqual(Object.keys(made).sort(), ['F', layer, 'T'].sort());
  const { Properties } = made.F!;
  assert.deepEqual(Properties?.Environment, { Variables: { A: '1', B: '2' } });
  assert.deepEqual([Properties?.Runtime, Properties?.Timeout, Properties?.Role], ['python3.12', 9, 'r']);
  assert.deepEqual(Properties?.Layers, ['base', { Ref: layer }]);
  assert.deepEqual(made[layer], {
    Type: 'AWS::Lambda::LayerVersion',
    DeletionPolicy: 'Retain',
    Properties: { Content: { S3Bucket: 'b', S3Key: { Ref: 'Key' } }, LayerName: 'L' },
  });
  assert.deepEqual(made.T?.Properties, {
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'N' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  });
});

it('the result of a transform is a valid template', () => {
  const root =
    transformed(`${FUNCTION.replace('    Condition: C\n', '')}      FunctionUrlConfig: {AuthType: NONE}
      AutoPublishAlias: live
      Tracing: Active
      DeadLetterQueue: {Type: SQS, TargetArn: q}
      Policies: [S3CrudPolicy: {BucketName: b}, VPCAccessPolicy: {}, SSMParameterReadPolicy: {ParameterName: p}]
      Events: {T: {Type: SNS, Properties: {Topic: t}}, S: {Type: Schedule, Properties: {Schedule: x}}, Q: {Type: SQS, Properties: {Queue: q}}, E: {Type: EventBridgeRule, Properties: {Pattern: {source: [a]}}}}
  L: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: s3://a/b}}
  T: {Type: AWS::Serverless::SimpleTable}
  A: {Type: AWS::Serverless::Application, Properties: {Location: 'https://x'}}
`);
  const { template, issues } = readTemplate(root);
  const isKnownType = (type: string) => resourceSpecs().has(type);
  assert.deepEqual(
    [...issues, ...validateTemplate(template, { specs: resourceSpecs(), isKnownType })].map(describeIssue),
    [],
  );
});

describe('refuses', () => {
  const cases: [name: string, text: string, message: RegExp][] = [
    [
      'an unknown property',
      `${FUNCTION}      Nope: 1`,
      /Resource with id \[F\] is invalid\. property Nope not defined for resource of type AWS::Serverless::Function \(line 11, column 7\)/,
    ],
    [
      'no handler',
      FUNCTION.replace('      Handler: index.handler\n', ''),
      /Missing required property 'Handler'/,
    ],
    ['no code', FUNCTION.replace(/ {6}CodeUri.*\n/, ''), /Missing required property 'CodeUri'/],
    [
      'an API',
      `${FUNCTION}      Events: {A: {Type: Api, Properties: {}}}`,
      /Event with id \[A\]: events of type Api are not supported/,
    ],
    [
      'an API resource',
      'Resources: {A: {Type: AWS::Serverless::Api}}',
      /Resources of type AWS::Serverless::Api are not supported/,
    ],
    [
      'an unknown policy template',
      `${FUNCTION}      Policies: [NopePolicy: {}]`,
      /Policy template NopePolicy is not supported/,
    ],
    [
      'a policy template without its parameter',
      `${FUNCTION}      Policies: [S3ReadPolicy: {}]`,
      /misses its parameter BucketName/,
    ],
    [
      'an alias with an unknown name',
      `${FUNCTION}      AutoPublishAlias: !Ref Nope`,
      /'AutoPublishAlias' must be a string or a Ref/,
    ],
    [
      'a global of an unsupported type',
      'Globals: {Api: {}}\nResources: {}',
      /'Globals' section is invalid\. 'Api' is not supported/,
    ],
    [
      'a name that is taken',
      `${FUNCTION}  FRole: {Type: AWS::IAM::Role}`,
      /Resource FRole is declared, and made by a transform as well/,
    ],
  ];
  for (const [name, text, message] of cases) it(name, () => assert.throws(() => resources(text), message));
});
