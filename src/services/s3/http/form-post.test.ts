// Uploads by HTML forms, and the policies of these forms.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RequestHead } from '../../../wire/request.ts';
import { isFormPost, readFormPost } from './form-post.ts';
import { checkPostPolicy } from './post-policy.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');

const headOf = (target: string, type: string, method = 'POST'): RequestHead => ({
  ...{ method, url: new URL(`http://millpond${target}`), path: target.split('?', 1)[0]! },
  headers: { 'content-type': type },
});

async function encoded(form: FormData): Promise<[RequestHead, Buffer]> {
  const request = new Request('http://millpond', { method: 'POST', body: form });
  const head = headOf('/bucket', request.headers.get('content-type')!);
  return [head, Buffer.from(await request.arrayBuffer())];
}

function formOf(
  fields: Record<string, string>,
  file: File | undefined = new File(['bytes'], 'a b.txt'),
): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  if (file) form.append('file', file);
  return form;
}

const read = async (fields: Record<string, string>, file?: File) =>
  readFormPost(...(await encoded(formOf(fields, file))), NOW);

test('a POST of multipart/form-data to a bucket is a form', () => {
  const type = 'multipart/form-data; boundary=x';
  assert.ok(isFormPost(headOf('/bucket', type)));
  assert.ok(isFormPost(headOf('/bucket/', 'Multipart/Form-Data; boundary=x')));
  assert.ok(!isFormPost(headOf('/bucket/key', type)));
  assert.ok(!isFormPost(headOf('/bucket?delete', type)));
  assert.ok(!isFormPost(headOf('/bucket', 'text/plain')));
  assert.ok(!isFormPost(headOf('/bucket', type, 'PUT')));
});

test('fields become headers, and the key becomes the path', async () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: S3's own placeholder
  const key = 'up/${filename}';
  const { head, file, isSigned } = await read({
    ...{ key, 'Content-Type': 'text/plain', acl: 'private', 'x-amz-meta-Mine': 'é' },
    'x-ignore-me': '1',
  });
  assert.deepEqual(
    [head.method, head.path, String(file), isSigned],
    ['PUT', '/bucket/up/a%20b.txt', 'bytes', false],
  );
  const mine = Buffer.from('é').toString('latin1');
  assert.deepEqual(head.headers, {
    ...{
      'content-type': 'text/plain',
      'x-amz-acl': 'private',
      'x-amz-meta-mine': mine,
      'content-length': '5',
    },
  });
});

test('the response is the one that the form asks for', async () => {
  const put = () => ({ status: 200, headers: { etag: '"e"' }, body: '' });
  const answer = async (fields: Record<string, string>) =>
    (await read({ key: 'a/b&c', ...fields })).reshape(put());
  assert.deepEqual(await answer({}), {
    status: 204,
    headers: { etag: '"e"', location: '/bucket/a/b%26c' },
    body: '',
  });
  assert.equal((await answer({ success_action_status: '200' })).status, 200);
  const created = await answer({ success_action_status: '201' });
  assert.equal(created.status, 201);
  assert.match(String(created.body), /<PostResponse>.*<Key>a\/b&amp;c<\/Key><ETag>&quot;e&quot;<\/ETag>/);
  const redirect = await answer({ success_action_redirect: 'https://app.example/done?x=1' });
  assert.equal(redirect.status, 303);
  assert.equal(
    redirect.headers.location,
    'https://app.example/done?x=1&bucket=bucket&key=a%2Fb%26c&etag=%22e%22',
  );
  assert.equal((await answer({ success_action_redirect: 'javascript:alert(1)' })).status, 204);
});

