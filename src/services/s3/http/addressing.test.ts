import assert from 'node:assert/strict';
import { it } from 'node:test';
import { awsHostOf } from '../../../wire/host-name.ts';
import type { RequestHead } from '../../../wire/request.ts';
import { normalize } from './addressing.ts';

const head = (host: string, target: string, headers: Record<string, string> = {}): RequestHead => ({
  method: 'GET',
  url: new URL(`http://millpond${target}`),
  path: target.split('?', 1)[0]!,
  headers: { host, ...headers },
});

it('the bucket moves from the host name to the path', () => {
  const paths: [host: string, path: string][] = [
    ['s3.amazonaws.com', '/k'],
    ['s3.us-east-1.amazonaws.com', '/k'],
    ['s3.localhost:4566', '/k'],
    ['localhost:4566', '/k'],
    ['127.0.0.1:4566', '/k'],
    ['b.s3.amazonaws.com', '/b/k'],
    ['b.s3.us-east-1.amazonaws.com:443', '/b/k'],
    ['b.s3-us-west-2.amazonaws.com', '/b/k'],
    ['b.s3.dualstack.eu-west-1.amazonaws.com', '/b/k'],
    ['b.s3.cn-north-1.amazonaws.com.cn', '/b/k'],
    ['B.S3.localhost', '/b/k'],
    ['b.localhost:4566', '/b/k'],
    ['a.b.c.s3.localhost', '/a.b.c/k'],
    ['s3.b.s3.us-east-1.amazonaws.com', '/s3.b/k'],
    ['b.example.com', '/k'],
  ];
  for (const [host, path] of paths) assert.equal(normalize(head(host, '/k')).path, path, host);
});

it('paths keep their encoding', () => {
  for (const path of ['/../k', '//k', '/a/./b', '/%2e%2e/k', '/']) {
    assert.equal(normalize(head('b.s3.localhost', path)).path, `/b${path}`);
  }
});

it('headers move out of the query, except those of the signature and checksums of an absent body', () => {
  const query =
    'X-Amz-Meta-A=1&x-amz-acl=private&X-Amz-Signature=s&X-Amz-Date=d&x-amz-checksum-crc32=AAAAAA==&b=2';
  assert.deepEqual(normalize(head('localhost', `/b/k?${query}`, { 'x-amz-acl': 'mine' })).headers, {
    host: 'localhost',
    'x-amz-meta-a': '1',
    'x-amz-acl': 'mine',
  });
});

it('the host names of S3 are recognised', () => {
  const isS3Host = ({ headers }: RequestHead) => awsHostOf(headers)?.service === 's3';
  assert.ok(isS3Host(head('b.s3.us-east-1.amazonaws.com', '/')));
  assert.ok(isS3Host(head('s3.localhost', '/')));
  for (const host of ['sts.amazonaws.com', 'b.localhost', 's3.example.com', '', 'xs3.amazonaws.com']) {
    assert.ok(!isS3Host(head(host, '/')), host);
  }
});
