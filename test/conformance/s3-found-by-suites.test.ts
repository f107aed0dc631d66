// What other projects' test suites, recorded against AWS, ask of S3 and no other test here does: archived objects,
// uploads that are completed twice, requests that lack what tells them apart.
//
// Sources: moto's tests that are marked as verified against AWS (5.2.5); the issues of versity/versitygw, whose authors
// ask S3 itself.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { S3 } from '@aws-sdk/client-s3';
import { startTestS3, type TestS3 } from '../support/s3.ts';
import { signedFor } from '../support/wire.ts';

let test: TestS3;
let s3: S3;
const Bucket = 'suites';

before(async () => {
  test = await startTestS3();
  s3 = new S3({
    endpoint: test.server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    forcePathStyle: true,
  });
  await s3.createBucket({ Bucket });
});

after(async () => {
  s3?.destroy();
  await test?.stop();
});

/** As no SDK would send it. */
async function ask(method: string, path: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${test.server.url}/${path}`, {
    method,
    headers: { ...signedFor('s3'), ...headers },
  });
  const text = await response.text();
  const read = (name: string) => new RegExp(`<${name}>(.*?)</${name}>`).exec(text)?.[1];
  return { status: response.status, code: read('Code'), message: read('Message'), headers: response.headers };
}

describe('an archived object', () => {
  const Key = 'archived';
  before(async () => {
    for (const StorageClass of ['GLACIER', 'DEEP_ARCHIVE', 'GLACIER_IR'] as const) {
      await s3.putObject({ Bucket, Key: `${Key}-${StorageClass}`, Body: 'x', StorageClass });
    }
  });

  it('is described and not read', async () => {
    for (const StorageClass of ['GLACIER', 'DEEP_ARCHIVE'] as const) {
      const input = { Bucket, Key: `${Key}-${StorageClass}` };
      assert.equal((await s3.headObject(input)).StorageClass, StorageClass);
      await assert.rejects(s3.getObject(input), {
        name: 'InvalidObjectState',
        message: "The operation is not valid for the object's storage class",
        StorageClass,
      });
    }
    const instant = await s3.getObject({ Bucket, Key: `${Key}-GLACIER_IR` });
    assert.equal(await instant.Body!.transformToString(), 'x');
  });

  it('is read and copied for the days that it is restored for', async () => {
    for (const StorageClass of ['GLACIER', 'DEEP_ARCHIVE'] as const) {
      const input = { Bucket, Key: `restored-${StorageClass}` };
      await s3.putObject({ ...input, Body: 'x', StorageClass });
      await assert.rejects(s3.restoreObject(input), { name: 'MissingRequestBodyError' });
      await assert.rejects(s3.restoreObject({ ...input, RestoreRequest: {} }), { name: 'MalformedXML' });
      await s3.restoreObject({ ...input, RestoreRequest: { Days: 1 } });
      const { Restore } = await s3.headObject(input);
      assert.match(Restore!, /^ongoing-request="false", expiry-date="\w{3}, \d\d \w{3} \d{4} 00:00:00 GMT"$/);
      assert.equal(await (await s3.getObject(input)).Body!.transformToString(), 'x');
      await s3.copyObject({ Bucket, Key: 'copy', CopySource: `${Bucket}/${input.Key}` });
    }
    const Expedited = { Days: 1, GlacierJobParameters: { Tier: 'Expedited' } } as const;
    await assert.rejects(
      s3.restoreObject({ Bucket, Key: 'restored-DEEP_ARCHIVE', RestoreRequest: Expedited }),
      { name: 'InvalidArgument' },
    );
    await assert.rejects(
      s3.restoreObject({ Bucket, Key: `${Key}-GLACIER_IR`, RestoreRequest: { Days: 1 } }),
      { name: 'InvalidObjectState' },
    );
  });

  it('is not copied, whole or in parts', async () => {
    const CopySource = `${Bucket}/${Key}-GLACIER`;
    const refused = { name: 'ObjectNotInActiveTierError' };
    await assert.rejects(s3.copyObject({ Bucket, Key: 'copy', CopySource }), refused);
    const { UploadId } = await s3.createMultipartUpload({ Bucket, Key: 'copy' });
    const part = { Bucket, Key: 'copy', UploadId, PartNumber: 1 };
    await assert.rejects(s3.uploadPartCopy({ ...part, CopySource }), refused);
    await s3.abortMultipartUpload({ Bucket, Key: 'copy', UploadId });
  });
});

it('an upload that is completed again answers as before, until another object takes its place', async () => {
  const Key = 'parts';
  const { UploadId } = await s3.createMultipartUpload({ Bucket, Key });
  const { ETag } = await s3.uploadPart({ Bucket, Key, UploadId, PartNumber: 1, Body: 'x' });
  const input = { Bucket, Key, UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } };
  const { $metadata: _, ...first } = await s3.completeMultipartUpload(input);
  const { $metadata: __, ...again } = await s3.completeMultipartUpload({ ...input, IfNoneMatch: '*' });
  assert.deepEqual(again, first);
  await s3.putObject({ Bucket, Key, Body: 'other' });
  await assert.rejects(s3.completeMultipartUpload(input), { name: 'NoSuchUpload' });
});

it('an object is copied onto itself where the bucket’s encryption was set', async () => {
  const input = { Bucket: 'encrypting', Key: 'k', CopySource: 'encrypting/k' };
  await s3.createBucket({ Bucket: input.Bucket });
  await s3.putObject({ Bucket: input.Bucket, Key: 'k', Body: 'x' });
  await assert.rejects(s3.copyObject(input), { name: 'InvalidRequest' });
  await s3.putBucketEncryption({
    Bucket: input.Bucket,
    ServerSideEncryptionConfiguration: {
      Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
    },
  });
  assert.equal((await s3.copyObject(input)).ServerSideEncryption, 'AES256');
});

it('a list that goes on by a token no longer tells where it was to begin', async () => {
  for (const Key of ['list/a', 'list/b', 'list/c']) await s3.putObject({ Bucket, Key, Body: 'x' });
  const input = { Bucket, Prefix: 'list/', StartAfter: 'list/a', MaxKeys: 1 };
  const first = await s3.listObjectsV2(input);
  assert.deepEqual([first.StartAfter, first.Contents![0]!.Key], ['list/a', 'list/b']);
  const next = await s3.listObjectsV2({ ...input, ContinuationToken: first.NextContinuationToken });
  assert.deepEqual([next.StartAfter, next.Contents![0]!.Key], [undefined, 'list/c']);
});

it('numbers of lists that are too large, too small or none', async () => {
  const { UploadId } = await s3.createMultipartUpload({ Bucket, Key: 'numbered' });
  const asked: [path: string, name: string][] = [
    [`${Bucket}?list-type=2`, 'max-keys'],
    [`${Bucket}?versions`, 'max-keys'],
    [`${Bucket}?uploads`, 'max-uploads'],
    [`${Bucket}/numbered?uploadId=${UploadId}`, 'max-parts'],
    [`${Bucket}/numbered?uploadId=${UploadId}`, 'part-number-marker'],
  ];
  for (const [path, name] of asked) {
    const answers = [await ask('GET', `${path}&${name}=-1`), await ask('GET', `${path}&${name}=2147483648`)];
    assert.deepEqual(
      answers.map(({ code, message }) => [code, message]),
      [
        ['InvalidArgument', `Argument ${name} must be an integer between 0 and 2147483647`],
        ['InvalidArgument', `Provided ${name} not an integer or within integer range`],
      ],
      path,
    );
  }
});

describe('what lacks something', () => {
  it('is no other operation that needs less', async () => {
    await s3.createBucket({ Bucket: 'still-there' });
    for (const setting of ['analytics', 'intelligent-tiering', 'inventory', 'metrics']) {
      for (const method of ['DELETE', 'PUT']) {
        assert.equal((await ask(method, `still-there?${setting}`)).status, 400, `${method} ${setting}`);
      }
    }
    await s3.headBucket({ Bucket: 'still-there' });
    await s3.putObject({ Bucket, Key: 'k', Body: 'x' });
    for (const headers of [undefined, { 'x-amz-object-attributes': '' }]) {
      const { status, code, message } = await ask('GET', `${Bucket}/k?attributes`, headers);
      assert.deepEqual(
        [status, code, message],
        [
          400,
          'InvalidRequest',
          'The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty',
        ],
      );
    }
  });

  it('is a document, where there is none', async () => {
    for (const setting of ['object-lock', 'versioning', 'tagging', 'lifecycle', 'website', 'notification']) {
      const { status, code } = await ask('PUT', `${Bucket}?${setting}`);
      assert.deepEqual([status, code], [400, 'MissingRequestBodyError'], setting);
    }
  });
});

it('a rule of replication without a name gets one', async () => {
  await s3.createBucket({ Bucket: 'replicated' });
  await s3.putBucketVersioning({
    Bucket: 'replicated',
    VersioningConfiguration: { Status: 'Enabled' },
  });
  const rule = { Status: 'Enabled', Destination: { Bucket: 'arn:aws:s3:::elsewhere' } } as const;
  await s3.putBucketReplication({
    Bucket: 'replicated',
    ReplicationConfiguration: {
      Role: 'arn:aws:iam::000000000000:role/r',
      Rules: [rule, { ...rule, ID: 'mine' }],
    },
  });
  const { ReplicationConfiguration } = await s3.getBucketReplication({ Bucket: 'replicated' });
  const [given, mine] = ReplicationConfiguration!.Rules!.map(({ ID }) => ID);
  assert.match(given!, /^[\w-]{16,255}$/);
  assert.equal(mine, 'mine');
});

it('notifications go to the bucket’s own region', async () => {
  await assert.rejects(
    s3.putBucketNotificationConfiguration({
      Bucket,
      NotificationConfiguration: {
        TopicConfigurations: [
          { TopicArn: 'arn:aws:sns:us-west-2:000000000000:t', Events: ['s3:ObjectCreated:*'] },
        ],
      },
    }),
    {
      name: 'InvalidArgument',
      message: 'The notification destination service region is not valid for the bucket location constraint',
    },
  );
});

it('a bucket that is asked after is told as XML', async () => {
  assert.equal((await ask('HEAD', Bucket)).headers.get('content-type'), 'application/xml');
});
