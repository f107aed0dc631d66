// S3 as the SDK for JavaScript sees it: buckets, objects, versions, parts, and the words of its refusals.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { S3, type S3ServiceException } from '@aws-sdk/client-s3';
import { startTestS3, type TestS3 } from '../support/s3.ts';

let test: TestS3;
let s3: S3;

before(async () => {
  test = await startTestS3();
  s3 = connect();
});

after(async () => {
  s3?.destroy();
  await test?.stop();
});

const connect = (region = 'us-east-1', accessKeyId = 'test'): S3 =>
  new S3({ endpoint: test.server.url, region, credentials: { accessKeyId, secretAccessKey: 'test' } });

const refusal =
  (name: string, status: number, members: Record<string, unknown> = {}) =>
  (error: unknown) => {
    const exception = error as S3ServiceException & Record<string, unknown>;
    assert.deepEqual([exception.name, exception.$metadata?.httpStatusCode], [name, status]);
    for (const [member, value] of Object.entries(members)) assert.equal(exception[member], value);
    return true;
  };

const textOf = async (output: { Body?: { transformToString(): Promise<string> } | undefined }) =>
  output.Body!.transformToString();

describe('buckets', () => {
  it('come into being where they should, once', async (t) => {
    const [eu, other] = [connect('eu-west-1'), connect('us-east-1', '111122223333')];
    t.after(() => {
      eu.destroy();
      other.destroy();
    });
    await s3.createBucket({ Bucket: 'here' });
    await s3.createBucket({ Bucket: 'here' });
    const there = {
      Bucket: 'there',
      CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
    } as const;
    await eu.createBucket(there);
    await assert.rejects(
      eu.createBucket(there),
      refusal('BucketAlreadyOwnedByYou', 409, { BucketName: 'there' }),
    );
    await assert.rejects(other.createBucket({ Bucket: 'here' }), refusal('BucketAlreadyExists', 409));
    await assert.rejects(s3.createBucket({ Bucket: 'No_Name' }), refusal('InvalidBucketName', 400));
    assert.equal((await s3.getBucketLocation({ Bucket: 'here' })).LocationConstraint, undefined);
    assert.equal((await s3.getBucketLocation({ Bucket: 'there' })).LocationConstraint, 'eu-west-1');
    assert.equal((await s3.headBucket({ Bucket: 'there' })).BucketRegion, 'eu-west-1');
    const names = async (client: S3) => (await client.listBuckets()).Buckets?.map(({ Name }) => Name) ?? [];
    assert.deepEqual(await names(s3), ['here', 'there']);
    assert.deepEqual(await names(other), []);
    await assert.rejects(
      s3.headBucket({ Bucket: 'here', ExpectedBucketOwner: '111122223333' }),
      (error: S3ServiceException) => error.$metadata.httpStatusCode === 403,
    );
    await s3.deleteBucket({ Bucket: 'here' });
    await s3.deleteBucket({ Bucket: 'there' });
    await assert.rejects(s3.listObjectsV2({ Bucket: 'here' }), refusal('NoSuchBucket', 404));
  });

  it('keep their settings', async () => {
    const Bucket = 'settings';
    await s3.createBucket({ Bucket });
    await assert.rejects(s3.getBucketTagging({ Bucket }), refusal('NoSuchTagSet', 404));
    await assert.rejects(s3.getBucketPolicy({ Bucket }), refusal('NoSuchBucketPolicy', 404));
    await assert.rejects(s3.putBucketPolicy({ Bucket, Policy: 'not json' }), refusal('MalformedPolicy', 400));
    const TagSet = [{ Key: 'a', Value: 'b + c' }];
    await s3.putBucketTagging({ Bucket, Tagging: { TagSet } });
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [] });
    await s3.putBucketPolicy({ Bucket, Policy });
    const LifecycleConfiguration = {
      Rules: [
        {
          ID: 'r',
          Status: 'Enabled' as const,
          Filter: { Prefix: 'x/' },
          NoncurrentVersionExpiration: { NoncurrentDays: 365 },
        },
      ],
    };
    await s3.putBucketLifecycleConfiguration({ Bucket, LifecycleConfiguration });
    await test.restart();
    s3.destroy();
    s3 = connect();
    assert.deepEqual((await s3.getBucketTagging({ Bucket })).TagSet, TagSet);
    assert.equal((await s3.getBucketPolicy({ Bucket })).Policy, Policy);
    assert.deepEqual(
      (await s3.getBucketLifecycleConfiguration({ Bucket })).Rules,
      LifecycleConfiguration.Rules,
    );
    assert.equal(
      (await s3.getBucketEncryption({ Bucket })).ServerSideEncryptionConfiguration?.Rules?.[0]
        ?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm,
      'AES256',
    );
    assert.equal(
      (await s3.getPublicAccessBlock({ Bucket })).PublicAccessBlockConfiguration?.BlockPublicAcls,
      true,
    );
    assert.equal((await s3.getBucketAcl({ Bucket })).Grants?.[0]?.Permission, 'FULL_CONTROL');
    assert.equal(
      (await s3.getBucketNotificationConfiguration({ Bucket })).LambdaFunctionConfigurations,
      undefined,
    );
    await s3.deleteBucketTagging({ Bucket });
    await assert.rejects(s3.getBucketTagging({ Bucket }), refusal('NoSuchTagSet', 404));
    await s3.deleteBucket({ Bucket });
  });
});

