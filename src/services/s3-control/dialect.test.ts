// Whose a request is that is signed for S3: S3 Control's by its path and its account together, else S3's.

import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import { EchoService } from '../../../test/support/echo-service.ts';
import { ask, serve, signedFor } from '../../../test/support/wire.ts';
import { createHostRule } from '../../wire/admission/host.ts';

const ACCOUNT = { 'x-amz-account-id': '000000000000' };
const TAGS = '/v20180820/tags/arn%3Aaws%3As3%3A%3A%3Ab';
const OWN_HOST = 'www.shop.example';

async function start(test: TestContext) {
  const s3 = new EchoService('s3');
  const control = new EchoService('s3-control');
  const hosts = createHostRule({
    ...{ allowedHosts: [], isOwnName: () => false },
    serviceOf: (name) => (name === OWN_HOST ? 's3' : undefined),
  });
  const server = await serve(test, { services: [s3, control], admission: { hosts, allowedOrigins: [] } });
  /** The services that were asked for something by this request. */
  return async (method: string, path: string, headers: Record<string, string>) => {
    for (const { asked } of [s3, control]) asked.clear();
    await ask(server, { method, path, headers: { ...signedFor('s3'), ...headers } });
    return [s3, control].flatMap(({ name, asked }) => [...asked.keys()].map((one) => `${name} ${one}`));
  };
}

it('a path of its version that bears the account is for S3 Control', async (test) => {
  const asked = await start(test);
  assert.deepEqual(await asked('GET', TAGS, ACCOUNT), ['s3-control ListTagsForResource']);
});

it('without the one or the other, it is for S3', async (test) => {
  const asked = await start(test);
  assert.deepEqual(await asked('GET', TAGS, {}), ['s3 GetObject']);
  assert.deepEqual(await asked('GET', '/v20180820', ACCOUNT), ['s3 ListObjects']);
  assert.deepEqual(await asked('GET', '/bucket/v20180820/tags/a', ACCOUNT), ['s3 GetObject']);
});

it('under a host name of a bucket S3 alone answers', async (test) => {
  const asked = await start(test);
  assert.deepEqual(await asked('GET', TAGS, { ...ACCOUNT, host: OWN_HOST }), ['s3 GetObject']);
});
