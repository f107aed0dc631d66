// S3's resource types, called as CloudFormation calls them, and how S3 shows the buckets afterwards.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import { driveTypes, SCOPE } from '../../../test/support/resource-types.ts';
import type { Properties } from '../../control/resource-type.ts';
import { systemClock } from '../../kernel/clock.ts';
import { silentLog } from '../../kernel/log.ts';
import { openStore } from '../../store/store.ts';
import { createClient } from '../../wire/client.ts';
import { createS3Types } from './cloudformation.ts';
import type { Sdk } from './sdk.ts';
import { createS3 } from './service.ts';

async function start(test: TestContext) {
  const directory = await mkdtemp(join(tmpdir(), 'millpond-s3-types-'));
  const store = openStore(':memory:');
  const s3 = createS3({ store, clock: systemClock, log: silentLog, directory });
  await s3.start();
  test.after(async () => {
    await s3.stop();
    store.close();
    await rm(directory, { recursive: true, force: true });
  });
  const client: import('../../wire/client.ts').Client<Sdk> = createClient('s3', { inProcess: s3.service });
  return { client, ...driveTypes(createS3Types({ client })) };
}

const ALL: Properties = {
  BucketName: 'all-of-it',
  VersioningConfiguration: { Status: 'Enabled' },
  ObjectLockEnabled: true,
  BucketEncryption: {
    ServerSideEncryptionConfiguration: [
      {
        BucketKeyEnabled: true,
        ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'k' },
      },
    ],
  },
  PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
  OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] },
  AccessControl: 'LogDeliveryWrite',
  LifecycleConfiguration: {
    Rules: [
      {
        Id: 'old',
        Status: 'Enabled',
        Prefix: 'logs/',
        TagFilters: [{ Key: 'a', Value: 'b' }],
        ExpirationInDays: 30,
        NoncurrentVersionExpirationInDays: 7,
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
        Transitions: [{ StorageClass: 'GLACIER', TransitionInDays: 10 }],
      },
      { Status: 'Disabled', NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 2 } },
    ],
  },
  CorsConfiguration: {
    CorsRules: [
      { Id: 'x', AllowedMethods: ['GET'], AllowedOrigins: ['*'], ExposedHeaders: ['ETag'], MaxAge: 60 },
    ],
  },
  WebsiteConfiguration: {
    IndexDocument: 'index.html',
    ErrorDocument: 'error.html',
    RoutingRules: [
      { RedirectRule: { HostName: 'x' }, RoutingRuleCondition: { HttpErrorCodeReturnedEquals: '404' } },
    ],
  },
  LoggingConfiguration: { LogFilePrefix: 'own/' },
  AccelerateConfiguration: { AccelerationStatus: 'Enabled' },
  ObjectLockConfiguration: {
    ObjectLockEnabled: 'Enabled',
    Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 1 } },
  },
};

