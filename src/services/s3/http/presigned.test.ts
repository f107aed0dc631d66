import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Fault } from '../../../wire/fault.ts';
import { refuseExpired } from './presigned.ts';

const NOW = Date.parse('2026-01-01T00:01:00Z');

function refusalOf(query: Record<string, string>): [string, string] | undefined {
  const url = new URL(`http://millpond/b/k?${new URLSearchParams(query)}`);
  try {
    refuseExpired({ method: 'GET', url, path: '/b/k', headers: {} }, NOW);
  } catch (error) {
    if (error instanceof Fault) return [error.shape, error.message];
    throw error;
  }
  return undefined;
}

const V4 = {
  'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
  'X-Amz-Credential': 'a/20260101/us-east-1/s3/aws4_request',
  'X-Amz-Date': '20260101T000000Z',
  'X-Amz-Expires': '60',
  'X-Amz-SignedHeaders': 'host',
  'X-Amz-Signature': 's',
};
const WRONG = 'AuthorizationQueryParametersError';

it('is valid until it expires', () => {
  assert.equal(refusalOf({}), undefined);
  assert.equal(refusalOf(V4), undefined);
  assert.deepEqual(refusalOf({ ...V4, 'X-Amz-Expires': '59' }), ['AccessDenied', 'Request has expired']);
});

it('must have a valid expiry', () => {
  assert.equal(refusalOf({ ...V4, 'X-Amz-Expires': 'soon' })?.[0], WRONG);
  assert.equal(refusalOf({ ...V4, 'X-Amz-Expires': '-1' })?.[0], WRONG);
  assert.equal(refusalOf({ ...V4, 'X-Amz-Expires': '604801' })?.[0], WRONG);
  assert.equal(refusalOf({ ...V4, 'X-Amz-Date': 'yesterday' })?.[0], WRONG);
  const { 'X-Amz-Date': _, ...undated } = V4;
  assert.equal(refusalOf(undated)?.[0], WRONG);
});

it('may be of version 2, which has the time of the expiry', () => {
  const old = { AWSAccessKeyId: 'a', Signature: 's' };
  assert.equal(refusalOf({ ...old, Expires: String(NOW / 1000) }), undefined);
  assert.deepEqual(refusalOf({ ...old, Expires: String(NOW / 1000 - 1) }), [
    'AccessDenied',
    'Request has expired',
  ]);
  assert.equal(refusalOf({ ...old, Expires: 'x' })?.[0], 'AccessDenied');
});
