// Every setting of a bucket through its life: put, read as it was put, deleted, deleted once more, and then as if it had
// never been there.

import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { S3 } from '@aws-sdk/client-s3';
import { startTestS3, type TestS3 } from '../support/s3.ts';

let test: TestS3;
let s3: S3;
const Bucket = 'settings';

before(async () => {
  test = await startTestS3();
  s3 = new S3({
    endpoint: test.server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  await s3.createBucket({ Bucket });
});

after(async () => {
  s3?.destroy();
  await test?.stop();
});

interface Setting {
  put: keyof S3;
  get: keyof S3;
  delete: keyof S3;
  /** What is put, and so read. */
  value: Record<string, unknown>;
  /** What is read beside it. */
  shown?: Record<string, unknown>;
  /** How it is asked for beside the bucket. */
  more?: { Id: string };
  /** The error's code once it is deleted; an answer where there is a default. */
  gone: string | Record<string, unknown>;
}

const Id = 'one';
const destination = { S3BucketDestination: { Bucket: 'arn:aws:s3:::elsewhere', Format: 'CSV' } };
const AES256 = {
  Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }],
};
const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Deny',
      Principal: { AWS: '111122223333' },
      Action: 's3:GetObject',
      Resource: `arn:aws:s3:::${Bucket}/*`,
    },
  ],
});

const SETTINGS: Setting[] = [
  {
    ...{ put: 'putBucketAnalyticsConfiguration', get: 'getBucketAnalyticsConfiguration' },
    delete: 'deleteBucketAnalyticsConfiguration',
    more: { Id },
    value: { AnalyticsConfiguration: { Id, StorageClassAnalysis: {} } },
    gone: 'NoSuchConfiguration',
  },
  {
    ...{ put: 'putBucketIntelligentTieringConfiguration', get: 'getBucketIntelligentTieringConfiguration' },
    delete: 'deleteBucketIntelligentTieringConfiguration',
    more: { Id },
    value: {
      IntelligentTieringConfiguration: {
        ...{ Id, Status: 'Enabled' },
        Tierings: [{ Days: 90, AccessTier: 'ARCHIVE_ACCESS' }],
      },
    },
    gone: 'NoSuchConfiguration',
  },
  {
    ...{ put: 'putBucketInventoryConfiguration', get: 'getBucketInventoryConfiguration' },
    delete: 'deleteBucketInventoryConfiguration',
    more: { Id },
    value: {
      InventoryConfiguration: {
        ...{ Id, IsEnabled: true, IncludedObjectVersions: 'All', Destination: destination },
        Schedule: { Frequency: 'Daily' },
      },
    },
    gone: 'NoSuchConfiguration',
  },
  {
    ...{ put: 'putBucketCors', get: 'getBucketCors', delete: 'deleteBucketCors' },
    value: {
      CORSConfiguration: {
        CORSRules: [{ AllowedMethods: ['GET'], AllowedOrigins: ['*'], MaxAgeSeconds: 5 }],
      },
    },
    gone: 'NoSuchCORSConfiguration',
  },
  {
    ...{ put: 'putBucketEncryption', get: 'getBucketEncryption', delete: 'deleteBucketEncryption' },
    value: {
      ServerSideEncryptionConfiguration: {
        Rules: [
          {
            ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'alias/mine' },
            BucketKeyEnabled: true,
          },
        ],
      },
    },
    gone: { ServerSideEncryptionConfiguration: AES256 },
  },
  {
    ...{ put: 'putBucketLifecycleConfiguration', get: 'getBucketLifecycleConfiguration' },
    delete: 'deleteBucketLifecycle',
    value: {
      LifecycleConfiguration: {
        Rules: [{ ID: 'r', Status: 'Enabled', Filter: { Prefix: 'p/' }, Expiration: { Days: 3 } }],
      },
    },
    shown: { TransitionDefaultMinimumObjectSize: 'all_storage_classes_128K' },
    gone: 'NoSuchLifecycleConfiguration',
  },
  {
    ...{ put: 'putBucketOwnershipControls', get: 'getBucketOwnershipControls' },
    delete: 'deleteBucketOwnershipControls',
    value: { OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] } },
    gone: 'OwnershipControlsNotFoundError',
  },
  {
    ...{ put: 'putBucketPolicy', get: 'getBucketPolicy', delete: 'deleteBucketPolicy' },
    value: { Policy: POLICY },
    gone: 'NoSuchBucketPolicy',
  },
  {
    ...{ put: 'putBucketReplication', get: 'getBucketReplication', delete: 'deleteBucketReplication' },
    value: {
      ReplicationConfiguration: {
        Role: 'arn:aws:iam::000000000000:role/replication',
        Rules: [
          {
            ...{ ID: 'r', Status: 'Enabled', Priority: 1, Filter: { Prefix: '' } },
            DeleteMarkerReplication: { Status: 'Disabled' },
            Destination: { Bucket: 'arn:aws:s3:::replica-of-settings' },
          },
        ],
      },
    },
    gone: 'ReplicationConfigurationNotFoundError',
  },
  {
    ...{ put: 'putBucketWebsite', get: 'getBucketWebsite', delete: 'deleteBucketWebsite' },
    value: { WebsiteConfiguration: { IndexDocument: { Suffix: 'index.html' } } },
    gone: 'NoSuchWebsiteConfiguration',
  },
];

