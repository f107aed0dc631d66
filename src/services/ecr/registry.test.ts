// The registry at /v2/, as its clients see it.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { describe, it } from 'node:test';
import {
  askWith,
  basic,
  digestOf,
  manifestOf,
  OCI_IMAGE,
  OCI_INDEX,
  pushBlob,
  pushContent,
  startRegistry,
  tokenOf,
  typed,
} from '../../../test/support/registry.ts';

const HOUR_MS = 60 * 60 * 1_000;

const codeOf = async (answer: Response): Promise<string> =>
  `${answer.status} ${((await answer.json()) as { errors: { code: string }[] }).errors[0]!.code}`;

const filesIn = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);

describe('authorization', () => {
  it('nobody may do anything without a token of this instance, which is valid for twelve hours', async (test) => {
    const { client, clock, url, ask } = await startRegistry(test);
    await client.createRepository({ repositoryName: 'app' });
    const bare = await fetch(`${url}/v2/`);
    assert.equal(bare.status, 401);
    assert.equal(bare.headers.get('www-authenticate'), `Basic realm="${url}/",service="ecr.amazonaws.com"`);
    const other = await startRegistry(test);
    const otherToken = await tokenOf(other.client);
    const token = await tokenOf(client);
    for (const bad of [
      '',
      'x',
      `${token}x`,
      token.replace('.', '.x'),
      'a.b.c',
      otherToken.replace(/\..*/, '.'),
    ]) {
      assert.equal(await codeOf(await askWith(url, bad)('GET', '')), '401 UNAUTHORIZED', bad);
    }
    const asUser = { authorization: `Basic ${Buffer.from(`me:${token}`).toString('base64')}` };
    assert.equal((await fetch(`${url}/v2/app/tags/list`, { headers: asUser })).status, 401);
    assert.equal((await ask('GET', '')).status, 200);
    clock.at += 12 * HOUR_MS - 1;
    assert.equal((await ask('GET', '')).status, 200);
    clock.at += 1;
    const expired = await ask('POST', 'app/blobs/uploads/');
    assert.equal(await codeOf(expired), '403 DENIED');
  });

  it('a web page gets nothing', async (test) => {
    const { url, client } = await startRegistry(test);
    const headers = { ...basic(await tokenOf(client)), origin: 'http://evil.test' };
    const answer = await fetch(`${url}/v2/`, { headers });
    assert.ok(answer.status >= 400);
    assert.equal(answer.headers.get('docker-distribution-api-version'), null);
  });

  it('a link to a layer opens this layer for an hour, and nothing else', async (test) => {
    const { client, clock, ask, url } = await startRegistry(test);
    await client.createRepository({ repositoryName: 'app' });
    const digest = await pushBlob(ask, 'app', 'layer');
    const other = await pushBlob(ask, 'app', 'other');
    const { downloadUrl } = await client.getDownloadUrlForLayer({
      repositoryName: 'app',
      layerDigest: digest,
    });
    assert.equal(await (await fetch(downloadUrl!)).text(), 'layer');
    assert.equal((await fetch(downloadUrl!.replace(digest, other))).status, 401);
    const token = new URL(downloadUrl!).searchParams.get('token')!;
    assert.equal((await askWith(url, token)('GET', `app/blobs/${digest}`)).status, 401);
    clock.at += HOUR_MS;
    assert.equal((await fetch(downloadUrl!)).status, 403);
  });
});