describe('objects', () => {
  const Bucket = 'objects';
  before(() => s3.createBucket({ Bucket }));

  it('come back as they were, with all that was said of them', async () => {
    const put = await s3.putObject({
      Bucket,
      Key: 'described',
      Body: 'hello world',
      ContentType: 'text/plain',
      CacheControl: 'no-cache',
      ContentEncoding: 'x-none',
      Expires: new Date('2030-01-01T00:00:00Z'),
      Metadata: { colour: 'red' },
      Tagging: 'a=1&b=2',
      ChecksumAlgorithm: 'SHA256',
    });
    assert.equal(put.ETag, `"${createHash('md5').update('hello world').digest('hex')}"`);
    assert.equal(put.ChecksumSHA256, createHash('sha256').update('hello world').digest('base64'));
    const got = await s3.getObject({ Bucket, Key: 'described', ChecksumMode: 'ENABLED' });
    assert.equal(await textOf(got), 'hello world');
    const {
      ContentType,
      CacheControl,
      ContentEncoding,
      Metadata,
      TagCount,
      ETag,
      ChecksumSHA256,
      ContentLength,
    } = got;
    assert.deepEqual(
      { ContentType, CacheControl, ContentEncoding, Metadata, TagCount, ETag, ChecksumSHA256, ContentLength },
      {
        ContentType: 'text/plain',
        CacheControl: 'no-cache',
        ContentEncoding: 'x-none',
        Metadata: { colour: 'red' },
        TagCount: 2,
        ETag: put.ETag,
        ChecksumSHA256: put.ChecksumSHA256,
        ContentLength: 11,
      },
    );
    const overridden = await s3.getObject({
      Bucket,
      Key: 'described',
      ResponseContentType: 'text/html',
      ResponseContentDisposition: 'attachment; filename="é\u2028\r\nx: y"',
    });
    assert.equal(overridden.ContentType, 'text/html');
    assert.equal(await textOf(overridden), 'hello world');
  });

  it('have keys of any kind', async () => {
    const keys = [
      '..',
      '../../etc/passwd',
      '/',
      '//x',
      'a/./b',
      'a/../b',
      'x\u0000y',
      'x\u0001',
      '\n',
      ' ',
      '+',
      '%2e',
      '\u{1F600}',
      'k'.repeat(1024),
    ];
    for (const Key of keys) await s3.putObject({ Bucket, Key: `hostile/${Key}`.slice(0, 1024), Body: Key });
    for (const Key of keys) {
      assert.equal(await textOf(await s3.getObject({ Bucket, Key: `hostile/${Key}`.slice(0, 1024) })), Key);
    }
    const { Contents, KeyCount } = await s3.listObjectsV2({
      Bucket,
      Prefix: 'hostile/',
      EncodingType: 'url',
    });
    assert.equal(KeyCount, keys.length);
    const listed = Contents!.map(({ Key }) => decodeURIComponent(Key!.replaceAll('+', ' ')));
    assert.deepEqual(new Set(listed), new Set(keys.map((key) => `hostile/${key}`.slice(0, 1024))));
    await assert.rejects(
      s3.putObject({ Bucket, Key: 'k'.repeat(1025), Body: '' }),
      refusal('KeyTooLongError', 400),
    );
    const Objects = listed.map((Key) => ({ Key }));
    const { Deleted, Errors } = await s3.deleteObjects({
      Bucket,
      // XML has no way to write these.
      Delete: { Objects: Objects.filter(({ Key }) => !/[^\P{Cc}\n]/u.test(Key)) },
    });
    assert.equal(Errors, undefined);
    assert.equal(Deleted?.length, keys.length - 2);
  });

  it('in ranges and under conditions', async () => {
    const Key = 'ranged';
    const { ETag } = await s3.putObject({ Bucket, Key, Body: '0123456789' });
    const part = await s3.getObject({ Bucket, Key, Range: 'bytes=-3' });
    assert.deepEqual(
      [await textOf(part), part.ContentRange, part.$metadata.httpStatusCode],
      ['789', 'bytes 7-9/10', 206],
    );
    await assert.rejects(
      s3.getObject({ Bucket, Key, Range: 'bytes=10-' }),
      refusal('InvalidRange', 416, { ActualObjectSize: '10' }),
    );
    await assert.rejects(
      s3.getObject({ Bucket, Key, IfNoneMatch: ETag }),
      (error: S3ServiceException) => error.$metadata.httpStatusCode === 304,
    );
    await assert.rejects(s3.getObject({ Bucket, Key, IfMatch: '"x"' }), refusal('PreconditionFailed', 412));
    await assert.rejects(
      s3.putObject({ Bucket, Key, Body: '', IfNoneMatch: '*' }),
      refusal('PreconditionFailed', 412, { Condition: 'If-None-Match' }),
    );
    await s3.putObject({ Bucket, Key, Body: 'new', IfMatch: ETag });
    await assert.rejects(s3.getObject({ Bucket, Key: 'none' }), refusal('NoSuchKey', 404, { Key: 'none' }));
    await assert.rejects(s3.headObject({ Bucket, Key: 'none' }), refusal('NotFound', 404));
  });

  it('are refused where the bytes are not what they should be', async () => {
    const Key = 'wrong';
    const wrong: [object, string][] = [
      [{ ContentMD5: createHash('md5').update('other').digest('base64') }, 'BadDigest'],
      [{ ContentMD5: 'nonsense' }, 'InvalidDigest'],
      [{ ChecksumCRC32: 'AAAAAA==' }, 'BadDigest'],
      [{ ChecksumSHA1: 'AAAA' }, 'InvalidRequest'],
      [{ Metadata: { a: 'x'.repeat(2048) } }, 'MetadataTooLarge'],
      [{ StorageClass: 'ATTIC' }, 'InvalidStorageClass'],
    ];
    for (const [claim, code] of wrong) {
      await assert.rejects(s3.putObject({ Bucket, Key, Body: 'bytes', ...claim }), refusal(code, 400));
    }
    await assert.rejects(
      s3.putObject({ Bucket: 'nowhere', Key, Body: Buffer.alloc(3_000_000) }),
      refusal('NoSuchBucket', 404),
    );
    await assert.rejects(s3.headObject({ Bucket, Key }), refusal('NotFound', 404));
    assert.deepEqual(test.files().incoming, []);
  });

  it('are copied, with their description or another', async () => {
    await s3.putObject({ Bucket, Key: 'source ü', Body: 'copied', Metadata: { a: '1' }, Tagging: 't=1' });
    const CopySource = `/${Bucket}/${encodeURIComponent('source ü')}`;
    await s3.copyObject({ Bucket, Key: 'copy', CopySource });
    const copy = await s3.getObject({ Bucket, Key: 'copy' });
    assert.deepEqual([await textOf(copy), copy.Metadata, copy.TagCount], ['copied', { a: '1' }, 1]);
    await s3.copyObject({
      Bucket,
      Key: 'copy',
      CopySource,
      MetadataDirective: 'REPLACE',
      Metadata: { b: '2' },
    });
    assert.deepEqual((await s3.headObject({ Bucket, Key: 'copy' })).Metadata, { b: '2' });
    await assert.rejects(
      s3.copyObject({ Bucket, Key: 'source ü', CopySource }),
      refusal('InvalidRequest', 400),
    );
    await assert.rejects(
      s3.copyObject({ Bucket, Key: 'x', CopySource: `${Bucket}/none` }),
      refusal('NoSuchKey', 404),
    );
  });

  it('have tags', async () => {
    await s3.putObject({ Bucket, Key: 'tagged', Body: '' });
    await s3.putObjectTagging({ Bucket, Key: 'tagged', Tagging: { TagSet: [{ Key: 'k', Value: 'v' }] } });
    assert.deepEqual((await s3.getObjectTagging({ Bucket, Key: 'tagged' })).TagSet, [
      { Key: 'k', Value: 'v' },
    ]);
    await s3.deleteObjectTagging({ Bucket, Key: 'tagged' });
    assert.deepEqual((await s3.getObjectTagging({ Bucket, Key: 'tagged' })).TagSet, []);
  });
});

