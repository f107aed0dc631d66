// The errors for inputs that a model forbids: each protocol's format and each service's code, through the SDK's
// clients and over plain HTTP, and how a violation shows the value.

import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateAliasCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  GetHostedZoneCommand,
  Route53Client,
  UpdateHostedZoneCommentCommand,
} from '@aws-sdk/client-route-53';
import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { EchoService } from '../../test/support/echo-service.ts';
import { ask, serve, signedFor } from '../../test/support/wire.ts';
import { constraints as cloudformation } from '../services/cloudformation/constraints.ts';
import { constraints as monitoring } from '../services/cloudwatch/constraints.ts';
import { constraints as iam } from '../services/iam/constraints.ts';
import { constraints as lambda } from '../services/lambda/constraints.ts';
import { constraints as logs } from '../services/logs/constraints.ts';
import { constraints as route53 } from '../services/route53/constraints.ts';
import { constraints as ssm } from '../services/ssm/constraints.ts';
import { constraints as sts } from '../services/sts/constraints.ts';
import { InputChecks } from './constraints.ts';
import { loadConstraints, loadSchema } from './schema.ts';
import { type ConstraintRules, memberPath, plainPath, validationErrors } from './violation.ts';

const RULES: Record<string, ConstraintRules> = {
  ...{ cloudformation, monitoring, iam, lambda, logs, route53, ssm, sts },
};

const start = (test: TestContext) =>
  serve(test, {
    services: Object.entries(RULES).map(([name, constraints]) =>
      Object.assign(new EchoService(name), { constraints }),
    ),
  });

// biome-ignore lint/suspicious/noExplicitAny: clients of eight services
type Client = abstract new (options: object) => { send(command: any): Promise<unknown> };

const EMPTY_GROUP =
  "2 validation errors detected: Value '' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+; Value '' at 'logGroupName' failed to satisfy constraint: Member must have length greater than or equal to 1";

const TRUST = { AssumeRolePolicyDocument: '{}' };

/** A text from a public source names the source: `-> source`. */
const REFUSED: [what: string, Client: Client, command: object, name: string, message: string][] = [
  [
    'query: a tag, in IAM’s words -> github.com/SWO-GS/auto-tag/issues/90',
    IAMClient as Client,
    new CreateRoleCommand({
      ...{ RoleName: 'r', ...TRUST },
      Tags: [
        { Key: 'a', Value: 'b' },
        { Key: 'c', Value: 'a, b' },
      ],
    }),
    'ValidationError',
    "1 validation error detected: Value 'a, b' at 'tags.2.member.value' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*",
  ],
  [
    'query: a name, in IAM’s own words -> github.com/aws-samples/one-observability-demo/issues/469',
    IAMClient as Client,
    new CreateRoleCommand({ RoleName: 'a b', ...TRUST }),
    'ValidationError',
    'The specified value for roleName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-',
  ],
  [
    'query: pattern and length together -> github.com/newscorpaus/consigliere/issues/18',
    STSClient as Client,
    new AssumeRoleCommand({ RoleArn: '', RoleSessionName: 'me' }),
    'ValidationError',
    "2 validation errors detected: Value '' at 'roleArn' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\u0009\\u000A\\u000D\\u0020-\\u007E\\u0085\\u00A0-\\uD7FF\\uE000-\\uFFFD\\u10000-\\u10FFFF]+; Value '' at 'roleArn' failed to satisfy constraint: Member must have length greater than or equal to 20",
  ],
  [
    'query: an enumeration in a list',
    CloudFormationClient as Client,
    new CreateStackCommand({ StackName: 's', Capabilities: ['CAPABILITY_ALL' as never] }),
    'ValidationError',
    "1 validation error detected: Value '[CAPABILITY_ALL]' at 'capabilities' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [CAPABILITY_IAM, CAPABILITY_NAMED_IAM, CAPABILITY_AUTO_EXPAND]]",
  ],
  [
    'json 1.1: Logs -> github.com/fluent-plugins-nursery/fluent-plugin-cloudwatch-logs/issues/223',
    CloudWatchLogsClient as Client,
    new CreateLogGroupCommand({ logGroupName: '' }),
    'InvalidParameterException',
    EMPTY_GROUP,
  ],
  [
    'json 1.1: SSM, a list that is too long',
    SSMClient as Client,
    new GetParametersCommand({ Names: [...'abcdefghijk'] }),
    'ValidationException',
    "1 validation error detected: Value '[a, b, c, d, e, f, g, h, i, j, k]' at 'names' failed to satisfy constraint: Member must have length less than or equal to 10",
  ],
  [
    'rest-json: Lambda',
    LambdaClient as Client,
    new CreateAliasCommand({ FunctionName: 'f', Name: '1', FunctionVersion: '1' }),
    'ValidationException',
    "1 validation error detected: Value '1' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)",
  ],
  [
    'rest-xml: Route 53, in a path -> github.com/terraform-aws-modules/terraform-aws-acm/issues/63',
    Route53Client as Client,
    new GetHostedZoneCommand({ Id: 'Z'.repeat(33) }),
    'InvalidInput',
    `1 validation error detected: Value '${'Z'.repeat(33)}' at 'id' failed to satisfy constraint: Member must have length less than or equal to 32`,
  ],
  [
    'rest-xml: Route 53, in a document -> github.com/hashicorp/terraform-provider-aws/issues/7557',
    Route53Client as Client,
    new UpdateHostedZoneCommentCommand({ Id: 'Z1', Comment: 'c'.repeat(257) }),
    'InvalidInput',
    `Invalid XML ; cvc-maxLength-valid: Value '${'c'.repeat(200)}' with length = '257' is not facet-valid with respect to maxLength '256' for type 'ResourceDescription'.`,
  ],
  [
    'CloudWatch, in its own words',
    CloudWatchClient as Client,
    new PutMetricDataCommand({ Namespace: ':a', MetricData: [{ MetricName: 'm', Value: 1 }] }),
    'InvalidParameterValueException',
    'The value :a for parameter Namespace is invalid.',
  ],
];

