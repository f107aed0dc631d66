// Templates as users deploy them: stacks that pass outputs to each other, and templates from the CDK.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is what Fn::Sub reads

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isCustomResource, resourceSpecs } from '../resource-spec.ts';
import { matchesWholly } from './bounded-pattern.ts';
import { asProperties, coerceProperties } from './coerce.ts';
import { evaluate } from './evaluate.ts';
import { creationOrder, dependenciesOf } from './graph.ts';
import { describeIssue } from './issues.ts';
import { resolveParameters } from './parameters.ts';
import { parseTemplate } from './parse.ts';
import { failedRules } from './rules.ts';
import { stackContext } from './stack-context.ts';
import { readTemplate } from './template.ts';
import { isKnown } from './unknown-value.ts';
import { validateTemplate } from './validate.ts';

const stack = {
  scope: { accountId: '123456789012', region: 'ap-northeast-1' },
  stackName: 'demo',
  stackId: 'arn:aws:cloudformation:ap-northeast-1:123456789012:stack/demo/1',
};

async function work(text: string, given: Record<string, string> = {}) {
  const { template, issues } = readTemplate(parseTemplate(text));
  const isKnownType = (type: string) => resourceSpecs().has(type) || type === 'AWS::CDK::Metadata';
  const found = [...issues, ...validateTemplate(template, { specs: resourceSpecs(), isKnownType })];
  assert.deepEqual(found.map(describeIssue), []);
  const resolved = await resolveParameters(
    template.parameters,
    new Map(Object.entries(given).map(([name, value]) => [name, { value }])),
    {
      ssmParameter: async (name) => (name.includes('ami') ? 'ami-1' : '21'),
      exists: async () => true,
      match: async (pairs) => pairs.map(([pattern, text]) => matchesWholly(pattern, text)),
    },
  );
  const context = stackContext({
    template,
    stack,
    parameters: new Map([...resolved].map(([name, parameter]) => [name, parameter.value])),
    resource: (logicalId) => ({ ref: `id-${logicalId}`, attribute: (name) => `${logicalId}.${name}` }),
    exported: () => undefined,
    zones: (region) => [`${region}a`, `${region}c`],
  });
  assert.deepEqual(await failedRules(template, { ...context, attributeOf: async () => undefined }), []);
  const propertiesOf = (logicalId: string) => {
    const { type, properties } = template.resources.get(logicalId)!;
    const value = evaluate(properties, context);
    assert.ok(typeof value !== 'symbol' && isKnown(value));
    return coerceProperties(resourceSpecs().get(type), asProperties(value));
  };
  return {
    template,
    context,
    propertiesOf,
    order: () => creationOrder(dependenciesOf(template.resources, context.conditions)),
  };
}

it('a replication group with zones from the region and a suffix can be evaluated', async () => {
  const { propertiesOf } = await work(
    `
AWSTemplateFormatVersion: 2010-09-09
Parameters:
  Prefix: {Type: String}
  Zone1: {Type: String, Default: a}
  Zone2: {Type: String, Default: d}
  Version: {Type: String, Default: 7.0}
  Port: {Type: Number, Default: 6379}
  Replicas: {Type: Number, Default: 1}
  Shards: {Type: Number, Default: 1}
  Image: {Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>', Default: /aws/service/ami-amazon-linux-latest/x}
Resources:
  Subnets:
    Type: AWS::ElastiCache::SubnetGroup
    Properties: {CacheSubnetGroupName: !Sub "\${Prefix}-subnetgroup", Description: x, SubnetIds: [!ImportValue none]}
  Group:
    Type: AWS::ElastiCache::ReplicationGroup
    UpdatePolicy: {UseOnlineResharding: true}
    Properties:
      AutoMinorVersionUpgrade: true
      CacheNodeType: cache.t4g.micro
      CacheSubnetGroupName: !Ref Subnets
      Engine: redis
      EngineVersion: !Ref Version
      MultiAZEnabled: true
      NodeGroupConfiguration:
        - PrimaryAvailabilityZone: !Sub "\${AWS::Region}\${Zone1}"
          ReplicaAvailabilityZones:
            - !Sub "\${AWS::Region}\${Zone2}"
          ReplicaCount: !Ref Replicas
      NumNodeGroups: !Ref Shards
      Port: !Ref Port
      ReplicationGroupDescription: !Sub "\${Prefix}-ReplicationGroup"
      ReplicationGroupId: !Sub "\${Prefix}-replicationgroup"
  Instance:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: !Ref Image
      UserData: !Base64 |
        #!/bin/bash -xe
        yum update -y
Outputs:
  Address: {Value: !GetAtt Group.ConfigurationEndPoint.Address}
`,
    { Prefix: 'fa-060' },
  );
  assert.deepEqual(propertiesOf('Group'), {
    AutoMinorVersionUpgrade: true,
    CacheNodeType: 'cache.t4g.micro',
    CacheSubnetGroupName: 'id-Subnets',
    Engine: 'redis',
    EngineVersion: '7.0',
    MultiAZEnabled: true,
    NodeGroupConfiguration: [
      {
        PrimaryAvailabilityZone: 'ap-northeast-1a',
        ReplicaAvailabilityZones: ['ap-northeast-1d'],
        ReplicaCount: 1,
      },
    ],
    NumNodeGroups: 1,
    Port: 6379,
    ReplicationGroupDescription: 'fa-060-ReplicationGroup',
    ReplicationGroupId: 'fa-060-replicationgroup',
  });
  assert.deepEqual(propertiesOf('Instance'), {
    ImageId: 'ami-1',
    UserData: Buffer.from('#!/bin/bash -xe\nyum update -y\n').toString('base64'),
  });
});

