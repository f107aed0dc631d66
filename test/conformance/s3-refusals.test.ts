// What S3 refuses, in its words: settings, headers, conditions and version ids that an emulator is tempted to accept.
// The answers are those that others recorded from AWS, and that users of it reported.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { S3, type S3ServiceException } from '@aws-sdk/client-s3';
import { startTestS3, type TestS3 } from '../support/s3.ts';

let test: TestS3;
let s3: S3;
const Bucket = 'refusals';
const locked = 'locked';

before(async () => {
  test = await startTestS3();
  s3 = new S3({
    endpoint: test.server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    forcePathStyle: true,
  });
  await s3.createBucket({ Bucket });
  await s3.createBucket({ Bucket: locked, ObjectLockEnabledForBucket: true });
});

after(async () => {
  s3?.destroy();
  await test?.stop();
});

/** Of an error's members all are compared, so that none is `undefined` or too many. */
async function refused(
  call: Promise<unknown>,
  code: string,
  status: number,
  members?: object,
): Promise<void> {
  await assert.rejects(call, (error) => {
    const exception = error as S3ServiceException & { Error?: object };
    assert.deepEqual([exception.name, exception.$metadata?.httpStatusCode], [code, status]);
    assert.ok(!JSON.stringify(exception).includes('"undefined"'), JSON.stringify(exception));
    if (members) {
      const {
        name,
        message,
        stack,
        $retryable,
        $fault,
        $metadata,
        $response,
        Code,
        RequestId,
        HostId,
        Type,
        ...own
      } = exception as unknown as Record<string, unknown>;
      assert.deepEqual({ ...own }, members);
    }
    return true;
  });
}

const expiring = (Expiration: object, more: object = {}) =>
  ({ ID: 'r', Status: 'Enabled', Filter: { Prefix: '' }, Expiration, ...more }) as never;
const lifecycle = (...Rules: object[]) =>
  s3.putBucketLifecycleConfiguration({ Bucket, LifecycleConfiguration: { Rules: Rules as never } });

