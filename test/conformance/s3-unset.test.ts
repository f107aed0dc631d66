// What tools read of a bucket and an object that they have just made: every setting answers, with what AWS shows where
// nothing was set, or with its error. Terraform, Pulumi and the CDK's own functions ask for all of these.

import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { S3, type S3ServiceException } from '@aws-sdk/client-s3';
import { startTestS3, type TestS3 } from '../support/s3.ts';

let test: TestS3;
let s3: S3;
const Bucket = 'fresh';
const Key = 'object';

before(async () => {
  test = await startTestS3();
  s3 = new S3({
    endpoint: test.server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  await s3.createBucket({ Bucket });
  await s3.putObject({ Bucket, Key, Body: 'x' });
});

after(async () => {
  s3?.destroy();
  await test?.stop();
});

const blocked = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};

/** The output without its metadata, or the error's code; all of these are 404. */
const SHOWN: [keyof S3, object | string, object?][] = [
  ['getBucketAbac', { AbacStatus: { Status: 'Disabled' } }],
  ['getBucketAccelerateConfiguration', {}],
  ['getBucketAnalyticsConfiguration', 'NoSuchConfiguration', { Id: 'x' }],
  ['getBucketCors', 'NoSuchCORSConfiguration'],
  [
    'getBucketEncryption',
    {
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }],
      },
    },
  ],
  ['getBucketIntelligentTieringConfiguration', 'NoSuchConfiguration', { Id: 'x' }],
  ['getBucketInventoryConfiguration', 'NoSuchConfiguration', { Id: 'x' }],
  ['getBucketLifecycleConfiguration', 'NoSuchLifecycleConfiguration'],
  ['getBucketLocation', {}],
  ['getBucketLogging', {}],
  ['getBucketMetadataConfiguration', 'MetadataConfigurationNotFound'],
  ['getBucketMetadataTableConfiguration', 'MetadataConfigurationNotFound'],
  ['getBucketMetricsConfiguration', 'NoSuchConfiguration', { Id: 'x' }],
  ['getBucketNotificationConfiguration', {}],
  [
    'getBucketOwnershipControls',
    { OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] } },
  ],
  ['getBucketPolicy', 'NoSuchBucketPolicy'],
  ['getBucketPolicyStatus', 'NoSuchBucketPolicy'],
  ['getBucketReplication', 'ReplicationConfigurationNotFoundError'],
  ['getBucketRequestPayment', { Payer: 'BucketOwner' }],
  ['getBucketTagging', 'NoSuchTagSet'],
  ['getBucketVersioning', {}],
  ['getBucketWebsite', 'NoSuchWebsiteConfiguration'],
  ['getObjectLockConfiguration', 'ObjectLockConfigurationNotFoundError'],
  ['getPublicAccessBlock', { PublicAccessBlockConfiguration: blocked }],
  ['listBucketAnalyticsConfigurations', { IsTruncated: false }],
  ['listBucketIntelligentTieringConfigurations', { IsTruncated: false }],
  ['listBucketInventoryConfigurations', { IsTruncated: false }],
  ['listBucketMetricsConfigurations', { IsTruncated: false }],
  ['getObjectTagging', { TagSet: [] }, { Key }],
];

it('every setting answers where nothing was set', async () => {
  for (const [operation, expected, more] of SHOWN) {
    const call = (s3[operation] as (input: object) => Promise<object>).call(s3, { Bucket, ...more });
    if (typeof expected === 'string') {
      await assert.rejects(call, (error: S3ServiceException) => {
        assert.deepEqual([error.name, error.$metadata?.httpStatusCode], [expected, 404], operation);
        return true;
      });
      continue;
    }
    const { $metadata, ...shown } = (await call) as Record<string, unknown>;
    const told = Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== undefined));
    assert.deepEqual(told, expected, operation);
  }
});