const call = async (operation: keyof S3, input: object): Promise<Record<string, unknown>> => {
  const method = s3[operation] as (input: object) => Promise<Record<string, unknown>>;
  const { $metadata: _, ...answer } = await method.call(s3, { Bucket, ...input });
  return Object.fromEntries(Object.entries(answer).filter(([, value]) => value !== undefined));
};

/** What is read has the content of a configuration beside each other, where what is put has it in one member. */
const asRead = (setting: Setting, answer: Record<string, unknown>): unknown => {
  const member = Object.keys(setting.value)[0]!;
  if (member in answer) return answer;
  const { shown = {} } = setting;
  assert.deepEqual(Object.fromEntries(Object.keys(shown).map((name) => [name, answer[name]])), shown);
  return { [member]: Object.fromEntries(Object.entries(answer).filter(([name]) => !(name in shown))) };
};

for (const setting of SETTINGS) {
  it(`${setting.put} and what undoes it`, async () => {
    if (setting.put === 'putBucketReplication') {
      const VersioningConfiguration = { Status: 'Enabled' } as const;
      await s3.createBucket({ Bucket: 'replica-of-settings' });
      for (const bucket of [Bucket, 'replica-of-settings']) {
        await s3.putBucketVersioning({ Bucket: bucket, VersioningConfiguration });
      }
    }
    await call(setting.put, { ...setting.value, ...setting.more });
    assert.deepEqual(asRead(setting, await call(setting.get, { ...setting.more })), setting.value);
    await call(setting.delete, { ...setting.more });
    if (typeof setting.gone === 'string') {
      await assert.rejects(call(setting.get, { ...setting.more }), { name: setting.gone });
    } else {
      assert.deepEqual(await call(setting.get, {}), setting.gone);
    }
    // AWS: what has an id is missed at the second time, what a bucket has one of is not.
    const again = call(setting.delete, { ...setting.more });
    if (setting.more) await assert.rejects(again, { name: 'NoSuchConfiguration' });
    else await again;
  });
}

it('the grants of an object are put where the bucket has them', async () => {
  const Key = 'granted';
  await s3.createBucket({ Bucket: 'grants', ObjectOwnership: 'ObjectWriter' });
  await s3.deletePublicAccessBlock({ Bucket: 'grants' });
  await s3.putObject({ Bucket: 'grants', Key, Body: 'x' });
  await s3.putObjectAcl({ Bucket: 'grants', Key, ACL: 'public-read' });
  const { Grants } = await s3.getObjectAcl({ Bucket: 'grants', Key });
  assert.deepEqual(
    Grants!.map(({ Grantee, Permission }) => [Grantee!.URI, Permission]),
    [
      [undefined, 'FULL_CONTROL'],
      ['http://acs.amazonaws.com/groups/global/AllUsers', 'READ'],
    ],
  );
  await s3.putObject({ Bucket, Key, Body: 'x' });
  await s3.putBucketOwnershipControls({
    Bucket,
    OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
  });
  await assert.rejects(s3.putObjectAcl({ Bucket, Key, ACL: 'public-read' }), {
    name: 'AccessControlListNotSupported',
  });
});