describe('settings', () => {
  it('of the lifecycle', async () => {
    const positive = (name: string, action: string) =>
      `'${name}' for ${action} action must be a positive integer`;
    const told: [object, string][] = [
      [expiring({ Days: -1 }), positive('Days', 'Expiration')],
      [expiring({ Days: 0 }), positive('Days', 'Expiration')],
      [
        expiring({ Days: 1 }, { NoncurrentVersionExpiration: { NoncurrentDays: 0 } }),
        positive('NoncurrentDays', 'NoncurrentVersionExpiration'),
      ],
      [
        expiring({ Days: 1 }, { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 0 } }),
        positive('DaysAfterInitiation', 'AbortIncompleteMultipartUpload'),
      ],
      [expiring({ Date: new Date('2030-01-01T00:00:01Z') }), "'Date' must be at midnight GMT"],
      [
        expiring({ Days: 90 }, { Transitions: [{ Days: 1, StorageClass: 'STANDARD_IA' }] }),
        "'Days' in Transition action must be greater than or equal to 30 for storageClass 'STANDARD_IA'",
      ],
    ];
    for (const [rule, message] of told) {
      await assert.rejects(lifecycle(rule), { name: 'InvalidArgument', message });
    }
    const malformed = [
      expiring({ Days: 1, Date: new Date('2030-01-01T00:00:00Z') }),
      expiring({}),
      expiring({ Days: 1 }, { Status: 'enabled' }),
      expiring({ Days: 1 }, { Filter: undefined }),
      expiring({ Days: 1 }, { Filter: { Prefix: 'a', ObjectSizeLessThan: 5 } }),
      expiring({ Days: 90 }, { Transitions: [{ Days: 30, StorageClass: 'STANDARD' }] }),
    ];
    for (const rule of malformed) await refused(lifecycle(rule), 'MalformedXML', 400);
    await refused(lifecycle(), 'MalformedXML', 400);
    const many = Array.from({ length: 1001 }, (_, index) => expiring({ Days: 1 }, { ID: `r${index}` }));
    await refused(lifecycle(...many), 'MalformedXML', 400);
    await refused(lifecycle(expiring({ Days: 1 }), expiring({ Days: 2 })), 'InvalidArgument', 400);
    await refused(lifecycle({ ID: 'r', Status: 'Enabled', Filter: { Prefix: '' } }), 'InvalidRequest', 400);
    await refused(s3.getBucketLifecycleConfiguration({ Bucket }), 'NoSuchLifecycleConfiguration', 404, {
      BucketName: Bucket,
    });
    const Date_ = new Date('2030-01-01T00:00:00Z');
    await lifecycle(expiring({ Date: Date_ }));
    const { Rules } = await s3.getBucketLifecycleConfiguration({ Bucket });
    assert.deepEqual(Rules?.[0]?.Expiration, { Date: Date_ });
  });

  it('of ownership, encryption, acceleration, versioning and the like', async () => {
    const put: [string, object, string, number, object?][] = [
      ['OwnershipControls', { Rules: [] }, 'MalformedXML', 400],
      [
        'OwnershipControls',
        { Rules: [{ ObjectOwnership: 'ObjectWriter' }, { ObjectOwnership: 'BucketOwnerEnforced' }] },
        'MalformedXML',
        400,
      ],
      ['OwnershipControls', { Rules: [{ ObjectOwnership: 'mine' }] }, 'MalformedXML', 400],
      ['OwnershipControls', { Rules: [{}] }, 'MalformedXML', 400],
      ['ServerSideEncryptionConfiguration', { Rules: [] }, 'MalformedXML', 400],
      ['ServerSideEncryptionConfiguration', { Rules: [SSE('AES256'), SSE('AES256')] }, 'MalformedXML', 400],
      ['ServerSideEncryptionConfiguration', { Rules: [SSE('AES512')] }, 'MalformedXML', 400],
      [
        'ServerSideEncryptionConfiguration',
        { Rules: [SSE('AES256', 'key')] },
        'InvalidArgument',
        400,
        { ArgumentName: 'ApplyServerSideEncryptionByDefault' },
      ],
      ['AccelerateConfiguration', { Status: 'enabled' }, 'MalformedXML', 400],
      ['VersioningConfiguration', { Status: 'enabled' }, 'MalformedXML', 400],
      ['VersioningConfiguration', {}, 'IllegalVersioningConfigurationException', 400],
      ['RequestPaymentConfiguration', { Payer: 'Nobody' }, 'MalformedXML', 400],
      ['CORSConfiguration', { CORSRules: [] }, 'MalformedXML', 400],
      ['CORSConfiguration', { CORSRules: [CORS({ AllowedMethods: ['PATCH'] })] }, 'InvalidRequest', 400],
      ['CORSConfiguration', { CORSRules: [CORS({ AllowedOrigins: ['http://*.*'] })] }, 'InvalidRequest', 400],
      ['CORSConfiguration', { CORSRules: Array.from({ length: 101 }, () => CORS({})) }, 'MalformedXML', 400],
      [
        'WebsiteConfiguration',
        { ErrorDocument: { Key: 'e' } },
        'InvalidArgument',
        400,
        { ArgumentName: 'IndexDocument', ArgumentValue: 'null' },
      ],
      ['WebsiteConfiguration', { IndexDocument: { Suffix: 'a/b' } }, 'InvalidArgument', 400],
      [
        'BucketLoggingStatus',
        LOGGING('nowhere'),
        'InvalidTargetBucketForLogging',
        400,
        { TargetBucket: 'nowhere' },
      ],
      ['NotificationConfiguration', { TopicConfigurations: [TOPIC('no-arn')] }, 'InvalidArgument', 400],
      [
        'NotificationConfiguration',
        { TopicConfigurations: [TOPIC('arn:aws:sns:us-east-1:1:t', 's3:Nothing')] },
        'InvalidArgument',
        400,
      ],
      ['ObjectLockConfiguration', { ObjectLockEnabled: 'Enabled' }, 'InvalidBucketState', 409],
      ['PublicAccessBlockConfiguration', {}, 'InvalidRequest', 400],
      ['Tagging', { TagSet: [{ Key: 'aws:x', Value: '' }] }, 'InvalidTag', 400, { TagKey: 'aws:x' }],
      [
        'Tagging',
        { TagSet: [{ Key: 'a', Value: '1,2' }] },
        'InvalidTag',
        400,
        { TagKey: 'a', TagValue: '1,2' },
      ],
    ];
    for (const [member, value, code, status, members] of put) {
      await refused(putSetting(member, value), code, status, members);
    }
    await refused(
      s3.putBucketReplication({
        Bucket,
        ReplicationConfiguration: {
          Role: 'arn:aws:iam::1:role/r',
          Rules: [{ Status: 'Enabled', Destination: { Bucket: 'arn:aws:s3:::x' } }],
        },
      }),
      'InvalidRequest',
      400,
    );
    for (const Policy of ['', 'no', '[]', '"x"']) {
      await refused(s3.putBucketPolicy({ Bucket, Policy }), 'MalformedPolicy', 400);
    }
    await refused(
      s3.putBucketPolicy({ Bucket, Policy: JSON.stringify({ Statement: ['x'.repeat(21_000)] }) }),
      'PolicyTooLarge',
      400,
    );
    await s3.createBucket({ Bucket: 'with.dot' });
    await refused(
      s3.putBucketAccelerateConfiguration({
        Bucket: 'with.dot',
        AccelerateConfiguration: { Status: 'Enabled' },
      }),
      'InvalidRequest',
      400,
    );
    await refused(
      s3.createBucket({ Bucket: 'owned', ObjectOwnership: 'Mine' as never }),
      'InvalidArgument',
      400,
      { ArgumentName: 'x-amz-object-ownership' },
    );
  });

  it('an empty set of tags is none', async () => {
    await s3.putBucketTagging({ Bucket, Tagging: { TagSet: [{ Key: 'a', Value: '1' }] } });
    await s3.putBucketTagging({ Bucket, Tagging: { TagSet: [] } });
    await refused(s3.getBucketTagging({ Bucket }), 'NoSuchTagSet', 404, { BucketName: Bucket });
  });

  it('access control lists, where there can be none', async () => {
    for (const ACL of ['private', 'public-read'] as const) {
      await refused(s3.putBucketAcl({ Bucket, ACL }), 'AccessControlListNotSupported', 400, {});
      await refused(s3.putObject({ Bucket, Key: 'k', ACL }), 'AccessControlListNotSupported', 400);
    }
    await s3.putObject({ Bucket, Key: 'k', ACL: 'bucket-owner-full-control' });
    await refused(s3.putBucketAcl({ Bucket, ACL: 'mine' as never }), 'InvalidArgument', 400, {
      ArgumentName: 'x-amz-acl',
      ArgumentValue: 'mine',
    });
    await refused(s3.putBucketAcl({ Bucket }), 'MissingSecurityHeader', 400, {
      MissingHeaderName: 'x-amz-acl',
    });
    await refused(
      s3.createBucket({ Bucket: 'public', ACL: 'public-read' }),
      'InvalidBucketAclWithObjectOwnership',
      400,
    );
    await refused(
      s3.createBucket({
        Bucket: 'directory',
        CreateBucketConfiguration: {
          Bucket: { Type: 'Directory', DataRedundancy: 'SingleAvailabilityZone' },
        },
      }),
      'NotImplemented',
      501,
    );
    const open = 'with-acls';
    await s3.createBucket({ Bucket: open, ObjectOwnership: 'ObjectWriter' });
    await refused(s3.putBucketAcl({ Bucket: open, ACL: 'public-read' }), 'AccessDenied', 403);
    await s3.deletePublicAccessBlock({ Bucket: open });
    await s3.putBucketAcl({ Bucket: open, ACL: 'public-read' });
    const { Grants, Owner } = await s3.getBucketAcl({ Bucket: open });
    assert.deepEqual(
      Grants?.map(({ Grantee, Permission }) => [Grantee?.Type, Grantee?.URI ?? Grantee?.ID, Permission]),
      [
        ['CanonicalUser', Owner!.ID, 'FULL_CONTROL'],
        ['Group', 'http://acs.amazonaws.com/groups/global/AllUsers', 'READ'],
      ],
    );
    await s3.putBucketAcl({ Bucket: open, AccessControlPolicy: { Owner, Grants } });
    await refused(
      s3.putBucketAcl({
        Bucket: open,
        AccessControlPolicy: { Owner, Grants: [{ ...Grants![0]!, Permission: 'EVERYTHING' as never }] },
      }),
      'MalformedACLError',
      400,
    );
    await s3.putObject({ Bucket: open, Key: 'k', Body: '', GrantRead: `id="${Owner!.ID}"` });
    assert.equal((await s3.getObjectAcl({ Bucket: open, Key: 'k' })).Grants?.[0]?.Permission, 'READ');
  });
});

