// SAM's policy templates: policy documents with parameters, by name. The list contains the common ones; others are
// refused by name.

/** A policy document with parameters. */
export interface PolicyTemplate {
  parameters: readonly string[];
  statements: readonly PolicyStatement[];
}

/** A statement that allows actions. */
export interface PolicyStatement {
  actions: readonly string[];
  /** ARNs with `${Parameter}` for the template's parameters and `${AWS::…}` for pseudo parameters. */
  resources: readonly string[];
}

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: that is what Fn::Sub reads
const local = (service: string, rest: string) =>
  `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${rest}`;
const table = [local('dynamodb', 'table/${TableName}'), local('dynamodb', 'table/${TableName}/index/*')];
const bucket = ['arn:${AWS::Partition}:s3:::${BucketName}', 'arn:${AWS::Partition}:s3:::${BucketName}/*'];

const template = (
  parameters: readonly string[],
  actions: readonly string[],
  resources: readonly string[],
): PolicyTemplate => ({ parameters, statements: [{ actions, resources }] });

const withPrefix = (service: string, ...names: string[]) => names.map((name) => `${service}:${name}`);

const S3_READ = withPrefix(
  's3',
  'GetObject',
  'ListBucket',
  'GetBucketLocation',
  'GetObjectVersion',
  'GetLifecycleConfiguration',
);
const S3_WRITE = withPrefix('s3', 'PutObject', 'PutObjectAcl', 'PutLifecycleConfiguration');
const DYNAMO_READ = withPrefix('dynamodb', 'GetItem', 'Scan', 'Query', 'BatchGetItem', 'DescribeTable');
const DYNAMO_WRITE = withPrefix('dynamodb', 'PutItem', 'UpdateItem', 'BatchWriteItem');

