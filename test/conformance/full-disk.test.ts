// What is uploaded to a full disk is refused for what it is, by every service that keeps files; with room again it is
// taken, and nothing of the failed attempts is left.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import * as lambda from '@aws-sdk/client-lambda';
import * as s3 from '@aws-sdk/client-s3';
import { zip } from '../../src/kernel/zip.ts';
import { startEngineless } from '../support/engineless.ts';
import { noMounting as skip, smallDisk } from '../support/small-disk.ts';

const LARGE = Buffer.alloc(2 ** 21, 7);
const packageOf = (name: string) => zip({ 'index.js': `exports.name = '${name}'`, large: LARGE });

test('uploads to a full disk', { skip }, async (t) => {
  const disk = smallDisk(t, 32);
  const { server } = await startEngineless(t, disk.dataDir);
  const options = {
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  };
  const functions = new lambda.LambdaClient(options);
  const objects = new s3.S3Client({ ...options, forcePathStyle: true });
  t.after(() => {
    functions.destroy();
    objects.destroy();
  });
  await objects.send(new s3.CreateBucketCommand({ Bucket: 'bucket' }));
  const uploads = {
    CreateFunction: () =>
      functions.send(
        new lambda.CreateFunctionCommand({
          FunctionName: 'f',
          Runtime: 'nodejs22.x',
          Handler: 'index.handler',
          Role: 'arn:aws:iam::000000000000:role/test',
          Code: { ZipFile: packageOf('f') },
        }),
      ),
    PublishLayerVersion: () =>
      functions.send(
        new lambda.PublishLayerVersionCommand({ LayerName: 'l', Content: { ZipFile: packageOf('layer') } }),
      ),
    PutObject: () => objects.send(new s3.PutObjectCommand({ Bucket: 'bucket', Key: 'k', Body: LARGE })),
    CopyObject: () =>
      objects.send(new s3.CopyObjectCommand({ Bucket: 'bucket', Key: 'copy', CopySource: 'bucket/k' })),
    // Last: it frees what the function had.
    UpdateFunctionCode: () =>
      functions.send(
        new lambda.UpdateFunctionCodeCommand({ FunctionName: 'f', ZipFile: packageOf('changed') }),
      ),
  };
  const files = () =>
    readdirSync(disk.dataDir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name)
      .sort();
  for (const [operation, upload] of Object.entries(uploads)) {
    const before = files();
    disk.fill();
    await assert.rejects(upload(), (error: Error & { $metadata: { httpStatusCode: number } }) => {
      assert.match(error.message, /disk under the data directory is full/, operation);
      assert.equal(error.$metadata.httpStatusCode, 503);
      return true;
    });
    assert.deepEqual(files(), before, operation);
    disk.free();
    await upload();
  }
});