const SSE = (SSEAlgorithm: string, KMSMasterKeyID?: string) => ({
  ApplyServerSideEncryptionByDefault: { SSEAlgorithm, ...(KMSMasterKeyID && { KMSMasterKeyID }) },
});
const CORS = (more: object) => ({ AllowedMethods: ['GET'], AllowedOrigins: ['*'], ...more });
const LOGGING = (TargetBucket: string) => ({ LoggingEnabled: { TargetBucket, TargetPrefix: '' } });
const TOPIC = (TopicArn: string, event = 's3:ObjectCreated:*') => ({ TopicArn, Events: [event] });

const PUTS: Record<string, keyof S3> = {
  AccelerateConfiguration: 'putBucketAccelerateConfiguration',
  BucketLoggingStatus: 'putBucketLogging',
  CORSConfiguration: 'putBucketCors',
  NotificationConfiguration: 'putBucketNotificationConfiguration',
  ObjectLockConfiguration: 'putObjectLockConfiguration',
  OwnershipControls: 'putBucketOwnershipControls',
  PublicAccessBlockConfiguration: 'putPublicAccessBlock',
  RequestPaymentConfiguration: 'putBucketRequestPayment',
  ServerSideEncryptionConfiguration: 'putBucketEncryption',
  Tagging: 'putBucketTagging',
  VersioningConfiguration: 'putBucketVersioning',
  WebsiteConfiguration: 'putBucketWebsite',
};

