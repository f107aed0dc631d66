// The policies that AWS manages. Any well-formed ARN of one counts as existing, since there are over a thousand. Only
// a few common policies have their real contents; nothing enforces them. Pure apart from the hash that makes the ids.

import { derivedHex } from '../../kernel/ids.ts';
import type { PolicyRecord } from './records.ts';

const FORM = /^arn:aws[a-z-]*:iam::aws:policy(\/(?:[\w-]+\/)*)([\w+=,.@-]{1,128})$/;

const MADE_AT = Date.UTC(2015, 1, 6);

const LOGS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];
const INTERFACES = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

const ACTIONS = new Map<string, string | string[]>([
  ['AdministratorAccess', '*'],
  ['AWSLambdaBasicExecutionRole', LOGS],
  ['AWSLambdaVPCAccessExecutionRole', [...LOGS, ...INTERFACES]],
  ['AmazonS3FullAccess', ['s3:*', 's3-object-lambda:*']],
  ['AmazonElastiCacheFullAccess', 'elasticache:*'],
  ['AmazonSSMManagedInstanceCore', ['ssm:*', 'ssmmessages:*', 'ec2messages:*']],
]);

/** Whether the ARN has the form of an AWS managed policy. It says nothing about whether AWS has that policy. */
export const isAwsPolicyArn = (arn: string): boolean => FORM.test(arn);

/** `undefined` if the ARN is not of an AWS managed policy. A policy with unknown contents has no statements. */
export function awsPolicyOf(arn: string): PolicyRecord | undefined {
  const [, path, name] = FORM.exec(arn) ?? [];
  if (path === undefined || name === undefined) return undefined;
  const Action = ACTIONS.get(name);
  const Statement = Action === undefined ? [] : [{ Effect: 'Allow', Action, Resource: '*' }];
  return {
    name,
    path,
    id: `ANPA${derivedHex(17, name).toUpperCase()}`,
    versions: [
      { versionId: 'v1', document: JSON.stringify({ Version: '2012-10-17', Statement }), createdAt: MADE_AT },
    ],
    defaultVersionId: 'v1',
    versionCount: 1,
    tags: {},
    createdAt: MADE_AT,
    updatedAt: MADE_AT,
  };
}

/** The ARNs of the policies with known contents, sorted. Lists show only these. */
export const COMMON_AWS_POLICIES: readonly string[] = [...ACTIONS.keys()]
  .map((name) => `arn:aws:iam::aws:policy/${name.startsWith('AWSLambda') ? 'service-role/' : ''}${name}`)
  .sort();