it('lists by page, prefix and delimiter', async () => {
  const Bucket = 'listed';
  await s3.createBucket({ Bucket });
  for (const Key of ['a', 'd/1', 'd/2', 'd/e/3', 'z']) await s3.putObject({ Bucket, Key, Body: Key });
  const top = await s3.listObjectsV2({ Bucket, Delimiter: '/' });
  assert.deepEqual(
    [top.Contents?.map(({ Key }) => Key), top.CommonPrefixes?.map(({ Prefix }) => Prefix), top.KeyCount],
    [['a', 'z'], ['d/'], 3],
  );
  const pages: string[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await s3.listObjectsV2({ Bucket, MaxKeys: 2, ContinuationToken });
    pages.push(page.Contents!.map(({ Key }) => Key).join());
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken);
  assert.deepEqual(pages, ['a,d/1', 'd/2,d/e/3', 'z']);
  const old = await s3.listObjects({ Bucket, Prefix: 'd/', Delimiter: '/', MaxKeys: 2 });
  assert.deepEqual([old.IsTruncated, old.NextMarker], [true, 'd/2']);
  const rest = await s3.listObjects({ Bucket, Prefix: 'd/', Delimiter: '/', Marker: old.NextMarker });
  assert.deepEqual([rest.Contents, rest.CommonPrefixes?.map(({ Prefix }) => Prefix)], [undefined, ['d/e/']]);
});