function putSetting(member: string, value: object): Promise<unknown> {
  const put = s3[PUTS[member]!] as (input: object) => Promise<unknown>;
  return put.call(s3, { Bucket, [member]: value });
}

describe('object lock', () => {
  const Key = 'kept';

  it('needs versions, and keeps them', async () => {
    const set = (ObjectLockConfiguration: object) =>
      s3.putObjectLockConfiguration({
        Bucket: locked,
        ObjectLockConfiguration: ObjectLockConfiguration as never,
      });
    const retention = (DefaultRetention: object) => ({
      ObjectLockEnabled: 'Enabled',
      Rule: { DefaultRetention },
    });
    for (const wrong of [
      {},
      { Rule: {} },
      { ObjectLockEnabled: 'Enabled', Rule: {} },
      retention({}),
      retention({ Mode: 'GOVERNANCE' }),
      retention({ Mode: 'GOVERNANCE', Days: 1, Years: 1 }),
      retention({ Mode: 'governance', Days: 1 }),
    ]) {
      await refused(set(wrong), 'MalformedXML', 400);
    }
    await refused(set(retention({ Mode: 'GOVERNANCE', Days: 0 })), 'InvalidArgument', 400);
    await set(retention({ Mode: 'GOVERNANCE', Days: 1 }));
    const suspended = { Status: 'Suspended' as const };
    await refused(
      s3.putBucketVersioning({ Bucket: locked, VersioningConfiguration: suspended }),
      'InvalidBucketState',
      409,
    );
  });

  it('holds versions until their time, or governance is bypassed', async () => {
    const { VersionId } = await s3.putObject({ Bucket: locked, Key, Body: 'x' });
    const version = { Bucket: locked, Key, VersionId };
    assert.equal((await s3.getObjectRetention(version)).Retention?.Mode, 'GOVERNANCE');
    assert.equal((await s3.headObject(version)).ObjectLockMode, 'GOVERNANCE');
    await refused(s3.deleteObject(version), 'AccessDenied', 403);
    const { Errors } = await s3.deleteObjects({ Bucket: locked, Delete: { Objects: [{ Key, VersionId }] } });
    assert.equal(Errors?.[0]?.Code, 'AccessDenied');
    await s3.putObjectLegalHold({ ...version, LegalHold: { Status: 'ON' } });
    await refused(s3.deleteObject({ ...version, BypassGovernanceRetention: true }), 'AccessDenied', 403);
    await s3.putObjectLegalHold({ ...version, LegalHold: { Status: 'OFF' } });
    await refused(
      s3.putObjectRetention({ ...version, Retention: { Mode: 'GOVERNANCE', RetainUntilDate: new Date(1) } }),
      'InvalidArgument',
      400,
    );
    await s3.deleteObject({ ...version, BypassGovernanceRetention: true });
    await refused(s3.getObjectRetention(version), 'NoSuchVersion', 404);
  });

  it('is not bypassed where there is none', async () => {
    const name = { ArgumentName: 'x-amz-bypass-governance-retention' };
    for (const BypassGovernanceRetention of [true, false]) {
      const bypass = { Bucket, BypassGovernanceRetention };
      await refused(s3.deleteObject({ ...bypass, Key: 'k' }), 'InvalidArgument', 400, name);
      const Delete = { Objects: [{ Key: 'k' }] };
      await refused(s3.deleteObjects({ ...bypass, Delete }), 'InvalidArgument', 400, name);
    }
    await refused(s3.putObject({ Bucket, Key: 'k', ObjectLockLegalHoldStatus: 'ON' }), 'InvalidRequest', 400);
    await refused(s3.getObjectRetention({ Bucket, Key: 'k' }), 'InvalidRequest', 400);
  });
});