it('each setting of a bucket is set, changed and reset', async (test) => {
  const { client, make, update, deleteAll } = await start(test);
  const { physicalId: Bucket } = await make('AWS::S3::Bucket', 'Bucket', ALL);
  const read = async (
    operation: Parameters<import('../../wire/client.ts').Client<Sdk>['call']>[0],
  ): Promise<Record<string, unknown>> =>
    (await client.call(operation, { Bucket } as never, SCOPE)) as Record<string, unknown>;
  assert.deepEqual((await read('GetBucketVersioning')).Status, 'Enabled');
  assert.deepEqual((await read('GetBucketEncryption')).ServerSideEncryptionConfiguration, {
    Rules: [
      {
        BucketKeyEnabled: true,
        ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'k' },
      },
    ],
  });
  assert.deepEqual((await read('GetPublicAccessBlock')).PublicAccessBlockConfiguration, {
    BlockPublicAcls: true,
    IgnorePublicAcls: false,
    BlockPublicPolicy: false,
    RestrictPublicBuckets: true,
  });
  assert.deepEqual((await read('GetBucketOwnershipControls')).OwnershipControls, ALL.OwnershipControls);
  const Rules = (await read('GetBucketLifecycleConfiguration')).Rules as { ID: string }[];
  const generated = Rules[1]!.ID;
  assert.match(generated, /^.{20,}$/);
  assert.deepEqual(Rules, [
    {
      ID: 'old',
      Status: 'Enabled',
      Filter: { And: { Prefix: 'logs/', Tags: [{ Key: 'a', Value: 'b' }] } },
      Expiration: { Days: 30 },
      NoncurrentVersionExpiration: { NoncurrentDays: 7 },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
      Transitions: [{ Days: 10, StorageClass: 'GLACIER' }],
    },
    {
      ID: generated,
      Status: 'Disabled',
      Filter: { Prefix: '' },
      NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 2 },
    },
  ]);
  assert.deepEqual((await read('GetBucketCors')).CORSRules, [
    { AllowedMethods: ['GET'], AllowedOrigins: ['*'], ID: 'x', MaxAgeSeconds: 60, ExposeHeaders: ['ETag'] },
  ]);
  assert.deepEqual(await read('GetBucketWebsite'), {
    IndexDocument: { Suffix: 'index.html' },
    ErrorDocument: { Key: 'error.html' },
    RoutingRules: [{ Redirect: { HostName: 'x' }, Condition: { HttpErrorCodeReturnedEquals: '404' } }],
  });
  assert.deepEqual(await read('GetBucketLogging'), {
    LoggingEnabled: { TargetBucket: Bucket, TargetPrefix: 'own/' },
  });
  assert.equal((await read('GetBucketAccelerateConfiguration')).Status, 'Enabled');
  assert.deepEqual((await read('GetObjectLockConfiguration')).ObjectLockConfiguration, {
    ObjectLockEnabled: 'Enabled',
    Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 1 } },
  });

  // AWS: a bucket with object lock keeps its versions.
  const { BucketName, ObjectLockEnabled, VersioningConfiguration } = ALL;
  const bare = { BucketName, ObjectLockEnabled, VersioningConfiguration } as Properties;
  await update('AWS::S3::Bucket', 'Bucket', Bucket, [ALL, bare]);
  assert.deepEqual(await read('GetBucketLogging'), {});
  assert.deepEqual((await read('GetObjectLockConfiguration')).ObjectLockConfiguration, {
    ObjectLockEnabled: 'Enabled',
  });
  for (const gone of [
    'GetPublicAccessBlock',
    'GetBucketOwnershipControls',
    'GetBucketLifecycleConfiguration',
    'GetBucketCors',
    'GetBucketWebsite',
  ] as const) {
    await assert.rejects(read(gone), gone);
  }
  await deleteAll();
});

it('removing versioning suspends it, and a private bucket needs no access control list', async (test) => {
  const { client, make, update, deleteAll } = await start(test);
  const versioned: Properties = {
    BucketName: 'versioned',
    AccessControl: 'Private',
    VersioningConfiguration: { Status: 'Enabled' },
  };
  const { physicalId: Bucket } = await make('AWS::S3::Bucket', 'Bucket', versioned);
  await update('AWS::S3::Bucket', 'Bucket', Bucket, [versioned, { BucketName: 'versioned' }]);
  assert.equal((await client.call('GetBucketVersioning', { Bucket }, SCOPE)).Status, 'Suspended');
  await deleteAll();
});

it('a policy stays with its bucket until it is deleted', async (test) => {
  const { client, make, update, deleteAll } = await start(test);
  await make('AWS::S3::Bucket', 'Bucket', { BucketName: 'with-policy' });
  const policy = (Sid: string): Properties => ({
    Bucket: 'with-policy',
    PolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        { Sid, Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::with-policy' },
      ],
    },
  });
  const { physicalId } = await make('AWS::S3::BucketPolicy', 'Policy', policy('one'));
  assert.equal(physicalId, 'with-policy');
  await update('AWS::S3::BucketPolicy', 'Policy', physicalId, [policy('one'), policy('two')]);
  const { Policy } = await client.call('GetBucketPolicy', { Bucket: 'with-policy' }, SCOPE);
  assert.equal(JSON.parse(Policy!).Statement[0].Sid, 'two');
  await deleteAll();
  const missing = client.call('GetBucketPolicy', { Bucket: 'with-policy' }, SCOPE);
  await assert.rejects(missing, { name: 'NoSuchBucket' });
});

it('properties without effect are refused before a bucket is made', async (test) => {
  const { client, make } = await start(test);
  const refusals: Properties[] = [
    { ReplicationConfiguration: { Role: 'r', Rules: [] } },
    { InventoryConfigurations: [{ Id: 'x' }] },
    { NotificationConfiguration: { TopicConfigurations: [{ Event: 's3:ObjectCreated:*', Topic: 'arn' }] } },
  ];
  for (const refused of refusals) {
    const attempt = make('AWS::S3::Bucket', 'Bucket', { BucketName: 'refused', ...refused });
    await assert.rejects(
      attempt,
      new RegExp(`${Object.keys(refused)[0]}.* is not supported by this Millpond`),
    );
  }
  await make('AWS::S3::Bucket', 'Bucket', {
    BucketName: 'accepted',
    NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
  });
  const { Buckets } = await client.call('ListBuckets', {}, SCOPE);
  assert.deepEqual(
    Buckets?.map(({ Name }) => Name),
    ['accepted'],
  );
});