it('nested stacks that use outputs of each other are created in order', async () => {
  const { order, propertiesOf } = await work(`
Resources:
  Function:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: https://bucket.s3.ap-northeast-1.amazonaws.com/demo/function.yaml
      Parameters: {Layer: !GetAtt Layer.Outputs.LayerArn, Port: 6379, Address: !GetAtt Cache.Outputs.Address}
  Layer:
    Type: AWS::CloudFormation::Stack
    DependsOn: Network
    Properties: {TemplateURL: !Sub 'https://s3.\${AWS::URLSuffix}/bucket/layer.yaml'}
  Cache: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: u, Parameters: {Vpc: !GetAtt Network.Outputs.Vpc}}}
  Network: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: u}}
  Made: {Type: Custom::CustomResource, DependsOn: [Layer], Properties: {ServiceToken: !GetAtt Layer.Outputs.Arn, Any: {thing: [1]}}}
`);
  assert.deepEqual(order(), ['Network', 'Layer', 'Cache', 'Made', 'Function']);
  assert.deepEqual(propertiesOf('Function').Parameters, {
    Layer: 'Layer.Outputs.LayerArn',
    Port: '6379',
    Address: 'Cache.Outputs.Address',
  });
  assert.ok(isCustomResource('Custom::CustomResource'));
});