describe('names', () => {
  it('the registry is that of the host, of the name, or of the token', async (test) => {
    const { client, ask, server } = await startRegistry(test);
    await client.createRepository({ repositoryName: 'app' });
    await client.createRepository({ repositoryName: 'app', registryId: '123456789012' });
    const mine = await pushBlob(ask, 'app', 'mine');
    const name = '123456789012.dkr.ecr.us-east-1.amazonaws.com';
    assert.equal((await ask('HEAD', `app/blobs/${mine}`)).status, 200);
    assert.equal((await ask('HEAD', `${name}/app/blobs/${mine}`)).status, 404);
    assert.equal(
      (await ask('HEAD', `000000000000.dkr.ecr.us-east-1.amazonaws.com/app/blobs/${mine}`)).status,
      200,
    );
    const headers = { ...basic(await tokenOf(client)), host: `${name}:443` };
    const status = await new Promise((resolve, reject) => {
      const outgoing = request(`${server.url}/v2/app/blobs/${mine}`, { method: 'HEAD', headers }, (answer) =>
        resolve(answer.resume().statusCode),
      );
      outgoing.on('error', reject).end();
    });
    assert.equal(status, 404);
  });

  it('a push does not create a repository', async (test) => {
    const { ask } = await startRegistry(test);
    assert.equal(await codeOf(await ask('POST', 'app/blobs/uploads/')), '404 NAME_UNKNOWN');
    assert.equal(await codeOf(await ask('GET', 'UPPER/tags/list')), '400 NAME_INVALID');
    assert.equal(await codeOf(await ask('GET', 'app')), '404 NOT_FOUND');
    assert.equal(await codeOf(await ask('GET', 'a%2')), '404 NOT_FOUND');
    assert.equal(await codeOf(await ask('DELETE', '_catalog')), '405 UNSUPPORTED');
  });
});

describe('uploads', () => {
  it('continue where they ended, and refuse another place', async (test) => {
    const { client, ask, directory } = await startRegistry(test);
    await client.createRepository({ repositoryName: 'app' });
    const bytes = randomBytes(300_000);
    const begun = await ask('POST', 'app/blobs/uploads/');
    const location = begun.headers.get('location')!;
    const chunk = (from: number, to: number) =>
      ask('PATCH', location, {
        body: bytes.subarray(from, to),
        headers: { 'content-range': `${from}-${to - 1}` },
      });
    const first = await chunk(0, 100_000);
    assert.deepEqual([first.status, first.headers.get('range')], [202, '0-99999']);
    const wrong = await chunk(200_000, 300_000);
    assert.deepEqual([wrong.status, wrong.headers.get('range')], [416, '0-99999']);
    const lies = await ask('PATCH', location, { body: 'abc', headers: { 'content-range': '100000-100005' } });
    assert.equal(await codeOf(lies), '400 BLOB_UPLOAD_INVALID');
    assert.equal((await ask('GET', location)).headers.get('range'), '0-99999');
    assert.equal((await chunk(100_000, 200_000)).status, 202);
    const digest = digestOf(bytes);
    const done = await ask('PUT', `${location}?digest=${digest}`, { body: bytes.subarray(200_000) });
    assert.deepEqual([done.status, done.headers.get('docker-content-digest')], [201, digest]);
    assert.deepEqual(Buffer.from(await (await ask('GET', `app/blobs/${digest}`)).arrayBuffer()), bytes);
    assert.deepEqual(filesIn(directory), [digest.slice('sha256:'.length)]);
    assert.equal(await codeOf(await ask('GET', location)), '404 BLOB_UPLOAD_UNKNOWN');
  });

  it('keep what arrived before a connection broke', async (test) => {
    const { client, ask, url } = await startRegistry(test);
    await client.createRepository({ repositoryName: 'app' });
    const location = (await ask('POST', 'app/blobs/uploads/')).headers.get('location')!;
    const headers = basic(await tokenOf(client));
    const body = Buffer.alloc(1000, 1);
    await new Promise<void>((resolve) => {
      const outgoing = request(`${url}${location}`, {
        method: 'PATCH',
        headers: { ...headers, 'content-length': 5000 },
      });
      outgoing.on('error', () => resolve());
      outgoing.write(body, () => outgoing.destroy(new Error('cut')));
    });
    const range = (await ask('GET', location)).headers.get('range')!;
    const received = Number(range.split('-')[1]) + 1;
    assert.ok(received === 1000 || range === '0-0', range);
  });

  it('with other bytes than they state leave nothing', async (test) => {
    const { client, ask, directory } = await startRegistry(test);
    await client.createRepository({ repositoryName: 'app' });
    const digest = digestOf('right');
    const answer = await ask('POST', `app/blobs/uploads/?digest=${digest}`, { body: 'wrong' });
    assert.equal(await codeOf(answer), '400 DIGEST_INVALID');
    assert.equal(await codeOf(await ask('POST', 'app/blobs/uploads/?digest=sha256:x')), '400 DIGEST_INVALID');
    assert.equal((await ask('HEAD', `app/blobs/${digest}`)).status, 404);
    assert.deepEqual(filesIn(directory), []);
  });

  it('of the same layer share one file, in all repositories', async (test) => {
    const { client, ask, directory } = await startRegistry(test);
    await client.createRepository({ repositoryName: 'one' });
    await client.createRepository({ repositoryName: 'two' });
    const digest = digestOf('same');
    await Promise.all(['one', 'two', 'one'].map((name) => pushBlob(ask, name, 'same')));
    assert.equal(filesIn(directory).length, 1);
    await client.createRepository({ repositoryName: 'three' });
    const mounted = await ask('POST', `three/blobs/uploads/?mount=${digest}&from=one`);
    assert.equal(mounted.status, 201);
    const absent = await ask('POST', `three/blobs/uploads/?mount=${digestOf('no')}&from=one`);
    assert.equal(absent.status, 202);
    await client.deleteRepository({ repositoryName: 'one', force: true });
    assert.equal(await (await ask('GET', `three/blobs/${digest}`)).text(), 'same');
  });
});

