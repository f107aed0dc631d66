// A stack as `cdk synth` writes it: a group, a function with inline code, one with an asset, what the CDK tells of
// itself, and the rule that asks for a bootstrapped environment.

const QUALIFIER = 'hnb659fds';

const roleOf = (name: string) => ({
  [`${name}ServiceRole`]: {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Statement: [
          { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' } },
        ],
        Version: '2012-10-17',
      },
      ManagedPolicyArns: [
        {
          'Fn::Join': [
            '',
            ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
          ],
        },
      ],
    },
  },
});

const functionOf = (name: string, code: object, more: object = {}) => ({
  ...roleOf(name),
  [name]: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Code: code,
      Handler: 'index.handler',
      Role: { 'Fn::GetAtt': [`${name}ServiceRole`, 'Arn'] },
      Runtime: 'nodejs22.x',
      ...more,
    },
    DependsOn: [`${name}ServiceRole`],
    Metadata: { 'aws:cdk:path': `Cache/${name}/Resource`, 'aws:asset:property': 'Code' },
  },
});

const permission = (properties: object) => ({
  Type: 'AWS::Lambda::Permission',
  Properties: { FunctionName: { 'Fn::GetAtt': ['File', 'Arn'] }, Principal: '*', ...properties },
});

/** JSON, as it is uploaded. */
export const appTemplate = ({ nodes, asset }: { nodes: number; asset: string }): string =>
  JSON.stringify({
    Resources: {
      Group: {
        Type: 'AWS::ElastiCache::ReplicationGroup',
        Properties: {
          AutomaticFailoverEnabled: true,
          CacheNodeType: 'cache.t4g.micro',
          Engine: 'redis',
          NumCacheClusters: nodes,
          ReplicationGroupDescription: 'by the CDK',
        },
      },
      ...functionOf('Inline', { ZipFile: "exports.handler = async () => 'inline';" }),
      ...functionOf(
        'File',
        {
          S3Bucket: { 'Fn::Sub': `cdk-${QUALIFIER}-assets-\${AWS::AccountId}-\${AWS::Region}` },
          S3Key: asset,
        },
        { Environment: { Variables: { CACHE: { 'Fn::GetAtt': ['Group', 'PrimaryEndPoint.Address'] } } } },
      ),
      FileUrl: {
        Type: 'AWS::Lambda::Url',
        Properties: { AuthType: 'NONE', TargetFunctionArn: { 'Fn::GetAtt': ['File', 'Arn'] } },
      },
      FileInvokeUrl: permission({ Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: 'NONE' }),
      FileInvoke: permission({ Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: true }),
      CDKMetadata: {
        Type: 'AWS::CDK::Metadata',
        Properties: { Analytics: 'v2:deflate64:H4sIAAAAAAAA/zPSMzTTM9Az' },
        Metadata: { 'aws:cdk:path': 'Cache/CDKMetadata/Default' },
        Condition: 'CDKMetadataAvailable',
      },
    },
    Conditions: {
      CDKMetadataAvailable: {
        'Fn::Or': [
          {
            'Fn::Or': [
              { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-west-1'] },
              { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-west-2'] },
            ],
          },
          { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] },
        ],
      },
    },
    Outputs: {
      Url: { Value: { 'Fn::GetAtt': ['FileUrl', 'FunctionUrl'] } },
      Primary: { Value: { 'Fn::GetAtt': ['Group', 'PrimaryEndPoint.Address'] } },
    },
    Parameters: {
      BootstrapVersion: {
        Type: 'AWS::SSM::Parameter::Value<String>',
        Default: `/cdk-bootstrap/${QUALIFIER}/version`,
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
            AssertDescription: 'CDK bootstrap stack version 6 required.',
          },
        ],
      },
    },
  });
