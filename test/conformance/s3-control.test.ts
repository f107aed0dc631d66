// Tags of buckets by S3 Control, as Terraform's provider reads and writes them since its version 6.23 (its
// internal/service/s3, bucket tags; https://github.com/hashicorp/terraform-provider-aws/pull/45251).

import assert from 'node:assert/strict';
import { Agent, request } from 'node:http';
import { after, before, it } from 'node:test';
import { S3 } from '@aws-sdk/client-s3';
import { S3Control } from '@aws-sdk/client-s3-control';
import { startTestMillpond, type TestMillpond } from '../support/millpond.ts';

const AccountId = '000000000000';
const Bucket = 'tagged';
const ResourceArn = `arn:aws:s3:::${Bucket}`;
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

let millpond: TestMillpond;
let s3: S3;
let control: S3Control;
let agent: Agent;

/** Asks Millpond's DNS server for every name, as programs in `millpond exec` do. */
const lookup: NonNullable<ConstructorParameters<typeof Agent>[0]>['lookup'] = (name, { all }, done) => {
  millpond.resolver.resolve4(name).then(
    ([address]) => (all ? done(null, [{ address: address!, family: 4 }]) : done(null, address!, 4)),
    (error) => done(error, ''),
  );
};

before(async () => {
  millpond = await startTestMillpond();
  agent = new Agent({ lookup, keepAlive: false });
  s3 = new S3({ endpoint: millpond.url, region: 'us-east-1', credentials, forcePathStyle: true });
  control = new S3Control({
    // The SDK writes the account in front of it.
    endpoint: `http://localhost:${millpond.port}`,
    region: 'us-east-1',
    credentials,
    maxAttempts: 1,
    requestHandler: { httpAgent: agent },
  });
  await s3.createBucket({ Bucket });
});

after(async () => {
  control?.destroy();
  s3?.destroy();
  agent?.destroy();
  await millpond?.stop();
});

const tags = async () => (await control.listTagsForResource({ AccountId, ResourceArn })).Tags;
const fails = (work: Promise<unknown>, name: string) => assert.rejects(work, { name });

it('a bucket without tags has an empty list of them', async () => {
  assert.deepEqual((await tags()) ?? [], []);
});

it('tags are added and removed one by one, and are the tags that S3 shows', async () => {
  await s3.putBucketTagging({ Bucket, Tagging: { TagSet: [{ Key: 'team', Value: 'blue' }] } });
  await control.tagResource({ AccountId, ResourceArn, Tags: [{ Key: 'env', Value: 'dev' }] });
  await control.tagResource({ AccountId, ResourceArn, Tags: [{ Key: 'team', Value: 'red' }] });
  const both = [
    { Key: 'team', Value: 'red' },
    { Key: 'env', Value: 'dev' },
  ];
  assert.deepEqual(await tags(), both);
  assert.deepEqual((await s3.getBucketTagging({ Bucket })).TagSet, both);
  await control.untagResource({ AccountId, ResourceArn, TagKeys: ['team', 'absent'] });
  assert.deepEqual(await tags(), [{ Key: 'env', Value: 'dev' }]);
  await control.untagResource({ AccountId, ResourceArn, TagKeys: ['env'] });
  await fails(s3.getBucketTagging({ Bucket }), 'NoSuchTagSet');
});

it('changes at the same time are all kept', async () => {
  const keys = Array.from({ length: 20 }, (_, number) => `key-${number}`);
  await Promise.all(
    keys.map((Key) => control.tagResource({ AccountId, ResourceArn, Tags: [{ Key, Value: '' }] })),
  );
  assert.deepEqual((await tags())?.map(({ Key }) => Key).sort(), keys.sort());
  await control.untagResource({ AccountId, ResourceArn, TagKeys: keys });
});

it('what is refused', async () => {
  await fails(control.listTagsForResource({ AccountId, ResourceArn: 'arn:aws:s3:::absent' }), 'NoSuchBucket');
  await fails(control.listTagsForResource({ AccountId: '111111111111', ResourceArn }), 'AccessDenied');
  const lens = 'arn:aws:s3:us-east-1:000000000000:storage-lens-group/x';
  await fails(control.listTagsForResource({ AccountId, ResourceArn: lens }), 'InvalidRequest');
  await fails(
    control.tagResource({ AccountId, ResourceArn, Tags: [{ Key: 'aws:x', Value: 'y' }] }),
    'InvalidTag',
  );
  await fails(control.listAccessPoints({ AccountId }), 'NotImplemented');
});

it('the account may stand in front of an address', async () => {
  const host = `${AccountId}.127.0.0.1`;
  assert.deepEqual(await millpond.resolver.resolve4(host), ['127.0.0.1']);
  const status = await new Promise((resolve, reject) => {
    const path = `/v20180820/tags/${encodeURIComponent(ResourceArn)}`;
    const headers = { host: `${host}:${millpond.port}`, 'x-amz-account-id': AccountId };
    request({ host: '127.0.0.1', port: millpond.port, path, headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
  assert.equal(status, 200);
});