describe('images', () => {
  it('need their layers, and an index its images', async (test) => {
    const { client, ask } = await startRegistry(test);
    await client.createRepository({ repositoryName: 'app' });
    const missing = { digest: digestOf('no'), size: 2 };
    const put = (reference: string, body: string, type = OCI_IMAGE) =>
      ask('PUT', `app/manifests/${reference}`, { body, ...typed(type) });
    assert.equal(await codeOf(await put('a', manifestOf(missing, []))), '404 MANIFEST_BLOB_UNKNOWN');
    const index = JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [missing] });
    assert.equal(await codeOf(await put('a', index, OCI_INDEX)), '404 MANIFEST_BLOB_UNKNOWN');
    assert.equal(await codeOf(await put('a', 'x')), '400 MANIFEST_INVALID');
    assert.equal(await codeOf(await put('a', '{"schemaVersion":1}')), '400 MANIFEST_INVALID');
    assert.equal(await codeOf(await put('a', index)), '400 MANIFEST_INVALID');
    assert.equal(await codeOf(await put('.a', index)), '400 TAG_INVALID');
    const large = JSON.stringify({ filling: 'x'.repeat(4 * 1024 * 1024) });
    assert.equal(await codeOf(await put('a', large)), '413 SIZE_INVALID');
    assert.equal(await codeOf(await put('a', '['.repeat(1_000_000))), '400 MANIFEST_INVALID');
    const manifest = await pushContent(ask, 'app');
    assert.equal(await codeOf(await put(digestOf('other'), manifest)), '400 DIGEST_INVALID');
    assert.equal((await put('a', manifest)).status, 201);
    const head = await ask('HEAD', 'app/manifests/a');
    assert.equal(head.headers.get('content-length'), String(manifest.length));
    assert.equal(await (await ask('GET', `app/manifests/${digestOf(manifest)}`)).text(), manifest);
    assert.equal(await codeOf(await ask('GET', 'app/manifests/none')), '404 MANIFEST_UNKNOWN');
  });

  it('keep their tags where tags are immutable', async (test) => {
    const { client, ask } = await startRegistry(test);
    await client.createRepository({
      repositoryName: 'app',
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'dev-*' }],
    });
    const put = async (tag: string, body: string) =>
      (await ask('PUT', `app/manifests/${tag}`, { body, ...typed(OCI_IMAGE) })).status;
    const [one, two] = [await pushContent(ask, 'app'), await pushContent(ask, 'app')];
    assert.equal(await put('v1', one), 201);
    assert.equal(await put('v1', one), 201);
    assert.equal(await put('dev-1', one), 201);
    assert.equal(await put('dev-1', two), 201);
    const refused = await ask('PUT', 'app/manifests/v1', { body: two, ...typed(OCI_IMAGE) });
    assert.equal(refused.status, 400);
    assert.deepEqual(await refused.json(), {
      errors: [
        {
          code: 'TAG_INVALID',
          message:
            "The image tag 'v1' already exists in the 'app' repository and cannot be overwritten because the tag is immutable.",
        },
      ],
    });
  });

  it('are listed with their tags and referrers in pages', async (test) => {
    const { client, ask } = await startRegistry(test);
    await client.createRepository({ repositoryName: 'app' });
    const manifest = await pushContent(ask, 'app');
    for (const tag of ['c', 'a', 'b']) {
      await ask('PUT', `app/manifests/${tag}`, { body: manifest, ...typed(OCI_IMAGE) });
    }
    const first = await ask('GET', 'app/tags/list?n=2');
    assert.deepEqual(await first.json(), { name: 'app', tags: ['a', 'b'] });
    const [, next] = /<(.*)>; rel="next"/.exec(first.headers.get('link')!)!;
    const last = await ask('GET', next!);
    assert.deepEqual([await last.json(), last.headers.get('link')], [{ name: 'app', tags: ['c'] }, null]);
    assert.equal(await codeOf(await ask('GET', 'app/tags/list?n=-1')), '400 PAGINATION_NUMBER_INVALID');
    assert.deepEqual(await (await ask('GET', '_catalog')).json(), { repositories: ['app'] });

    const subject = { mediaType: OCI_IMAGE, digest: digestOf(manifest), size: manifest.length };
    const signature = await pushContent(ask, 'app', {
      subject,
      artifactType: 'test/signature',
      annotations: { a: 'b' },
    });
    const put = await ask('PUT', `app/manifests/${digestOf(signature)}`, {
      body: signature,
      ...typed(OCI_IMAGE),
    });
    assert.equal(put.headers.get('oci-subject'), subject.digest);
    const shown = await ask('GET', `app/referrers/${subject.digest}?artifactType=test/signature`);
    assert.equal(shown.headers.get('oci-filters-applied'), 'artifactType');
    assert.deepEqual(((await shown.json()) as { manifests: unknown[] }).manifests, [
      {
        ...{ mediaType: OCI_IMAGE, digest: digestOf(signature), size: signature.length },
        ...{ artifactType: 'test/signature', annotations: { a: 'b' } },
      },
    ]);
  });
});