test('malformed forms are refused', async () => {
  await assert.rejects(read({}), { name: 'InvalidArgument', message: /must contain a field named 'key'/ });
  await assert.rejects(read({ key: 'k', tagging: '<Tagging/>' }), { name: 'NotImplemented' });
  await assert.rejects(read({ key: 'k', 'x-amz-meta-a': 'b\r\nc' }), { name: 'InvalidArgument' });
  const head = headOf('/bucket', 'multipart/form-data; boundary=x');
  for (const body of [
    '',
    'nonsense',
    '--x\r\n',
    '--x\r\ncontent-disposition: form-data; name="key"\r\n\r\nk',
  ]) {
    assert.throws(() => readFormPost(head, Buffer.from(body), NOW), { name: 'MalformedPOSTRequest' }, body);
  }
  const nothing = '--x\r\ncontent-disposition: form-data; name="key"\r\n\r\nk\r\n--x--\r\n';
  assert.throws(() => readFormPost(head, Buffer.from(nothing), NOW), { message: /exactly one file upload/ });
});

test('a form is signed if it has a policy and a signature', async () => {
  const policy = policyOf([
    ['starts-with', '$key', ''],
    ['starts-with', '$x-amz-credential', ''],
    ['starts-with', '$x-ignore', ''],
  ]);
  const credential = 'AKID/20260101/us-east-1/s3/aws4_request';
  const signed = await read({ key: 'k', policy, 'X-Amz-Credential': credential, 'X-Amz-Signature': '00' });
  assert.equal(signed.isSigned, true);
  assert.equal(signed.head.url.searchParams.get('X-Amz-Credential'), credential);
  assert.equal((await read({ key: 'k', policy, AWSAccessKeyId: 'AKID', signature: '00' })).isSigned, true);
  assert.equal((await read({ key: 'k', policy })).isSigned, false);
  assert.equal((await read({ key: 'k', AWSAccessKeyId: 'AKID', signature: '00' })).isSigned, false);
});

const policyOf = (conditions: unknown[], expiration: unknown = '2026-01-01T01:00:00Z') =>
  Buffer.from(JSON.stringify({ expiration, conditions })).toString('base64');

test('a form must meet the conditions of its policy', () => {
  const check = (policy: string, fields: Record<string, string> = {}, bytes = 5) =>
    checkPostPolicy(policy, { fields: new Map(Object.entries(fields)), bucket: 'bucket', bytes, now: NOW });
  const fields = { key: 'user/k', acl: 'private', policy: 'p', 'x-amz-signature': 's', 'x-ignore-x': '1' };
  check(policyOf([{ bucket: 'bucket' }, ['starts-with', '$key', 'user/'], { acl: 'private' }]), fields);
  check(policyOf([['content-length-range', 1, 5], ['eq', '$Key', 'user/k'], { acl: 'private' }]), fields);
  const refused: [string, Record<string, string>, RegExp][] = [
    [policyOf([], '2025-12-31T23:59:59Z'), {}, /^Invalid according to Policy: Policy expired\.$/],
    [policyOf([{ bucket: 'other' }]), {}, /Policy Condition failed: \["eq","\$bucket","other"\]/],
    [
      policyOf([['starts-with', '$key', 'a/']]),
      { key: 'b' },
      /Condition failed: \["starts-with","\$key","a\/"\]/,
    ],
    [policyOf([['eq', '$key', 'a']]), {}, /Policy Condition failed/],
    [policyOf([]), { key: 'k', acl: 'x' }, /Extra input fields: key, acl$/],
    [policyOf([['content-length-range', 6, 9]]), {}, /smaller than the minimum/],
    [policyOf([['content-length-range', 0, 4]]), {}, /exceeds the maximum/],
    [policyOf([['content-length-range', 9, 1]]), {}, /^Invalid Policy/],
    [policyOf([['matches', '$key', 'a']]), { key: 'a' }, /^Invalid Policy/],
    [policyOf([null]), {}, /^Invalid Policy/],
    [policyOf([], 7), {}, /missing expiration/],
    [policyOf([], 'soon'), {}, /'expiration'/],
    [Buffer.from('{"expiration":"2027-01-01"}').toString('base64'), {}, /missing conditions/],
    [Buffer.from('null').toString('base64'), {}, /missing expiration/],
    ['@@@', {}, /Invalid JSON/],
  ];
  for (const [policy, given, message] of refused) {
    assert.throws(() => check(policy, given), { message }, String(message));
  }
});
