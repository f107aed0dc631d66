// The policies that AWS manages. Any well-formed ARN of one is taken to exist, since there are over a thousand; what
// each permits is told for the few that everybody uses, and nothing is enforced. Pure but for the ids' hash.

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

export const isAwsPolicyArn = (arn: string): boolean => FORM.test(arn);

/** `undefined` when the ARN is not of one. */
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

/** For lists: those whose contents are known. */
export const COMMON_AWS_POLICIES = [...ACTIONS.keys()].map(
  (name) => `arn:aws:iam::aws:policy/${name.startsWith('AWSLambda') ? 'service-role/' : ''}${name}`,
);
