// By which names a whole Millpond may be called: what is made in it counts as well.

import assert from 'node:assert/strict';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { CreateHostedZoneCommand, Route53Client } from '@aws-sdk/client-route-53';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { startTestMillpond } from '../support/millpond.ts';

const WHO = '/?Action=GetCallerIdentity&Version=2011-06-15';

test('hosted zones and buckets make their names known, and so does an option', async (context) => {
  const millpond = await startTestMillpond({ allowedHost: ['millpond.test'] });
  context.after(() => millpond.stop());
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const options = { endpoint: millpond.url, region: 'us-east-1', credentials };
  const s3 = new S3Client({ ...options, forcePathStyle: true });
  const route53 = new Route53Client(options);
  context.after(() => {
    for (const client of [s3, route53]) client.destroy();
  });

  const get = (host: string, path: string) =>
    new Promise<[number, string]>((resolve, reject) => {
      const outgoing = request(`${millpond.url}${path}`, { headers: { host }, agent: false }, (response) => {
        text(response).then((body) => resolve([response.statusCode!, body]), reject);
      });
      outgoing.on('error', reject).end();
    });
  const statusOf = async (host: string, path: string) => (await get(host, path))[0];

  for (const host of ['millpond.test', 'localhost', '127.1', 'sts.us-east-1.amazonaws.com']) {
    assert.equal(await statusOf(host, WHO), 200, host);
  }
  for (const path of [WHO, '/_millpond/status', '/www.shop.test/k']) {
    assert.equal(await statusOf('www.shop.test', path), 403, path);
    assert.equal(await statusOf('api.zone.test', path), 403, path);
  }
  const zone = { Name: 'zone.test', CallerReference: '1' };
  await route53.send(new CreateHostedZoneCommand(zone));
  assert.equal(await statusOf('api.zone.test', WHO), 200);
  assert.equal(await statusOf('api.zone.test.evil', WHO), 403);

  const object = { Bucket: 'www.shop.test', Key: 'k' };
  await s3.send(new CreateBucketCommand({ Bucket: object.Bucket }));
  await s3.send(new PutObjectCommand({ ...object, Body: 'by its name' }));
  assert.deepEqual(await get('www.shop.test', '/k'), [200, 'by its name']);
  // That of a bucket means S3 alone.
  assert.match((await get('www.shop.test', WHO))[1], /<ListBucketResult/);
  assert.equal(await statusOf('www.shop.test', '/_millpond/status'), 403);
  await s3.send(new DeleteObjectCommand(object));
  await s3.send(new DeleteBucketCommand({ Bucket: object.Bucket }));
  assert.equal(await statusOf('www.shop.test', '/k'), 403);
});
