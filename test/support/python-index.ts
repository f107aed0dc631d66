// A package index for pip on loopback with one package, the tests' redis-py with its imports as a wheel, so that layers
// are built without a registry.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join, relative } from 'node:path';
import type { TestContext } from 'node:test';
import type { S3 } from '@aws-sdk/client-s3';
import { zip } from '../../src/kernel/zip.ts';
import { PYTHON, run } from './outside-clients.ts';

const VERSION = '4.0.0';
const WHEEL = `redis-${VERSION}-py3-none-any.whl`;
/** The imports of redis-py that are not part of Python; they depend on its version. */
const MODULES = ['redis', 'async_timeout', 'deprecated', 'packaging', 'wrapt'];

/** Starts the index and returns its URL; it is stopped when the test ends. */
export async function startPythonIndex(test: TestContext): Promise<string> {
  const wheel = await redisWheel();
  const page = pageWith(`/${WHEEL}`);
  const server = createServer((request, response) => {
    if (request.url === '/simple/redis/') response.writeHead(200, { 'content-type': 'text/html' }).end(page);
    else if (request.url === `/${WHEEL}`) response.writeHead(200).end(wheel);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  test.after(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple`;
}

const pageWith = (wheelUrl: string) =>
  `<!DOCTYPE html><html><body><a href="${wheelUrl}">${WHEEL}</a></body></html>`;

/** The same index as a bucket of Millpond, for functions that reach nothing else. */
export async function uploadPythonIndex(s3: S3, bucket: string): Promise<void> {
  await s3.createBucket({ Bucket: bucket });
  await s3.putObject({ Bucket: bucket, Key: WHEEL, Body: await redisWheel() });
  const page = { Body: pageWith(`../../${WHEEL}`), ContentType: 'text/html' };
  await s3.putObject({ Bucket: bucket, Key: 'simple/redis/', ...page });
}

async function redisWheel(): Promise<Buffer> {
  const { stdout } = await run(PYTHON, ['-c', 'import redis; print(redis.__file__)']);
  const root = dirname(dirname(stdout.trim()));
  const files = Object.fromEntries(MODULES.flatMap((module) => sourcesOf(root, join(root, module))));
  const info = `redis-${VERSION}.dist-info`;
  return zip({
    ...files,
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: redis\nVersion: ${VERSION}\n`,
    [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    [`${info}/RECORD`]: Object.keys(files)
      .map((path) => `${path},,\n`)
      .join(''),
  });
}

function sourcesOf(root: string, folder: string): [string, Buffer][] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.py'))
    .map((path) => [relative(root, join(folder, path)), readFileSync(join(folder, path))]);
}
