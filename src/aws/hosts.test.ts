import assert from 'node:assert/strict';
import { it } from 'node:test';
import { checkServerIdentity } from 'node:tls';
import { type AwsHost, certificateNames, hostNamesIn, parseAwsHost, registryHost } from './hosts.ts';

const NAMES: [host: string, means: AwsHost][] = [
  ['sts.us-east-1.amazonaws.com', { service: 'sts', region: 'us-east-1' }],
  ['sts-fips.us-east-1.amazonaws.com', { service: 'sts', region: 'us-east-1' }],
  ['sts.amazonaws.com', { service: 'sts' }],
  ['route53.amazonaws.com', { service: 'route53' }],
  ['ec2.us-gov-west-1.amazonaws.com', { service: 'ec2', region: 'us-gov-west-1' }],
  ['lambda.cn-north-1.amazonaws.com.cn', { service: 'lambda', region: 'cn-north-1' }],
  ['sqs.eu-west-1.amazonaws.com', { service: 'sqs', region: 'eu-west-1' }],
  ['queue.amazonaws.com', { service: 'sqs' }],
  ['eu-west-1.queue.amazonaws.com', { service: 'sqs', region: 'eu-west-1' }],
  ['ecr.us-east-1.amazonaws.com', { service: 'ecr', region: 'us-east-1' }],
  ['api.ecr.us-east-1.amazonaws.com', { service: 'ecr', region: 'us-east-1' }],
  [
    '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn',
    { service: 'ecr', region: 'cn-north-1', accountId: '123456789012' },
  ],
  ['s3.amazonaws.com', { service: 's3' }],
  ['s3-external-1.amazonaws.com', { service: 's3' }],
  ['s3.eu-west-1.amazonaws.com', { service: 's3', region: 'eu-west-1' }],
  ['s3-eu-west-1.amazonaws.com', { service: 's3', region: 'eu-west-1' }],
  ['s3.dualstack.eu-west-1.amazonaws.com', { service: 's3', region: 'eu-west-1' }],
  ['b.s3.amazonaws.com', { service: 's3', bucket: 'b' }],
  ['b.s3-external-1.amazonaws.com', { service: 's3', bucket: 'b' }],
  ['b.s3.eu-west-1.amazonaws.com', { service: 's3', region: 'eu-west-1', bucket: 'b' }],
  ['b.s3-eu-west-1.amazonaws.com', { service: 's3', region: 'eu-west-1', bucket: 'b' }],
  ['b.s3.dualstack.eu-west-1.amazonaws.com', { service: 's3', region: 'eu-west-1', bucket: 'b' }],
  ['sts.s3.amazonaws.com', { service: 's3', bucket: 'sts' }],
];

const DOTTED: [host: string, means: AwsHost][] = [
  ['a.b.s3.us-east-1.amazonaws.com', { service: 's3', region: 'us-east-1', bucket: 'a.b' }],
  ['s3.b.s3.amazonaws.com', { service: 's3', bucket: 's3.b' }],
];

it('a host name is parsed into service, region and bucket', () => {
  for (const [host, means] of [...NAMES, ...DOTTED]) assert.deepEqual(parseAwsHost(host), means, host);
});

it('other names are not endpoints', () => {
  for (const host of [
    'amazonaws.com',
    'sts.us-east-1.amazonaws.com.evil.test',
    'sts.us-east-1.amazonaws.com.cn',
    'sts.cn-north-1.amazonaws.com',
    'evilamazonaws.com',
    'demo.abc123.ng.0001.use1.cache.amazonaws.com',
    's3-control.us-east-1.amazonaws.com',
    '123456789012.s3-control.us-east-1.amazonaws.com',
    'b.s3-accelerate.amazonaws.com',
    'b.s3-website-us-east-1.amazonaws.com',
    'vpce-1.ssm.us-east-1.vpce.amazonaws.com',
    '.s3.amazonaws.com',
    '123.dkr.ecr.us-east-1.amazonaws.com',
    'a.123456789012.dkr.ecr.us-east-1.amazonaws.com',
    'dkr.ecr.us-east-1.amazonaws.com',
    '..amazonaws.com',
    '127.0.0.1',
    '',
  ]) {
    assert.equal(parseAwsHost(host), undefined, host);
  }
});

it('the certificate covers every name except those of buckets with dots', () => {
  const certificate = {
    subjectaltname: certificateNames()
      .map((name) => `DNS:${name}`)
      .join(', '),
  };
  const fits = (host: string) => checkServerIdentity(host, certificate as never) === undefined;
  for (const [host] of NAMES) assert.ok(fits(host), host);
  for (const [host] of DOTTED) assert.ok(!fits(host), host);
  assert.ok(!fits('amazonaws.com'));
});

it('the names of ECR’s registries', () => {
  const scope = { accountId: '123456789012', region: 'cn-north-1' };
  assert.equal(registryHost(scope), '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn');
  assert.ok(hostNamesIn('us-east-1', ['ecr']).includes('.dkr.ecr.us-east-1.amazonaws.com'));
});

it('the names of a region', () => {
  assert.deepEqual(hostNamesIn('cn-north-1', ['sts']), [
    'sts.cn-north-1.amazonaws.com.cn',
    'sts.amazonaws.com.cn',
  ]);
});