describe('through the SDK’s clients', () => {
  for (const [what, Client, command, name, message] of REFUSED) {
    it(what, async (test) => {
      const server = await start(test);
      const client = new (Client as unknown as new (options: object) => InstanceType<Client>)({
        endpoint: server.url,
        region: 'us-east-1',
        maxAttempts: 1,
        credentials: { accessKeyId: 'AK', secretAccessKey: 'SK' },
      });
      await assert.rejects(client.send(command), { name, message });
    });
  }
});

describe('over plain HTTP', () => {
  const form = (service: string, body: string) => ({
    headers: { ...signedFor(service), 'content-type': 'application/x-www-form-urlencoded' },
    body,
  });
  const json = (service: string, target: string, body: object) => ({
    headers: { ...signedFor(service), 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.1' },
    body: JSON.stringify(body),
  });
  const CASES: [what: string, request: object, status: number, text: RegExp][] = [
    [
      'query',
      form('iam', 'Action=ListRoles&Version=2010-05-08&MaxItems=0'),
      400,
      /<Type>Sender<\/Type><Code>ValidationError<\/Code><Message>1 validation error detected: Value &apos;0&apos; at &apos;maxItems&apos; failed|<Code>ValidationError<\/Code><Message>1 validation error detected: Value '0' at 'maxItems' failed/,
    ],
    [
      'query: what is missing comes first',
      form('iam', 'Action=CreateRole&Version=2010-05-08&RoleName=a%20b'),
      400,
      /<Code>MissingParameter<\/Code><Message>The request must contain the parameter AssumeRolePolicyDocument\./,
    ],
    [
      'json',
      json('logs', 'Logs_20140328.CreateLogGroup', { logGroupName: 'a b' }),
      400,
      /^\{"__type":"com\.amazonaws\.cloudwatchlogs#InvalidParameterException","message":"1 validation error detected: Value 'a b' at 'logGroupName'/,
    ],
    [
      'json: what is missing beside what is wrong',
      json('logs', 'Logs_20140328.PutLogEvents', { logGroupName: 'g', logEvents: [{ message: '' }] }),
      400,
      /3 validation errors detected: Value at 'logStreamName' failed to satisfy constraint: Member must not be null; Value at 'logEvents\.1\.member\.timestamp' failed to satisfy constraint: Member must not be null; Value '' at 'logEvents\.1\.member\.message' failed/,
    ],
    [
      'rest-json',
      { path: '/2015-03-31/functions/a%20b', method: 'GET', headers: signedFor('lambda') },
      400,
      /"__type":"ValidationException","message":"1 validation error detected: Value 'a b' at 'functionName' failed/,
    ],
    [
      'rest-xml',
      { path: '/2013-04-01/hostedzone?maxitems=0', method: 'GET', headers: signedFor('route53') },
      400,
      /<Code>InvalidInput<\/Code><Message>1 validation error detected: Value ('|&apos;)0\1 at \1maxItems\1 failed/,
    ],
  ];
  for (const [what, request, status, text] of CASES) {
    it(what, async (test) => {
      const answer = await ask(await start(test), request);
      assert.equal(answer.status, status, answer.text);
      assert.match(answer.text, text);
    });
  }
});

describe('a violation', () => {
  const violations = (service: string, operation: string, input: object) =>
    new InputChecks(loadConstraints(service), RULES[service]).violations(
      loadSchema(service).operation(operation)!,
      input,
    );

  it('shortens the value, and shows lists and maps as Java does', () => {
    const shown = (service: string, operation: string, input: object) =>
      violations(service, operation, input).map((violation) => violation.shown);
    assert.deepEqual(shown('iam', 'GetRole', { RoleName: 'r'.repeat(1e6) }), ['r'.repeat(200)]);
    assert.deepEqual(shown('ssm', 'GetParameters', { Names: [] }), ['[]']);
    assert.deepEqual(shown('logs', 'TagLogGroup', { logGroupName: 'g', tags: { 'a#': 'b' } }), ['{a#=b}']);
    assert.deepEqual(
      shown('iam', 'TagRole', { RoleName: 'r', Tags: new Array(51).fill({ Key: 'k', Value: 'v' }) }),
      [undefined],
    );
  });

  it('never shows a value that the model marks as sensitive', () => {
    const secret = 'hunter2';
    const all = [
      ...violations('lambda', 'CreateFunction', {
        ...{ FunctionName: 'f', Role: 'arn:aws:iam::000000000000:role/r', Code: {} },
        Environment: { Variables: { 'BAD-NAME': secret } },
      }),
      ...violations('ssm', 'PutParameter', { Name: '', Value: '' }),
      ...violations('iam', 'ChangePassword', { OldPassword: `${secret}\u{1F600}`, NewPassword: 'new' }),
    ];
    const text = validationErrors(all);
    assert.ok(!text.includes(secret) && !text.includes('BAD-NAME'), text);
    assert.match(
      text,
      /Value at 'environment\.variables' failed to satisfy constraint: Map keys must satisfy constraint: \[Member must satisfy regular expression pattern: \[a-zA-Z\]\(\[a-zA-Z0-9_\]\)\+\]/,
    );
    assert.match(text, /Value at 'value' failed to satisfy constraint: Member must have length greater/);
    assert.match(text, /Value at 'oldPassword' failed/);
  });

  it('is one of at most ten, however many values are invalid', () => {
    const Tags = new Array(40).fill({ Key: '', Value: '#' });
    assert.equal(violations('iam', 'TagRole', { RoleName: 'r', Tags }).length, 10);
    const many = { logGroupName: 'g', logStreamName: 's', logEvents: new Array(10_001).fill({}) };
    assert.equal(violations('logs', 'PutLogEvents', many).length, 1);
  });

  it('is reported for a huge list that the model does not limit', () => {
    const actions = (count: number) => ({
      PolicyInputList: ['{}'],
      ActionNames: new Array(count).fill('s3:*'),
    });
    assert.equal(violations('iam', 'SimulateCustomPolicy', actions(10_000)).length, 0);
    const [only, ...others] = violations('iam', 'SimulateCustomPolicy', actions(10_001));
    assert.equal(only?.breach?.words, 'Member must have length less than or equal to 10000');
    assert.deepEqual(others, []);
  });

  it('counts code points, not UTF-16 units', () => {
    const astral = '\u{1D400}';
    const name = (Description: string) =>
      violations('cloudformation', 'CreateChangeSet', { StackName: 's', ChangeSetName: 'c', Description });
    assert.equal(name(astral.repeat(1024)).length, 0);
    assert.equal(name(astral.repeat(1025)).length, 1);
  });

  it('is not reported for a value of the wrong type, which the codecs refuse', () => {
    assert.deepEqual(violations('iam', 'TagRole', { RoleName: 7, Tags: 'none' as never }), []);
  });

  it('has the path of the value', () => {
    const [missing] = violations('iam', 'TagRole', {
      RoleName: 'r',
      Tags: [{ Key: 'k', Value: 'v' }, { Key: 'l' }],
    });
    assert.equal(plainPath(missing!), 'Tags.2.Value');
    assert.equal(memberPath(missing!), 'tags.2.member.value');
    const [key] = violations('lambda', 'CreateFunction', {
      ...{ FunctionName: 'f', Role: 'arn:aws:iam::000000000000:role/r', Code: {}, KMSKeyArn: 'k' },
    });
    assert.equal(memberPath(key!), 'kMSKeyArn');
  });
});
