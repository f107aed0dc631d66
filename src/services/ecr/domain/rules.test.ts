import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isRegistryRequest } from '../is-registry-request.ts';
import { parsePath, splitRegistry } from '../registry/path.ts';
import { parseDigest } from './digests.ts';
import { InvalidManifest, parseManifest } from './manifest.ts';
import { isImmutable } from './mutability.ts';
import { isRepositoryName, isTag, parseRepositoryArn } from './names.ts';
import { checkLifecyclePolicy, checkRepositoryPolicy } from './policies.ts';

const DIGEST = `sha256:${'ab'.repeat(32)}`;

it('names of repositories and tags', () => {
  for (const name of ['ab', 'a/b', 'a-b.c__d/e--f', 'a1']) assert.ok(isRepositoryName(name), name);
  for (const name of ['', 'a', 'A1', 'a_/b', '-ab', 'a//b', 'ab/', 'a..b', 'x'.repeat(257)]) {
    assert.ok(!isRepositoryName(name), name);
  }
  for (const tag of ['a', '_1', 'v1.2-x', 'x'.repeat(128)]) assert.ok(isTag(tag), tag);
  for (const tag of ['', '.a', '-a', 'a/b', 'a:b', 'x'.repeat(129)]) assert.ok(!isTag(tag), tag);
  assert.deepEqual(parseRepositoryArn('arn:aws:ecr:us-east-1:000000000000:repository/a/b'), {
    scope: { accountId: '000000000000', region: 'us-east-1' },
    name: 'a/b',
  });
  assert.equal(parseRepositoryArn('arn:aws:ecr:us-east-1:000000000000:a/b'), undefined);
});

it('digests are sha256 and sha512 in lower case', () => {
  assert.equal(parseDigest(DIGEST)?.hex, 'ab'.repeat(32));
  assert.equal(parseDigest(`sha512:${'0'.repeat(128)}`)?.algorithm, 'sha512');
  for (const bad of ['', 'sha256:', DIGEST.toUpperCase(), `${DIGEST}0`, `md5:${'0'.repeat(32)}`, '../..']) {
    assert.equal(parseDigest(bad), undefined, bad);
  }
});

it('exclusions turn the mutability of tags around', () => {
  const rules = (
    mutability: 'IMMUTABLE_WITH_EXCLUSION' | 'MUTABLE_WITH_EXCLUSION',
    ...exclusions: string[]
  ) => ({
    mutability,
    exclusions,
  });
  assert.ok(isImmutable({ mutability: 'IMMUTABLE', exclusions: [] }, 'a'));
  assert.ok(!isImmutable({ mutability: 'MUTABLE', exclusions: [] }, 'a'));
  const excepted = (pattern: string, tag: string) =>
    !isImmutable(rules('IMMUTABLE_WITH_EXCLUSION', pattern), tag) &&
    isImmutable(rules('MUTABLE_WITH_EXCLUSION', 'none', pattern), tag);
  for (const [pattern, tag] of [
    ['dev-*', 'dev-'],
    ['*', 'x'],
    ['a*b*c', 'a1bb2c'],
    ['a*a', 'aba'],
    ['v1', 'v1'],
  ]) {
    assert.ok(excepted(pattern!, tag!), `${pattern} ${tag}`);
  }
  for (const [pattern, tag] of [
    ['dev-*', 'dev'],
    ['a*b*c', 'acb'],
    ['a*a', 'a'],
    ['v1', 'v11'],
    ['*x', 'xy'],
  ]) {
    assert.ok(!excepted(pattern!, tag!), `${pattern} ${tag}`);
  }
});