it('every read of the API is among them, or is no setting', () => {
  const listed = new Set(SHOWN.map(([name]) => String(name).toLowerCase()));
  const others = ['getBucketAcl', 'getObject', 'getObjectAcl', 'getObjectAttributes'];
  // Of object lock and annotations, of which there are none without more; and of torrents, which AWS gave up.
  const special = ['getObjectLegalHold', 'getObjectRetention', 'getObjectAnnotation', 'getObjectTorrent'];
  const known = new Set([...others, ...special].map((name) => name.toLowerCase()));
  const reads = Object.getOwnPropertyNames(S3.prototype).filter((name) => name.startsWith('get'));
  assert.deepEqual(
    reads.filter((name) => !listed.has(name.toLowerCase()) && !known.has(name.toLowerCase())),
    [],
  );
});

it('configurations with ids are kept, paged and deleted', async () => {
  const put = (Id: string, Prefix: string) =>
    s3.putBucketMetricsConfiguration({ Bucket, Id, MetricsConfiguration: { Id, Filter: { Prefix } } });
  for (let index = 0; index < 101; index++) await put(`m${String(index).padStart(3, '0')}`, 'a');
  await put('m000', 'b');
  const first = await s3.listBucketMetricsConfigurations({ Bucket });
  assert.deepEqual([first.MetricsConfigurationList?.length, first.IsTruncated], [100, true]);
  assert.deepEqual(first.MetricsConfigurationList?.[0], { Id: 'm000', Filter: { Prefix: 'b' } });
  const rest = await s3.listBucketMetricsConfigurations({
    Bucket,
    ContinuationToken: first.NextContinuationToken,
  });
  assert.deepEqual([rest.MetricsConfigurationList?.map(({ Id }) => Id), rest.IsTruncated], [['m100'], false]);
  await s3.deleteBucketMetricsConfiguration({ Bucket, Id: 'm000' });
  await assert.rejects(s3.deleteBucketMetricsConfiguration({ Bucket, Id: 'm000' }), {
    name: 'NoSuchConfiguration',
  });
  await assert.rejects(
    s3.putBucketMetricsConfiguration({ Bucket, Id: 'a', MetricsConfiguration: { Id: 'b' } }),
    { name: 'MalformedXML' },
  );
});

it('a policy is public or not, and says so', async () => {
  const policy = (more: object) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: '*',
          Action: 's3:GetObject',
          Resource: `arn:aws:s3:::${Bucket}/*`,
          ...more,
        },
      ],
    });
  const cases: [object, boolean][] = [
    [{}, true],
    [{ Principal: { AWS: ['*'] } }, true],
    [{ Principal: { AWS: '111122223333' } }, false],
    [{ Effect: 'Deny' }, false],
    [{ Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-1' } } }, false],
  ];
  await assert.rejects(s3.putBucketPolicy({ Bucket, Policy: policy({}) }), { name: 'AccessDenied' });
  await s3.deletePublicAccessBlock({ Bucket });
  for (const [more, isPublic] of cases) {
    await s3.putBucketPolicy({ Bucket, Policy: policy(more) });
    const { PolicyStatus } = await s3.getBucketPolicyStatus({ Bucket });
    assert.equal(PolicyStatus?.IsPublic, isPublic, JSON.stringify(more));
  }
});

it('answers tell the region of the bucket', async () => {
  const authorization = 'AWS4-HMAC-SHA256 Credential=test/20300101/us-east-1/s3/aws4_request';
  const region = async (path: string, method = 'GET', headers = {}) => {
    const answer = await fetch(`${test.server.url}/${Bucket}${path}`, {
      method,
      headers: { authorization, ...headers },
    });
    await answer.arrayBuffer();
    return answer.headers.get('x-amz-bucket-region');
  };
  assert.equal(await region('', 'HEAD'), 'us-east-1');
  assert.equal(await region(''), 'us-east-1');
  assert.equal(await region('?list-type=2'), 'us-east-1');
  assert.equal(await region('', 'HEAD', { 'x-amz-expected-bucket-owner': '111122223333' }), 'us-east-1');
});
