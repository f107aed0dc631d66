// Large work does not block the event loop for long, because health checks and DNS run in the same loop. The test
// measures the thread's own processor time between two turns, which does not depend on the machine's load.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, it } from 'node:test';
import { Worker } from 'node:worker_threads';
import { startTestS3, type TestS3 } from '../../../test/support/s3.ts';

const MOST_MS = 50;
/** The duration of a fixed piece of work on a current machine. */
const USUAL_WORK_MS = 25;
const KEYS = 60_000;
const PARTS = 10_000;

let test: TestS3;
let client: Worker;

/** The client runs in a thread of its own, so that its work does not count. */
const CLIENT = `
  const { parentPort } = require('node:worker_threads');
  const headers = { authorization: 'AWS4-HMAC-SHA256 Credential=test/20300101/us-east-1/s3/aws4_request' };
  parentPort.on('message', async ({ url, method, body }) => {
    const response = await fetch(url, { method, headers, ...(body !== undefined && { body }) });
    parentPort.postMessage({ status: response.status, text: await response.text() });
  });
`;

before(async () => {
  test = await startTestS3();
  client = new Worker(CLIENT, { eval: true });
});

after(async () => {
  await client?.terminate();
  await test?.stop();
});

interface Answer {
  status: number;
  text: string;
  /** The longest time between two turns of the loop. */
  longestMs: number;
}

async function ask(method: string, path: string, body?: string): Promise<Answer> {
  let longestMs = 0;
  let isOver = false;
  let last = threadMs();
  const watch = () => {
    const now = threadMs();
    longestMs = Math.max(longestMs, now - last);
    last = now;
    if (!isOver) setImmediate(watch);
  };
  setImmediate(watch);
  client.postMessage({ url: `${test.server.url}/${path}`, method, body });
  const [answer] = (await once(client, 'message')) as [Omit<Answer, 'longestMs'>];
  await new Promise((resolve) => setImmediate(resolve));
  isOver = true;
  return { ...answer, longestMs };
}

/** Takes about 15 ms. */
function fixedWorkMs(): number {
  const since = threadMs();
  const text = JSON.stringify(Array.from({ length: 30_000 }, (_, index) => ({ key: `k${index}`, index })));
  JSON.parse(text);
  return threadMs() - since;
}

function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

async function within(what: string, status: number, ...request: Parameters<typeof ask>): Promise<string> {
  const before = fixedWorkMs();
  const { longestMs, ...answer } = await ask(...request);
  // On a slow or busy processor everything takes longer by the same factor.
  const mostMs = MOST_MS * Math.max(1, Math.max(before, fixedWorkMs()) / USUAL_WORK_MS);
  assert.equal(answer.status, status, `${what}: ${answer.text.slice(0, 300)}`);
  assert.ok(longestMs <= mostMs, `${what} held the loop for ${longestMs.toFixed(1)} ms`);
  return answer.text;
}

/** One transaction for each batch; a transaction for each item would take minutes. */
function fill(count: number, put: (index: number) => void): void {
  for (let from = 0; from < count; from += 1000) {
    test.storage.change(() => {
      for (let index = from; index < Math.min(from + 1000, count); index++) put(index);
    });
  }
}

const md5 = '0cc175b9c0f1b6a831c399e269772661';
const description = { metadata: {}, tags: [] };

it('listings and deletions of many keys, prefixes and versions do not block the loop', async () => {
  await ask('PUT', 'many');
  fill(KEYS, (index) => {
    const key = `${String(index % 3000).padStart(5, '0')}/${index}`;
    const content = { segments: [], size: 0, etag: md5 };
    test.storage.objects.add({
      bucket: 'many',
      key,
      versionId: 'null',
      lastModified: 0,
      content,
      description,
    });
  });
  // The first request compiles the code.
  await ask('GET', 'many?list-type=2');
  await within('a page', 200, 'GET', 'many?list-type=2');
  const rolled = await within('common prefixes', 200, 'GET', 'many?list-type=2&delimiter=/');
  assert.equal(rolled.match(/<CommonPrefixes>/g)?.length, 1000);
  await within('versions', 200, 'GET', 'many?versions');
  const keys = [...rolled.matchAll(/<CommonPrefixes><Prefix>(\d+)/g)].map(([, prefix]) => prefix);
  const objects = keys.map((prefix) => `<Object><Key>${prefix}/${Number(prefix)}</Key></Object>`).join('');
  await ask('POST', 'many?delete', '<Delete><Object><Key>none</Key></Object></Delete>');
  const deleted = await within('deletions', 200, 'POST', 'many?delete', `<Delete>${objects}</Delete>`);
  assert.equal(deleted.match(/<Deleted>/g)?.length, 1000);
});