describe('a template of the CDK can be evaluated', () => {
  it('for an app', async () => {
    const { template, context, propertiesOf } = await work(
      JSON.stringify({
        Resources: {
          Role1ABCC5F0: {
            Type: 'AWS::IAM::Role',
            Properties: {
              AssumeRolePolicyDocument: {
                Statement: [
                  {
                    Action: 'sts:AssumeRole',
                    Effect: 'Allow',
                    Principal: { Service: 'lambda.amazonaws.com' },
                    Condition: { StringEquals: { a: { Ref: 'AWS::AccountId' } } },
                  },
                ],
                Version: '2012-10-17',
              },
              ManagedPolicyArns: [
                { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/x']] },
              ],
            },
          },
          Fn9270CBC0: {
            Type: 'AWS::Lambda::Function',
            Properties: {
              Code: {
                S3Bucket: { 'Fn::Sub': 'cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}' },
                S3Key: 'x.zip',
              },
              Handler: 'index.handler',
              Role: { 'Fn::GetAtt': ['Role1ABCC5F0', 'Arn'] },
              Runtime: 'nodejs22.x',
              VpcConfig: { SubnetIds: [{ 'Fn::Select': [0, { 'Fn::GetAZs': '' }] }] },
            },
            DependsOn: ['Role1ABCC5F0'],
            Metadata: { 'aws:cdk:path': 'App/Fn', 'aws:asset:is-bundled': false },
          },
          CDKMetadata: {
            Type: 'AWS::CDK::Metadata',
            Properties: { Analytics: 'v2:x' },
            Condition: 'CDKMetadataAvailable',
          },
        },
        Conditions: {
          CDKMetadataAvailable: {
            'Fn::Or': [
              {
                'Fn::Or': [
                  { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'af-south-1'] },
                  { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'x'] },
                ],
              },
              { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-west-2'] },
            ],
          },
        },
        Parameters: {
          BootstrapVersion: {
            Type: 'AWS::SSM::Parameter::Value<String>',
            Default: '/cdk-bootstrap/hnb659fds/version',
            Description: 'Version of the CDK Bootstrap resources in this environment [cdk:skip]',
          },
        },
        Rules: {
          CheckBootstrapVersion: {
            Assertions: [
              {
                Assert: {
                  'Fn::Not': [{ 'Fn::Contains': [['1', '2', '3', '4', '5'], { Ref: 'BootstrapVersion' }] }],
                },
                AssertDescription:
                  "CDK bootstrap stack version 6 required. Please run 'cdk bootstrap' with a recent version of the CDK CLI.",
              },
            ],
          },
        },
      }),
    );
    assert.equal(context.conditions.get('CDKMetadataAvailable'), false);
    assert.equal(template.resources.size, 3);
    assert.deepEqual(propertiesOf('Fn9270CBC0').Code, {
      S3Bucket: 'cdk-hnb659fds-assets-123456789012-ap-northeast-1',
      S3Key: 'x.zip',
    });
    assert.deepEqual(propertiesOf('Role1ABCC5F0').ManagedPolicyArns, ['arn:aws:iam::aws:policy/x']);
  });

  it('for the bootstrap stack', async () => {
    const { propertiesOf, context } = await work(`
Parameters:
  TrustedAccounts: {Type: CommaDelimitedList, Default: ''}
  FileAssetsBucketName: {Type: String, Default: ''}
  FileAssetsBucketKmsKeyId: {Type: String, Default: ''}
  Qualifier: {Type: String, Default: hnb659fds, AllowedPattern: '[A-Za-z0-9_-]{1,10}', ConstraintDescription: Qualifier must be an alphanumeric identifier of at most 10 characters}
Conditions:
  HasTrustedAccounts: !Not [!Equals ['', !Join ['', !Ref TrustedAccounts]]]
  CreateNewKey: !Equals [AWS_MANAGED_KEY, !Ref FileAssetsBucketKmsKeyId]
  HasCustomName: !Not [!Equals ['', !Ref FileAssetsBucketName]]
Resources:
  Key: {Type: AWS::KMS::Key, Condition: CreateNewKey, Properties: {KeyPolicy: {Statement: []}}}
  Bucket:
    Type: AWS::S3::Bucket
    UpdateReplacePolicy: Retain
    Properties:
      BucketName: !If [HasCustomName, !Sub "\${FileAssetsBucketName}", !Sub "cdk-\${Qualifier}-assets-\${AWS::AccountId}-\${AWS::Region}"]
      BucketEncryption: !If
        - CreateNewKey
        - ServerSideEncryptionConfiguration: [{ServerSideEncryptionByDefault: {SSEAlgorithm: 'aws:kms', KMSMasterKeyID: !GetAtt Key.Arn}}]
        - !Ref AWS::NoValue
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {Action: 'sts:AssumeRole', Effect: Allow, Principal: {AWS: !Ref AWS::AccountId}}
          - !If
            - HasTrustedAccounts
            - {Action: 'sts:AssumeRole', Effect: Allow, Principal: {AWS: !Ref TrustedAccounts}}
            - !Ref AWS::NoValue
  Version: {Type: AWS::SSM::Parameter, Properties: {Type: String, Name: !Sub '/cdk-bootstrap/\${Qualifier}/version', Value: '21'}}
Outputs:
  Key: {Value: !If [CreateNewKey, !Sub "\${Key.Arn}", none], Export: {Name: !Sub 'CdkBootstrap-\${Qualifier}-FileAssetKeyArn'}}
`);
    assert.equal(context.conditions.get('HasTrustedAccounts'), false);
    assert.deepEqual(propertiesOf('Bucket'), {
      BucketName: 'cdk-hnb659fds-assets-123456789012-ap-northeast-1',
    });
    assert.equal(
      (propertiesOf('Role').AssumeRolePolicyDocument as { Statement: unknown[] }).Statement.length,
      1,
    );
  });
});