describe('layers', () => {
  it('are read in ranges', async (test) => {
    const { client, ask } = await startRegistry(test);
    await client.createRepository({ repositoryName: 'app' });
    const digest = await pushBlob(ask, 'app', '0123456789');
    const range = async (text: string) => {
      const answer = await ask('GET', `app/blobs/${digest}`, { headers: { range: text } });
      return [answer.status, await answer.text(), answer.headers.get('content-range')];
    };
    assert.deepEqual(await range('bytes=2-4'), [206, '234', 'bytes 2-4/10']);
    assert.deepEqual(await range('bytes=7-'), [206, '789', 'bytes 7-9/10']);
    assert.deepEqual(await range('bytes=-2'), [206, '89', 'bytes 8-9/10']);
    assert.deepEqual(await range('bytes=0-1,3-4'), [200, '0123456789', null]);
    assert.equal((await range('bytes=10-'))[0], 416);
  });

  it('are deleted an hour after the last image that used them, and uploads a day after their last bytes', async (test) => {
    const { client, ask, clock, ecr, directory } = await startRegistry(test);
    await client.createRepository({ repositoryName: 'app' });
    const manifest = await pushContent(ask, 'app');
    await ask('PUT', 'app/manifests/a', { body: manifest, ...typed(OCI_IMAGE) });
    await ask('POST', 'app/blobs/uploads/');
    clock.at += 2 * HOUR_MS;
    await ecr.sweep();
    assert.equal(filesIn(directory).length, 3);
    const [layer] = (JSON.parse(manifest) as { layers: { digest: string }[] }).layers;
    assert.equal(await codeOf(await ask('DELETE', `app/blobs/${layer!.digest}`)), '405 UNSUPPORTED');
    assert.equal((await ask('DELETE', `app/manifests/${digestOf(manifest)}`)).status, 202);
    clock.at += HOUR_MS - 1;
    assert.equal((await ask('HEAD', `app/blobs/${layer!.digest}`)).status, 200);
    clock.at += 1;
    await ecr.sweep();
    assert.equal((await ask('HEAD', `app/blobs/${layer!.digest}`)).status, 200, 'somebody has asked for it');
    clock.at += HOUR_MS;
    await ecr.sweep();
    assert.equal((await ask('HEAD', `app/blobs/${layer!.digest}`)).status, 404);
    clock.at += 25 * HOUR_MS;
    await ecr.sweep();
    await ecr.stop();
    assert.deepEqual(filesIn(directory), []);
  });
});