describe('headers', () => {
  const Key = 'headers';

  it('of uploads', async () => {
    const wrong: [object, string, number, object?][] = [
      [{ ServerSideEncryption: 'AES512' }, 'InvalidArgument', 400],
      [{ SSEKMSKeyId: 'key' }, 'InvalidArgument', 400, { ArgumentName: 'x-amz-server-side-encryption' }],
      [{ WebsiteRedirectLocation: 'elsewhere' }, 'InvalidRedirectLocation', 400, {}],
      [{ StorageClass: 'ATTIC' }, 'InvalidStorageClass', 400, { StorageClassRequested: 'ATTIC' }],
      [{ IfNoneMatch: '"x"' }, 'NotImplemented', 501],
      [{ IfMatch: '*' }, 'NotImplemented', 501],
      [{ IfMatch: '"x"', IfNoneMatch: '*' }, 'NotImplemented', 501],
      [{ IfMatch: '"x"' }, 'NoSuchKey', 404, { Key }],
      [{ WriteOffsetBytes: 1 }, 'NotImplemented', 501, { Header: 'x-amz-write-offset-bytes' }],
      [
        { Tagging: 'a=1&a=2' },
        'InvalidArgument',
        400,
        { ArgumentName: 'x-amz-tagging', ArgumentValue: 'a=1&a=2' },
      ],
      [
        { SSECustomerAlgorithm: 'AES256', SSECustomerKey: 'x'.repeat(32) },
        'NotImplemented',
        501,
        { Header: 'x-amz-server-side-encryption-customer-algorithm' },
      ],
    ];
    for (const [more, code, status, members] of wrong) {
      await refused(s3.putObject({ Bucket, Key, Body: 'x', ...more }), code, status, members);
    }
    await refused(s3.headObject({ Bucket, Key }), 'NotFound', 404);
  });

  it('keys of KMS are kept and shown', async () => {
    const id = '12345678-1234-1234-1234-123456789012';
    const arn = `arn:aws:kms:us-east-1:000000000000:key/${id}`;
    const own = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: id } as const;
    assert.equal((await s3.putObject({ Bucket, Key: 'kms', Body: '', ...own })).SSEKMSKeyId, arn);
    const head = await s3.headObject({ Bucket, Key: 'kms' });
    assert.deepEqual([head.ServerSideEncryption, head.SSEKMSKeyId], ['aws:kms', arn]);
    await s3.putBucketEncryption({
      Bucket: locked,
      ServerSideEncryptionConfiguration: {
        Rules: [{ ...SSE('aws:kms', id), BucketKeyEnabled: true } as never],
      },
    });
    const { SSEKMSKeyId, BucketKeyEnabled } = await s3.putObject({ Bucket: locked, Key: 'kms', Body: '' });
    assert.deepEqual([SSEKMSKeyId, BucketKeyEnabled], [arn, true]);
  });

  it('of lists and versions', async () => {
    await refused(s3.listObjectsV2({ Bucket, ContinuationToken: '' }), 'InvalidArgument', 400, {
      ArgumentName: 'continuation-token',
    });
    await refused(s3.listObjectsV2({ Bucket, ContinuationToken: 'noise' }), 'InvalidArgument', 400, {
      ArgumentName: 'continuation-token',
    });
    await refused(s3.listBuckets({ ContinuationToken: 'noise' }), 'InvalidArgument', 400);
    await refused(
      s3.listBucketMetricsConfigurations({ Bucket, ContinuationToken: 'x' }),
      'InvalidArgument',
      400,
    );
    await s3.putObject({ Bucket, Key, Body: 'x' });
    await refused(
      s3.getObjectAttributes({ Bucket, Key, ObjectAttributes: ['Colour' as never] }),
      'InvalidArgument',
      400,
    );
    const bogus = 'HPniJFCxqTsMuIH9KX8K8wEjNUgmABCD';
    const told = { ArgumentName: 'versionId', ArgumentValue: bogus };
    for (const VersionId of [bogus]) {
      await refused(s3.getObject({ Bucket, Key, VersionId }), 'InvalidArgument', 400, told);
      await refused(s3.deleteObject({ Bucket, Key, VersionId }), 'InvalidArgument', 400, told);
      await refused(s3.getObjectTagging({ Bucket, Key, VersionId }), 'InvalidArgument', 400, told);
      const { Errors } = await s3.deleteObjects({ Bucket, Delete: { Objects: [{ Key, VersionId }] } });
      assert.equal(Errors?.[0]?.Code, 'NoSuchVersion');
    }
    assert.equal((await s3.getObject({ Bucket, Key, VersionId: 'null' })).ContentLength, 1);
  });

  it('a delete marker is told with the method', async () => {
    const { VersionId } = await s3.deleteObject({ Bucket: locked, Key: 'marker' });
    const target = { Bucket: locked, Key: 'marker', VersionId };
    const told = (Method: string) => ({ Method, ResourceType: 'DeleteMarker' });
    await refused(s3.getObject(target), 'MethodNotAllowed', 405, told('GET'));
    await refused(
      s3.putObjectTagging({ ...target, Tagging: { TagSet: [] } }),
      'MethodNotAllowed',
      405,
      told('PUT'),
    );
    await refused(
      s3.deleteObjectTagging({ ...target, VersionId: undefined }),
      'MethodNotAllowed',
      405,
      told('DELETE'),
    );
  });
});

