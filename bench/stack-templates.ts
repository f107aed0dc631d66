// The measured stacks: one like that of the first walkthrough, and one with many resources that are only recorded.

const ref = (Ref: string) => ({ Ref });
const attribute = (...path: [string, string]) => ({ 'Fn::GetAtt': path });
const of = (type: string, Properties: object, more: object = {}) => ({
  Type: `AWS::${type}`,
  Properties,
  ...more,
});

const TRUST = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};
const CODE = 'exports.handler = async () => ({ statusCode: 200, body: process.env.CACHE });';

const subnet = (number: number, zone: string) =>
  of('EC2::Subnet', {
    VpcId: ref('Vpc'),
    CidrBlock: `10.0.${number}.0/24`,
    AvailabilityZone: { 'Fn::Sub': `\${AWS::Region}${zone}` },
  });

/** A network, a group of two, a function that knows its endpoint and has a URL, and an instance. */
export const WALKTHROUGH = JSON.stringify({
  Resources: {
    Vpc: of('EC2::VPC', { CidrBlock: '10.0.0.0/16', EnableDnsHostnames: true }),
    SubnetA: subnet(1, 'a'),
    SubnetB: subnet(2, 'b'),
    Gateway: of('EC2::InternetGateway', {}),
    Attachment: of('EC2::VPCGatewayAttachment', { VpcId: ref('Vpc'), InternetGatewayId: ref('Gateway') }),
    Routes: of('EC2::RouteTable', { VpcId: ref('Vpc') }),
    Route: of(
      'EC2::Route',
      { RouteTableId: ref('Routes'), DestinationCidrBlock: '0.0.0.0/0', GatewayId: ref('Gateway') },
      { DependsOn: 'Attachment' },
    ),
    Security: of('EC2::SecurityGroup', {
      GroupDescription: 'cache',
      VpcId: ref('Vpc'),
      SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 6379, ToPort: 6379, CidrIp: '10.0.0.0/16' }],
    }),
    Subnets: of('ElastiCache::SubnetGroup', {
      Description: 'cache',
      SubnetIds: [ref('SubnetA'), ref('SubnetB')],
    }),
    Group: of('ElastiCache::ReplicationGroup', {
      ReplicationGroupDescription: 'cache',
      CacheNodeType: 'cache.t4g.micro',
      Engine: 'redis',
      NumCacheClusters: 2,
      AutomaticFailoverEnabled: true,
      MultiAZEnabled: true,
      CacheSubnetGroupName: ref('Subnets'),
      SecurityGroupIds: [attribute('Security', 'GroupId')],
    }),
    Role: of('IAM::Role', { AssumeRolePolicyDocument: TRUST }),
    Function: of('Lambda::Function', {
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: attribute('Role', 'Arn'),
      Code: { ZipFile: CODE },
      Environment: { Variables: { CACHE: attribute('Group', 'PrimaryEndPoint.Address') } },
    }),
    Url: of('Lambda::Url', { AuthType: 'NONE', TargetFunctionArn: attribute('Function', 'Arn') }),
    Permission: of('Lambda::Permission', {
      Action: 'lambda:InvokeFunctionUrl',
      FunctionName: ref('Function'),
      FunctionUrlAuthType: 'NONE',
      Principal: '*',
    }),
    Profile: of('IAM::InstanceProfile', { Roles: [ref('Role')] }),
    Instance: of('EC2::Instance', {
      ImageId: '{{resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64}}',
      InstanceType: 't4g.micro',
      SubnetId: ref('SubnetA'),
      IamInstanceProfile: ref('Profile'),
    }),
  },
  Outputs: { Url: { Value: attribute('Url', 'FunctionUrl') } },
});

const IN_A_CHAIN = 10;

/** Resource types that create nothing, in chains of ten, so that only the stack's own work takes time. */
export function recordedResources(count: number): string {
  const resources = Array.from({ length: count }, (_, index) => {
    const before = index % IN_A_CHAIN === 0 ? 'a key' : { 'Fn::Sub': `after \${Key${index - 1}}` };
    return [`Key${index}`, of('KMS::Key', { Description: before })] as const;
  });
  return JSON.stringify({ Resources: Object.fromEntries(resources) });
}