it('manifests of four types are read, others are refused', () => {
  const reference = { digest: DIGEST, size: 2, mediaType: 'x' };
  const image = { schemaVersion: 2, config: { ...reference, mediaType: 'config' }, layers: [reference] };
  const read = (document: object, type?: string) => parseManifest(JSON.stringify(document), type);
  assert.equal(read(image).mediaType, 'application/vnd.oci.image.manifest.v1+json');
  assert.equal(read(image).artifactType, 'config');
  assert.equal(read(image, 'application/vnd.docker.distribution.manifest.v2+json').blobs.length, 2);
  const foreign = { ...reference, mediaType: 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip' };
  assert.equal(read({ ...image, layers: [foreign] }).blobs.length, 1);
  const index = read({ schemaVersion: 2, manifests: [reference] });
  assert.deepEqual([index.kind, index.children.length], ['index', 1]);
  for (const bad of [
    [],
    {},
    { ...image, schemaVersion: 1 },
    { ...image, mediaType: 'text/plain' },
    { ...image, layers: 'x' },
    { ...image, layers: [{ ...reference, size: -1 }] },
    { ...image, layers: [{ ...reference, digest: 'sha256:../../x' }] },
    { ...image, config: null },
    { ...image, layers: Array.from({ length: 4_201 }, () => reference) },
  ]) {
    assert.throws(() => read(bad), InvalidManifest, JSON.stringify(bad).slice(0, 100));
  }
});

it('policies have the form of a policy', () => {
  const statement = { Effect: 'Allow', Principal: '*', Action: 'ecr:*' };
  checkRepositoryPolicy(JSON.stringify({ Version: '2012-10-17', Statement: [statement] }));
  const refused = { name: 'InvalidParameterException' };
  for (const bad of ['', '[]', '{}', '{"Statement":[]}', '{"Statement":[{"Effect":"Maybe"}]}']) {
    assert.throws(() => checkRepositoryPolicy(bad), refused, bad);
  }
  const selection = {
    tagStatus: 'untagged',
    countType: 'sinceImagePushed',
    countUnit: 'days',
    countNumber: 14,
  };
  const rule = { rulePriority: 1, description: 'x', selection, action: { type: 'expire' } };
  const check = (...rules: object[]) => checkLifecyclePolicy(JSON.stringify({ rules }));
  check(rule, { ...rule, rulePriority: 2 });
  for (const bad of [
    { ...rule, rulePriority: 0 },
    { ...rule, action: { type: 'keep' } },
    { ...rule, selection: undefined },
    { ...rule, selection: { ...selection, tagStatus: 'tagged' } },
    { ...rule, selection: { ...selection, countUnit: 'hours' } },
    { ...rule, selection: { ...selection, countNumber: '14' } },
  ]) {
    assert.throws(() => check(bad), refused, JSON.stringify(bad));
  }
  assert.throws(() => check(rule, rule), /another rule has the priority 1/);
  assert.throws(() => check(), refused);
});

it('paths name a repository and what is wanted of it', () => {
  assert.deepEqual(parsePath('/v2/'), { kind: 'base' });
  assert.deepEqual(parsePath('/v2/a/blobs/uploads/'), { kind: 'uploads', name: 'a' });
  assert.deepEqual(parsePath('/v2/a/blobs/uploads/1'), { kind: 'upload', name: 'a', id: '1' });
  assert.deepEqual(parsePath('/v2/a/b/blobs/sha256%3Ax'), { kind: 'blob', name: 'a/b', digest: 'sha256:x' });
  assert.deepEqual(parsePath('/v2/tags/list/manifests/x'), {
    kind: 'manifest',
    name: 'tags/list',
    reference: 'x',
  });
  assert.deepEqual(parsePath('/v2/manifests/tags/list'), { kind: 'tags', name: 'manifests' });
  for (const bad of ['/v2/a', '/v2//tags/list', '/v2/a/blobs/', '/v2/a/manifests/x/y', '/v2/%']) {
    assert.equal(parsePath(bad), undefined, bad);
  }
  const registry = { accountId: '000000000000', region: 'eu-west-1' };
  const name = '000000000000.dkr.ecr.eu-west-1.amazonaws.com/a/b';
  assert.deepEqual(splitRegistry(name), { registry, name: 'a/b' });
  assert.deepEqual(splitRegistry('a/b'), { registry: undefined, name: 'a/b' });
});

it('requests at /v2 are the registry’s, unless they are signed or for another host', () => {
  const host = '127.0.0.1:4566';
  for (const [url, headers] of [
    ['/v2', { host }],
    ['/v2/', { host, authorization: 'Basic x' }],
    ['/v2/a/tags/list', { host: '000000000000.dkr.ecr.us-east-1.amazonaws.com' }],
    ['http://x/v2/', { host: 'localhost' }],
  ] as const) {
    assert.ok(isRegistryRequest({ url, headers }), url);
  }
  for (const [url, headers] of [
    ['/v2x', { host }],
    ['/', { host }],
    ['/v2/email/identities', { host, authorization: 'AWS4-HMAC-SHA256 Credential=x' }],
    ['/v2/key', { host: 'bucket.s3.us-east-1.amazonaws.com' }],
    ['/v2/key?X-Amz-Signature=x', { host }],
  ] as const) {
    assert.ok(!isRegistryRequest({ url, headers }), url);
  }
});
