// Random input of every operation of ECR, and random requests to its registry: each is answered or refused by name, never
// with a failure of Millpond's own, and hardly any operation is always refused.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createClient } from '../../src/wire/client.ts';
import { Fault } from '../../src/wire/fault.ts';
import { loadSchema, type Structure } from '../../src/wire/schema.ts';
import { randomInput, seededRandom } from '../support/random-input.ts';
import { digestOf, manifestOf, OCI_IMAGE, OCI_INDEX, pushBlob, startRegistry } from '../support/registry.ts';

const SCOPE = { accountId: '000000000000', region: 'us-east-1' };
const ROUNDS = 30;
const NAMES = ['aa', 'bb/cc'];
const ARNS = NAMES.map((name) => `arn:aws:ecr:us-east-1:000000000000:repository/${name}`);
const CONFIG = '{}';
const MANIFEST = manifestOf({ digest: digestOf(CONFIG), size: 2 }, []);
const POLICY = JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: '*', Action: '*' }] });
const LIFECYCLE = JSON.stringify({
  rules: [
    {
      ...{ rulePriority: 1, description: 'keep ten', action: { type: 'expire' } },
      selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 10 },
    },
  ],
});

it('answers or refuses whatever comes', async (test) => {
  const { ecr, ask } = await startRegistry(test);
  const client = createClient('ecr', { inProcess: ecr.service }) as {
    call(operation: string, input: object, scope: object): Promise<Record<string, unknown>>;
  };
  const uploads = ['x'];
  const known: Record<string, readonly unknown[]> = {
    encryptionConfiguration: [undefined],
    force: [true, false],
    imageDigest: [undefined, digestOf(MANIFEST)],
    imageManifest: [MANIFEST, '{}'],
    imageManifestMediaType: [undefined, OCI_IMAGE],
    imageTag: ['a', 'b'],
    imageTagMutability: ['MUTABLE', 'IMMUTABLE'],
    imageTagMutabilityExclusionFilters: [undefined],
    layerDigest: [digestOf(CONFIG)],
    layerDigests: [[digestOf(CONFIG)]],
    layerPartBlob: [Buffer.from(CONFIG)],
    lifecyclePolicyText: [LIFECYCLE],
    nextToken: [undefined],
    partFirstByte: [0],
    partLastByte: [1],
    policyText: [POLICY],
    registryId: [undefined],
    repositoryName: NAMES,
    repositoryNames: [undefined, NAMES],
    resourceArn: ARNS,
    tagKeys: [['k']],
    tags: [[{ Key: 'k', Value: 'v' }]],
    uploadId: uploads,
  };
  const answered = new Set<string>();
  const schema = loadSchema('ecr');
  const operations = Object.keys(ecr.service.operations);
  for (const seed of [20_261_130, 1, 2]) {
    const random = seededRandom(seed);
    for (let call = 0; call < ROUNDS * operations.length; call++) {
      const operation = operations[Math.floor(random() * operations.length)]!;
      // Otherwise hardly anything is in the repositories.
      if (operation === 'DeleteRepository' && random() < 0.8) continue;
      const input = randomInput(schema.operation(operation)!.input as Structure, random, { known });
      try {
        const { uploadId } = await client.call(operation, input, SCOPE);
        answered.add(operation);
        if (typeof uploadId === 'string') uploads.splice(0, uploads.length > 2 ? 1 : 0, uploadId);
      } catch (error) {
        assert.ok(error instanceof Fault, `${operation} ${JSON.stringify(input)}: ${String(error)}`);
      }
      if (call % 50 === 0) await pushBlob(ask, NAMES[0]!, CONFIG).catch(() => undefined);
    }
  }
  assert.deepEqual(
    operations.filter((name) => !answered.has(name)),
    [],
  );
});

it('the registry answers or refuses whatever is asked', async (test) => {
  const { client, ask } = await startRegistry(test);
  for (const repositoryName of NAMES) await client.createRepository({ repositoryName });
  const random = seededRandom(20_261_130);
  const one = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)]!;
  const digests = [
    digestOf(CONFIG),
    digestOf(MANIFEST),
    'sha256:x',
    'sha512:',
    `sha512:${'0'.repeat(128)}`,
    '%00',
    '..',
  ];
  const locations = ['x'];
  const path = (): string => {
    const name = one([...NAMES, 'none', 'A', '%2e%2e', '']);
    const reference = one([...digests, 'a', 'latest', '-', 'é']);
    const query = one([
      ...['', '?n=1', '?n=x', '?last=a', '?digest=', `?digest=${one(digests)}`],
      ...[
        `?mount=${one(digests)}`,
        `?mount=${one(digests)}&from=${one(NAMES)}`,
        '?artifactType=a',
        '?tag=b&tag=',
      ],
    ]);
    const kind = one(['blobs', 'manifests', 'referrers']);
    return one([
      `${name}/${kind}/${reference}${query}`,
      `${name}/blobs/uploads/${query}`,
      `${one(locations)}${query}`,
      `${name}/tags/list${query}`,
      `_catalog${query}`,
    ]);
  };
  const statuses = new Set<number>();
  for (let call = 0; call < 1_000; call++) {
    // Otherwise hardly anything is in the repositories.
    if (call % 30 === 0) for (const name of NAMES) await pushBlob(ask, name, CONFIG);
    const method = one(['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE', 'OPTIONS']);
    const body = ['GET', 'HEAD'].includes(method)
      ? undefined
      : one([CONFIG, MANIFEST, '', 'x', '[]', undefined]);
    const headers = one<Record<string, string>>([
      {},
      { 'content-type': one([OCI_IMAGE, OCI_INDEX, 'text/plain']) },
      { 'content-range': one(['0-1', '1-0', 'bytes 0-1/2', '5-9', 'x']) },
      { range: one(['bytes=0-0', 'bytes=-1', 'bytes=9-', 'bytes=1-0', 'x']) },
    ]);
    const asked = path();
    const answer = await ask(method, asked, { headers, ...(body !== undefined && { body }) });
    await answer.arrayBuffer();
    statuses.add(answer.status);
    assert.ok(answer.status < 500, `${method} ${asked}: ${answer.status}`);
    const location = answer.headers.get('location');
    if (location?.includes('uploads')) locations.splice(0, locations.length > 3 ? 1 : 0, location);
  }
  for (const status of [200, 202, 204, 400, 404, 405]) assert.ok(statuses.has(status), String(status));
});
