// S3 as the AWS CLI, curl and boto3 see it, and as bytes: presigned URLs, host names, uploads that break off.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import {
  AWS_CLI,
  awsEnvironment,
  findProgram,
  PYTHON,
  WITHOUT_PYTHON_CLIENTS,
  withoutProgram,
} from '../support/outside-clients.ts';
import { startTestS3, type TestS3 } from '../support/s3.ts';
import { ask, signedFor } from '../support/wire.ts';

const CURL = findProgram('curl') ?? 'curl';
const WITHOUT_CURL = withoutProgram('curl');
const S3 = signedFor('s3');
const run = promisify(execFile);

let test: TestS3;
let folder: string;

before(async () => {
  test = await startTestS3();
  folder = mkdtempSync(join(tmpdir(), 'millpond-s3-clients-'));
});

after(async () => {
  await test?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

const environment = () => ({ ...awsEnvironment(test.server.url), ENDPOINT: test.server.url });

async function curl(...args: string[]): Promise<string> {
  return (await run(CURL, ['-sS', '--max-time', '20', ...args])).stdout;
}

describe('the AWS CLI', { skip: WITHOUT_PYTHON_CLIENTS }, () => {
  const s3 = async (...args: string[]): Promise<string> => {
    const options = { cwd: folder, env: environment() };
    return (await run(AWS_CLI, ['--endpoint-url', test.server.url, 's3', ...args], options)).stdout;
  };

  it('makes buckets, copies, syncs, lists and removes', async () => {
    const big = randomBytes(9 * 1024 * 1024);
    mkdirSync(join(folder, 'site', 'sub'), { recursive: true });
    writeFileSync(join(folder, 'site', 'a.txt'), 'a');
    writeFileSync(join(folder, 'site', 'sub', 'ü b'), 'b');
    writeFileSync(join(folder, 'big'), big);
    await s3('mb', 's3://cli-bucket');
    await s3('mb', 's3://cli-europe', '--region', 'eu-west-1');
    await s3('cp', 'big', 's3://cli-bucket/', '--no-progress');
    assert.match(await s3('sync', 'site', 's3://cli-bucket/site', '--no-progress'), /upload: .*ü b/);
    assert.equal(await s3('sync', 'site', 's3://cli-bucket/site'), '');
    assert.match(await s3('ls', 's3://cli-bucket'), /PRE site\/\n.* 9437184 big\n/);
    await s3('cp', 's3://cli-bucket/big', 's3://cli-europe/copy', '--no-progress');
    await s3('cp', 's3://cli-europe/copy', 'back', '--no-progress');
    assert.ok(readFileSync(join(folder, 'back')).equals(big));
    await assert.rejects(s3('cp', 's3://cli-bucket/none', 'x'), /\(404\)/);
    await assert.rejects(s3('rb', 's3://cli-bucket'), /BucketNotEmpty/);
    await s3('rb', '--force', 's3://cli-bucket');
    await s3('rb', '--force', 's3://cli-europe');
    assert.equal(await s3('ls'), '');
  });

  it('presigns what curl can then read', { skip: WITHOUT_CURL }, async () => {
    await s3('mb', 's3://cli-presigned');
    writeFileSync(join(folder, 'small'), 'small');
    await s3('cp', 'small', 's3://cli-presigned/a b', '--no-progress');
    const url = (await s3('presign', 's3://cli-presigned/a b', '--expires-in', '60')).trim();
    assert.equal(await curl(url), 'small');
    const old = url.replace(/\bExpires=\d+/, 'Expires=1577836800');
    assert.match(await curl(old), /<Code>AccessDenied<\/Code><Message>Request has expired</);
  });
});

describe('curl', { skip: WITHOUT_CURL }, () => {
  it('by host name and by path, in either direction, whatever the content type', async () => {
    const { url, port } = test.server;
    await ask(test.server, { method: 'PUT', path: '/curl-bucket', headers: S3 });
    writeFileSync(join(folder, 'upload'), Buffer.alloc(2_000_000, 'x'));
    const signed = ['-H', `authorization: ${S3.authorization}`];
    // It waits for 100-continue, and calls all that --data-binary sends a form.
    await curl(...signed, '-T', join(folder, 'upload'), '-H', 'Expect: 100-continue', `${url}/curl-bucket/k`);
    await curl(...signed, '-X', 'PUT', '--data-binary', 'a=b', `${url}/curl-bucket/form`);
    assert.equal(await curl(`${url}/curl-bucket/form`), 'a=b');
    for (const host of ['curl-bucket.s3.us-east-1.amazonaws.com', `curl-bucket.localhost:${port}`]) {
      assert.equal(await curl('-H', `Host: ${host}`, '-r', '0-2', `${url}/k`), 'xxx', host);
    }
    assert.match(await curl('-I', `${url}/curl-bucket/k`), /^HTTP\/1.1 200 .*content-length: 2000000/is);
    assert.match(await curl('-X', 'POST', `${url}/curl-bucket/k`), /<Code>MethodNotAllowed</);
    assert.match(await curl(`${url}/no-bucket/k`), /<Code>NoSuchBucket<.*<BucketName>no-bucket</s);
  });
});

const BOTO3 = `
import boto3, hashlib, os, sys, urllib.request
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
endpoint = os.environ['ENDPOINT']
s3 = boto3.client('s3', endpoint_url=endpoint)
s3.create_bucket(Bucket='boto')
s3.upload_file('boto-big', 'boto', 'dir/big', ExtraArgs={'Metadata': {'a': 'b'}},
  Config=TransferConfig(multipart_threshold=6 << 20, multipart_chunksize=6 << 20))
head = s3.head_object(Bucket='boto', Key='dir/big')
assert head['ETag'].endswith('-2"') and head['Metadata'] == {'a': 'b'}, head
s3.download_file('boto', 'dir/big', 'boto-back')
for version in ('s3', 's3v4'):
  signer = boto3.client('s3', endpoint_url=endpoint, config=Config(signature_version=version))
  put = signer.generate_presigned_url('put_object', Params={'Bucket': 'boto', 'Key': version}, ExpiresIn=60)
  urllib.request.urlopen(urllib.request.Request(put, data=b'presigned', method='PUT',
    headers={'content-type': ''} if version == 's3' else {})).read()
  get = signer.generate_presigned_url('get_object', Params={'Bucket': 'boto', 'Key': version}, ExpiresIn=60)
  assert urllib.request.urlopen(get).read() == b'presigned'
assert [o['Key'] for o in s3.list_objects_v2(Bucket='boto')['Contents']] == ['dir/big', 's3', 's3v4']
s3.create_bucket(Bucket='boto-eu', CreateBucketConfiguration={'LocationConstraint': 'eu-west-1'})
assert s3.get_bucket_location(Bucket='boto-eu')['LocationConstraint'] == 'eu-west-1'
try:
  s3.get_object(Bucket='boto', Key='none')
except s3.exceptions.NoSuchKey as error:
  print(error.response['Error']['Key'])
`;

it('boto3 uploads in parts, downloads, and presigns in both ways', {
  skip: WITHOUT_PYTHON_CLIENTS,
}, async () => {
  const big = randomBytes(7 * 1024 * 1024);
  writeFileSync(join(folder, 'boto-big'), big);
  const { stdout } = await run(PYTHON, ['-c', BOTO3], { cwd: folder, env: environment() });
  assert.equal(stdout, 'none\n');
  assert.ok(readFileSync(join(folder, 'boto-back')).equals(big));
});

describe('bytes', () => {
  before(async () => {
    await ask(test.server, { method: 'PUT', path: '/bytes', headers: S3 });
  });

  it('framed in chunks, with a checksum behind them', async () => {
    const put = (checksum: string, length = 5) =>
      ask(test.server, {
        method: 'PUT',
        path: '/bytes/chunked',
        headers: {
          ...S3,
          'content-encoding': 'gzip, aws-chunked',
          'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
          'x-amz-decoded-content-length': String(length),
          'x-amz-trailer': 'x-amz-checksum-sha256',
        },
        body: `3\r\nhel\r\n2\r\nlo\r\n0\r\nx-amz-checksum-sha256:${checksum}\r\n\r\n`,
      });
    const right = createHash('sha256').update('hello').digest('base64');
    assert.equal((await put(right)).headers['x-amz-checksum-sha256'], right);
    const got = await ask(test.server, { method: 'GET', path: '/bytes/chunked', headers: S3 });
    assert.deepEqual([got.text, got.headers['content-encoding']], ['hello', 'gzip']);
    const wrong = await put(createHash('sha256').update('other').digest('base64'));
    assert.deepEqual([wrong.status, /<Code>(\w+)/.exec(wrong.text)?.[1]], [400, 'BadDigest']);
    assert.match((await put(right, 6)).text, /<Code>IncompleteBody</);
  });

  it('without a length are not taken', async () => {
    const headers = { ...S3, 'transfer-encoding': 'chunked' };
    const answer = await ask(test.server, { method: 'PUT', path: '/bytes/k', headers, body: 'x' });
    assert.deepEqual([answer.status, /<Code>(\w+)/.exec(answer.text)?.[1]], [411, 'MissingContentLength']);
  });

  it('that break off leave nothing', async () => {
    const socket = connect(test.server.port, '127.0.0.1');
    const head = `PUT /bytes/broken HTTP/1.1\r\nhost: localhost\r\nauthorization: ${S3.authorization}\r\ncontent-length: 10000000\r\n\r\n`;
    socket.write(head + 'x'.repeat(3_000_000));
    const until = async (isSo: () => boolean) => {
      while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
    };
    await until(() => test.files().incoming.length === 1);
    socket.destroy();
    await until(() => test.files().incoming.length === 0);
    const answer = await ask(test.server, { method: 'HEAD', path: '/bytes/broken', headers: S3 });
    assert.equal(answer.status, 404);
  });

  it('of an object replaced while it is read are the old ones to the end', async () => {
    const body = Buffer.alloc(8 * 1024 * 1024, 'o');
    const put = (bytes: Buffer) =>
      ask(test.server, { method: 'PUT', path: '/bytes/replaced', headers: S3, body: bytes });
    await put(body);
    const socket = connect(test.server.port, '127.0.0.1');
    socket.write(`GET /bytes/replaced HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`);
    await new Promise((resolve) => socket.once('readable', resolve));
    await put(Buffer.from('new'));
    let text = '';
    for await (const piece of socket) text += piece;
    assert.equal(text.slice(text.indexOf('\r\n\r\n') + 4), body.toString());
  });
});