/** By SAM's name. */
export const POLICY_TEMPLATES: ReadonlyMap<string, PolicyTemplate> = new Map(
  Object.entries({
    AWSSecretsManagerGetSecretValuePolicy: template(
      ['SecretArn'],
      ['secretsmanager:GetSecretValue'],
      ['${SecretArn}'],
    ),
    CloudFormationDescribeStacksPolicy: template(
      [],
      ['cloudformation:DescribeStacks'],
      [local('cloudformation', 'stack/*')],
    ),
    CloudWatchDescribeAlarmHistoryPolicy: template([], ['cloudwatch:DescribeAlarmHistory'], ['*']),
    CloudWatchPutMetricPolicy: template([], ['cloudwatch:PutMetricData'], ['*']),
    DynamoDBBackupFullAccessPolicy: template(
      ['TableName'],
      withPrefix('dynamodb', 'CreateBackup', 'DescribeContinuousBackups'),
      [local('dynamodb', 'table/${TableName}')],
    ),
    DynamoDBCrudPolicy: template(
      ['TableName'],
      [...DYNAMO_READ, ...DYNAMO_WRITE, 'dynamodb:DeleteItem', 'dynamodb:ConditionCheckItem'],
      table,
    ),
    DynamoDBReadPolicy: template(['TableName'], DYNAMO_READ, table),
    DynamoDBReconfigurePolicy: template(
      ['TableName'],
      ['dynamodb:UpdateTable'],
      [local('dynamodb', 'table/${TableName}')],
    ),
    DynamoDBStreamReadPolicy: {
      parameters: ['TableName', 'StreamName'],
      statements: [
        {
          actions: withPrefix('dynamodb', 'DescribeStream', 'GetRecords', 'GetShardIterator'),
          resources: [local('dynamodb', 'table/${TableName}/stream/${StreamName}')],
        },
        { actions: ['dynamodb:ListStreams'], resources: [local('dynamodb', 'table/${TableName}/stream/*')] },
      ],
    },
    DynamoDBWritePolicy: template(['TableName'], DYNAMO_WRITE, table),
    EC2DescribePolicy: template([], withPrefix('ec2', 'DescribeRegions', 'DescribeInstances'), ['*']),
    EventBridgePutEventsPolicy: template(
      ['EventBusName'],
      ['events:PutEvents'],
      [local('events', 'event-bus/${EventBusName}')],
    ),
    FilterLogEventsPolicy: template(
      ['LogGroupName'],
      ['logs:FilterLogEvents'],
      [local('logs', 'log-group:${LogGroupName}:log-stream:*')],
    ),
    KMSDecryptPolicy: template(['KeyId'], ['kms:Decrypt'], [local('kms', 'key/${KeyId}')]),
    KMSEncryptPolicy: template(['KeyId'], ['kms:Encrypt'], [local('kms', 'key/${KeyId}')]),
    LambdaInvokePolicy: template(
      ['FunctionName'],
      ['lambda:InvokeFunction'],
      [local('lambda', 'function:${FunctionName}*')],
    ),
    Route53ChangeResourceRecordSetsPolicy: template(
      ['HostedZoneId'],
      ['route53:ChangeResourceRecordSets'],
      ['arn:${AWS::Partition}:route53:::hostedzone/${HostedZoneId}'],
    ),
    S3CrudPolicy: template(['BucketName'], [...S3_READ, ...S3_WRITE, 's3:DeleteObject'], bucket),
    S3FullAccessPolicy: template(
      ['BucketName'],
      [
        ...S3_READ,
        ...S3_WRITE,
        ...withPrefix(
          's3',
          'GetObjectAcl',
          'DeleteObject',
          'DeleteObjectTagging',
          'DeleteObjectVersionTagging',
          'GetObjectTagging',
          'GetObjectVersionTagging',
          'PutObjectTagging',
          'PutObjectVersionTagging',
        ),
      ],
      bucket,
    ),
    S3ReadPolicy: template(['BucketName'], S3_READ, bucket),
    S3WritePolicy: template(['BucketName'], S3_WRITE, bucket),
    SNSCrudPolicy: template(
      ['TopicName'],
      withPrefix(
        'sns',
        'ListSubscriptionsByTopic',
        'CreateTopic',
        'SetTopicAttributes',
        'Subscribe',
        'Publish',
      ),
      [local('sns', '${TopicName}*')],
    ),
    SNSPublishMessagePolicy: template(['TopicName'], ['sns:Publish'], [local('sns', '${TopicName}')]),
    SQSPollerPolicy: template(
      ['QueueName'],
      withPrefix(
        'sqs',
        'ChangeMessageVisibility',
        'ChangeMessageVisibilityBatch',
        'DeleteMessage',
        'DeleteMessageBatch',
        'GetQueueAttributes',
        'ReceiveMessage',
      ),
      [local('sqs', '${QueueName}')],
    ),
    SQSSendMessagePolicy: template(['QueueName'], ['sqs:SendMessage*'], [local('sqs', '${QueueName}')]),
    SSMParameterReadPolicy: {
      parameters: ['ParameterName'],
      statements: [
        { actions: ['ssm:DescribeParameters'], resources: ['*'] },
        {
          actions: withPrefix('ssm', 'GetParameters', 'GetParameter', 'GetParametersByPath'),
          resources: [local('ssm', 'parameter/${ParameterName}')],
        },
      ],
    },
    SSMParameterWithSlashPrefixReadPolicy: {
      parameters: ['ParameterName'],
      statements: [
        { actions: ['ssm:DescribeParameters'], resources: ['*'] },
        {
          actions: withPrefix('ssm', 'GetParameters', 'GetParameter', 'GetParametersByPath'),
          resources: [local('ssm', 'parameter${ParameterName}')],
        },
      ],
    },
    StepFunctionsExecutionPolicy: template(
      ['StateMachineName'],
      ['states:StartExecution'],
      [local('states', 'stateMachine:${StateMachineName}')],
    ),
    VPCAccessPolicy: template(
      [],
      withPrefix(
        'ec2',
        'CreateNetworkInterface',
        'DeleteNetworkInterface',
        'DescribeNetworkInterfaces',
        'DetachNetworkInterface',
      ),
      ['*'],
    ),
  }),
);
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: that is what Fn::Sub reads
