// A registry of ECR on a free port, and a small client of the distribution API: what tests of ECR share.

import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { ECR } from '@aws-sdk/client-ecr';
import { silentLog } from '../../src/kernel/log.ts';
import { createEcr } from '../../src/services/ecr/service.ts';
import { openStore } from '../../src/store/store.ts';
import { serve } from './wire.ts';

export const OCI_IMAGE = 'application/vnd.oci.image.manifest.v1+json';
export const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';

export const digestOf = (bytes: Uint8Array | string): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** A request to `/v2/`, with the token unless other headers are given. */
export type Ask = (
  method: string,
  path: string,
  more?: { body?: Uint8Array | string; headers?: Record<string, string> },
) => Promise<Response>;

/** The headers of a client that has logged in with this token. */
export const basic = (token: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`AWS:${token}`).toString('base64')}`,
});

/** A client of the registry at this URL. */
export const askWith =
  (url: string, token: string): Ask =>
  (method, path, { body, headers } = {}) =>
    fetch(new URL(path, `${url}/v2/`), {
      method,
      headers: { ...basic(token), ...headers },
      ...(body !== undefined && { body: body as NonNullable<RequestInit['body']> }),
      redirect: 'manual',
    });

/** Pushes bytes in one request; resolves to their digest. */
export async function pushBlob(ask: Ask, repository: string, bytes: Uint8Array | string): Promise<string> {
  const digest = digestOf(bytes);
  const answer = await ask('POST', `${repository}/blobs/uploads/?digest=${digest}`, { body: bytes });
  if (answer.status !== 201) throw new Error(`${answer.status}: ${await answer.text()}`);
  return digest;
}

/** A manifest with one layer of random bytes, whose blobs are pushed. */
export async function pushContent(ask: Ask, repository: string, more: object = {}): Promise<string> {
  const layer = randomBytes(1000);
  const config = JSON.stringify({ created: randomBytes(4).toString('hex') });
  const blobs = [
    { digest: await pushBlob(ask, repository, config), size: config.length },
    { digest: await pushBlob(ask, repository, layer), size: layer.length },
  ];
  return manifestOf(blobs[0]!, [blobs[1]!], more);
}

type Blob = { digest: string; size: number };

export const manifestOf = (config: Blob, layers: readonly Blob[], more: object = {}): string =>
  JSON.stringify({
    schemaVersion: 2,
    mediaType: OCI_IMAGE,
    config: { ...config, mediaType: 'application/vnd.oci.image.config.v1+json' },
    layers: layers.map((each) => ({ ...each, mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip' })),
    ...more,
  });

/** A manifest's media type as a header. */
export const typed = (mediaType: string): { headers: Record<string, string> } => ({
  headers: { 'content-type': mediaType },
});

/** ECR with a clock that tests move, served until the test ends. */
export async function startRegistry(test: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), 'millpond-ecr-'));
  test.after(() => rmSync(directory, { recursive: true, force: true }));
  const clock = { at: Date.UTC(2026, 0, 1), now: () => clock.at };
  const store = openStore(':memory:');
  let url = '';
  const ecr = createEcr({
    ...{ store, clock, log: silentLog, secret: '00'.repeat(32), directory },
    baseUrl: () => url,
  });
  await ecr.start();
  const server = await serve(test, {
    services: [ecr.service],
    maxBodyBytes: 72 * 1024 * 1024,
    fallback: (request, response, refusal) => refusal === undefined && ecr.take(request, response),
  });
  url = server.url;
  const client = new ECR({
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  test.after(async () => {
    client.destroy();
    await ecr.stop();
    store.close();
  });
  return { client, clock, directory, ecr, server, url, ask: askWith(url, await tokenOf(client)) };
}

/** The password of GetAuthorizationToken. */
export async function tokenOf(client: ECR): Promise<string> {
  const { authorizationData } = await client.getAuthorizationToken({});
  return Buffer.from(authorizationData![0]!.authorizationToken!, 'base64').toString().slice('AWS:'.length);
}