it('uploads in many parts do not block the loop', async () => {
  await ask('PUT', 'parts');
  const start = async (key: string) => {
    const { text } = await ask('POST', `parts/${key}?uploads`);
    const uploadId = /<UploadId>(\w+)/.exec(text)![1]!;
    const upload = test.storage.uploads.get('parts', key, uploadId);
    test.storage.change(() =>
      test.storage.uploads.put({ ...upload, checksum: { algorithm: 'CRC64NVME', type: 'FULL_OBJECT' } }),
    );
    const checksum = { algorithm: 'CRC64NVME', value: 'AAAAAAAAAAA=', type: 'FULL_OBJECT' } as const;
    fill(PARTS, (index) => {
      const blob = index.toString(16).padStart(32, '0');
      const size = 5 * 1024 ** 2;
      const content = { segments: [{ blob, size }], size, etag: md5, checksum };
      test.storage.uploads.putPart({ uploadId, partNumber: index + 1, lastModified: 0, content });
    });
    return uploadId;
  };
  const given = await start('given-up');
  await within('a page of parts', 200, 'GET', `parts/given-up?uploadId=${given}`);
  await within('an upload given up', 204, 'DELETE', `parts/given-up?uploadId=${given}`);
  const whole = await start('whole');
  const named = Array.from(
    { length: PARTS },
    (_, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>"${md5}"</ETag></Part>`,
  ).join('');
  const body = `<CompleteMultipartUpload>${named}</CompleteMultipartUpload>`;
  await within('a completion', 200, 'POST', `parts/whole?uploadId=${whole}`, body);
  await within('a look at it', 200, 'HEAD', 'parts/whole');
  await within('a deletion of it', 204, 'DELETE', 'parts/whole');
});

it('documents with many rules do not block the loop', async () => {
  await ask('PUT', 'rules');
  const rule = (index: number) =>
    `<Rule><ID>r${index}</ID><Status>Enabled</Status><Filter><Prefix>p${index}</Prefix></Filter><Expiration><Days>1</Days></Expiration></Rule>`;
  const lifecycle = (count: number) =>
    `<LifecycleConfiguration>${Array.from({ length: count }, (_, index) => rule(index)).join('')}</LifecycleConfiguration>`;
  await ask('PUT', 'rules?lifecycle', lifecycle(10));
  await within('as many rules as there may be', 200, 'PUT', 'rules?lifecycle', lifecycle(1000));
  await within('their reading', 200, 'GET', 'rules?lifecycle');
  await within('too many rules', 400, 'PUT', 'rules?lifecycle', lifecycle(3000));
  const cors = '<CORSRule><AllowedMethod>GET</AllowedMethod><AllowedOrigin>*</AllowedOrigin></CORSRule>';
  await within(
    'too many CORS rules',
    400,
    'PUT',
    'rules?cors',
    `<CORSConfiguration>${cors.repeat(3000)}</CORSConfiguration>`,
  );
  await within('a long policy', 400, 'PUT', 'rules?policy', `{"Statement":[${'{},'.repeat(500_000)}{}]}`);
  const few = '<Tagging><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tagging>';
  await ask('PUT', 'rules?tagging', few);
  const tag = '<Tag><Key>k</Key><Value>v</Value></Tag>';
  await within(
    'too many tags',
    400,
    'PUT',
    'rules?tagging',
    `<Tagging><TagSet>${tag.repeat(3000)}</TagSet></Tagging>`,
  );
});

it('thousands of buckets and uploads do not block the loop', async () => {
  const bucket = test.storage.buckets.get('many');
  fill(9_900, (index) => test.storage.buckets.put({ ...bucket, name: `bucket-${index}`, settings: {} }));
  await ask('GET', '?max-buckets=100');
  await within('all buckets', 200, 'GET', '');
  await ask('PUT', 'pending');
  fill(5_000, (index) =>
    test.storage.uploads.put({
      ...{ bucket: 'pending', key: `k${index}`, uploadId: `u${index}`, initiatedAt: 0 },
      ...{ accountId: bucket.accountId, description },
    }),
  );
  await within('a page of uploads', 200, 'GET', 'pending?uploads');
  await within('a bucket with many uploads', 204, 'DELETE', 'pending');
});