describe('conditions of uploads in parts', () => {
  const Key = 'conditional';

  async function upload() {
    const { UploadId } = await s3.createMultipartUpload({ Bucket, Key });
    const { ETag } = await s3.uploadPart({ Bucket, Key, UploadId, PartNumber: 1, Body: 'part' });
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    return (condition: { IfMatch?: string | undefined; IfNoneMatch?: string }) =>
      s3.completeMultipartUpload({ Bucket, Key, UploadId, MultipartUpload, ...condition });
  }

  it('If-None-Match', async () => {
    await s3.putObject({ Bucket, Key, Body: '' });
    const complete = await upload();
    await refused(complete({ IfNoneMatch: '*' }), 'PreconditionFailed', 412, { Condition: 'If-None-Match' });
    await s3.deleteObject({ Bucket, Key });
    await refused(complete({ IfNoneMatch: '*' }), 'ConditionalRequestConflict', 409, {
      Condition: 'If-None-Match',
      Key,
    });
    await (await upload())({ IfNoneMatch: '*' });
  });

  it('and of how they were begun', async () => {
    const begun = await s3.createMultipartUpload({ Bucket, Key, ChecksumAlgorithm: 'CRC32' });
    const { UploadId } = begun;
    const part = await s3.uploadPart({
      ...{ Bucket, Key, UploadId, PartNumber: 1, Body: 'part' },
      ChecksumAlgorithm: 'CRC32',
    });
    const Parts = [{ PartNumber: 1, ETag: part.ETag, ChecksumCRC32: part.ChecksumCRC32 }];
    await refused(
      s3.completeMultipartUpload({
        ...{ Bucket, Key, UploadId, MultipartUpload: { Parts } },
        ChecksumType: 'FULL_OBJECT',
      }),
      'InvalidRequest',
      400,
    );
    await s3.abortMultipartUpload({ Bucket, Key, UploadId });
  });

  it('If-Match', async () => {
    const { ETag } = await s3.putObject({ Bucket, Key, Body: 'one' });
    const complete = await upload();
    await s3.putObject({ Bucket, Key, Body: 'one' });
    await refused(complete({ IfMatch: '"x"' }), 'PreconditionFailed', 412, { Condition: 'If-Match' });
    await refused(complete({ IfMatch: ETag }), 'ConditionalRequestConflict', 409, {
      Condition: 'If-Match',
      Key,
    });
    await s3.deleteObject({ Bucket, Key });
    await refused(complete({ IfMatch: ETag }), 'NoSuchKey', 404, { Key });
    const { ETag: second } = await s3.putObject({ Bucket, Key, Body: 'two' });
    await (await upload())({ IfMatch: second });
  });
});

it('what is told of a bucket', async () => {
  const head = await s3.headBucket({ Bucket });
  assert.deepEqual([head.BucketArn, head.BucketRegion], [`arn:aws:s3:::${Bucket}`, 'us-east-1']);
  const { BucketArn } = await s3.createBucket({ Bucket: 'told' });
  assert.equal(BucketArn, 'arn:aws:s3:::told');
  assert.deepEqual(Object.keys((await s3.listBuckets()).Owner!), ['ID']);
  assert.deepEqual(Object.keys((await s3.getBucketAcl({ Bucket })).Owner!), ['ID']);
  const authorization = 'AWS4-HMAC-SHA256 Credential=test/20300101/us-east-1/s3/aws4_request';
  const missing = await fetch(`${test.server.url}/${Bucket}/none`, { headers: { authorization } });
  assert.equal(missing.status, 404);
  assert.ok(!(await missing.text()).includes('undefined'));
});