it('keeps versions, hides them behind markers, and shows them again', async () => {
  const Bucket = 'versioned';
  const Key = 'k';
  await s3.createBucket({ Bucket });
  await s3.putObject({ Bucket, Key, Body: 'before' });
  await s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: 'Enabled' } });
  const first = await s3.putObject({ Bucket, Key, Body: 'first' });
  const second = await s3.putObject({ Bucket, Key, Body: 'second' });
  const marker = await s3.deleteObject({ Bucket, Key });
  assert.equal(marker.DeleteMarker, true);
  await assert.rejects(s3.getObject({ Bucket, Key }), refusal('NoSuchKey', 404));
  const versionOf = async (VersionId: string | undefined) =>
    textOf(await s3.getObject({ Bucket, Key, VersionId }));
  assert.equal(await versionOf('null'), 'before');
  assert.equal(await versionOf(first.VersionId), 'first');
  await assert.rejects(
    s3.getObject({ Bucket, Key, VersionId: marker.VersionId }),
    refusal('MethodNotAllowed', 405),
  );

  const shown: (string | undefined)[] = [];
  let markers: { KeyMarker?: string; VersionIdMarker?: string } = {};
  for (;;) {
    const page = await s3.listObjectVersions({ Bucket, MaxKeys: 1, ...markers });
    shown.push(
      ...[...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map(({ VersionId }) => VersionId),
    );
    if (!page.IsTruncated) break;
    markers = { KeyMarker: page.NextKeyMarker!, VersionIdMarker: page.NextVersionIdMarker! };
  }
  assert.deepEqual(shown, [marker.VersionId, second.VersionId, first.VersionId, 'null']);

  await s3.deleteObject({ Bucket, Key, VersionId: marker.VersionId });
  assert.equal(await versionOf(undefined), 'second');
  await s3.deleteObject({ Bucket, Key, VersionId: second.VersionId });
  assert.equal(await versionOf(undefined), 'first');
  await assert.rejects(
    s3.getObject({ Bucket, Key, VersionId: second.VersionId }),
    refusal('NoSuchVersion', 404, { VersionId: second.VersionId }),
  );
  await s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: 'Suspended' } });
  await s3.putObject({ Bucket, Key, Body: 'null again' });
  assert.equal(await versionOf('null'), 'null again');
  assert.equal((await s3.listObjectVersions({ Bucket })).Versions?.length, 2);
  await assert.rejects(s3.deleteBucket({ Bucket }), refusal('BucketNotEmpty', 409));
});

describe('uploads in parts', () => {
  const Bucket = 'parts';
  const Key = 'big';
  const big = Buffer.alloc(5 * 1024 * 1024, 'abcdefg');
  const tail = Buffer.from('tail');
  const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest();
  before(() => s3.createBucket({ Bucket }));

  for (const ChecksumAlgorithm of [undefined, 'CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const) {
    it(`become one object, with ${ChecksumAlgorithm ?? 'no'} checksum`, async () => {
      const { UploadId } = await s3.createMultipartUpload({
        Bucket,
        Key,
        ChecksumAlgorithm,
        Metadata: { a: '1' },
      });
      const target = { Bucket, Key, UploadId, ...(ChecksumAlgorithm && { ChecksumAlgorithm }) };
      const one = await s3.uploadPart({ ...target, PartNumber: 1, Body: big });
      const two = await s3.uploadPart({ ...target, PartNumber: 2, Body: tail });
      const listed = await s3.listParts({ Bucket, Key, UploadId });
      assert.deepEqual(
        listed.Parts?.map(({ Size }) => Size),
        [big.length, tail.length],
      );
      const Parts = [
        { ...one, PartNumber: 1 },
        { ...two, PartNumber: 2 },
      ];
      const complete = (parts: typeof Parts) =>
        s3.completeMultipartUpload({ Bucket, Key, UploadId, MultipartUpload: { Parts: parts } });
      await assert.rejects(complete([...Parts].reverse()), refusal('InvalidPartOrder', 400));
      await assert.rejects(
        complete([Parts[0]!, { ...Parts[1]!, ETag: '"0"' }]),
        refusal('InvalidPart', 400, { PartNumber: '2' }),
      );
      const { ETag } = await complete(Parts);
      assert.equal(ETag, `"${md5(Buffer.concat([md5(big), md5(tail)])).toString('hex')}-2"`);
      const got = await s3.getObject({ Bucket, Key, ChecksumMode: 'ENABLED' });
      assert.deepEqual(Buffer.from(await got.Body!.transformToByteArray()), Buffer.concat([big, tail]));
      assert.deepEqual(got.Metadata, { a: '1' });
      const second = await s3.getObject({ Bucket, Key, PartNumber: 2 });
      assert.deepEqual([await textOf(second), second.PartsCount], ['tail', 2]);
      const across = await s3.getObject({ Bucket, Key, Range: `bytes=${big.length - 2}-${big.length + 1}` });
      assert.equal(await textOf(across), `${big.subarray(-2).toString()}ta`);
      assert.equal((await complete(Parts)).ETag, ETag);
    });
  }

  it('must be large enough, and can be given up', async () => {
    const { UploadId } = await s3.createMultipartUpload({ Bucket, Key: 'small' });
    const part = { Bucket, Key: 'small', UploadId };
    const one = await s3.uploadPart({ ...part, PartNumber: 1, Body: 'small' });
    const two = await s3.uploadPartCopy({
      ...part,
      PartNumber: 2,
      CopySource: `${Bucket}/${Key}`,
      CopySourceRange: 'bytes=0-9',
    });
    const Parts = [
      { PartNumber: 1, ETag: one.ETag },
      { PartNumber: 2, ETag: two.CopyPartResult?.ETag },
    ];
    await assert.rejects(
      s3.completeMultipartUpload({ ...part, MultipartUpload: { Parts } }),
      refusal('EntityTooSmall', 400),
    );
    const { Uploads } = await s3.listMultipartUploads({ Bucket });
    assert.deepEqual(
      Uploads?.map((upload) => upload.UploadId),
      [UploadId],
    );
    await s3.abortMultipartUpload(part);
    await assert.rejects(s3.listParts(part), refusal('NoSuchUpload', 404));
    await assert.rejects(s3.uploadPart({ ...part, PartNumber: 3, Body: '' }), refusal('NoSuchUpload', 404));
  });
});

it('leaves no file when all is deleted', async () => {
  for (const { Name: Bucket } of (await s3.listBuckets()).Buckets!) {
    const { Versions = [], DeleteMarkers = [] } = await s3.listObjectVersions({
      Bucket,
      EncodingType: 'url',
    });
    for (const { Key, VersionId } of [...Versions, ...DeleteMarkers]) {
      await s3.deleteObject({ Bucket, Key: decodeURIComponent(Key!.replaceAll('+', ' ')), VersionId });
    }
    await s3.deleteBucket({ Bucket });
  }
  await test.restart();
  assert.deepEqual(test.files(), { blobs: [], incoming: [] });
});
