// Uploads and downloads of 1 KB objects: the CPU time of each, compared with a bare HTTP server that transfers the same
// bytes, and how much longer than the median the slowest take.

import { besideBare, type Request, send, startBareServer } from './beside-bare.ts';
import type { Bench } from './context.ts';
import { startBenchMillpond } from './millpond.ts';
import { type JudgedRow, row } from './row.ts';

const BUCKET = 'bench-objects';
const KEYS = 500;
const BODY = 'x'.repeat(1024);
const SIGNED = {
  authorization:
    'AWS4-HMAC-SHA256 Credential=bench/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=00',
  'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
};

/** Rows of CPU time and latency. */
export async function measureObjects(bench: Bench): Promise<JudgedRow[]> {
  const millpond = await startBenchMillpond(bench);
  const bare = await startBareServer(bench);
  await send(millpond.url, { ...{ method: 'PUT', path: `/${BUCKET}` }, headers: SIGNED, body: '' });
  const rows: JudgedRow[] = [];
  for (const method of ['PUT', 'GET']) {
    const requests = Array.from({ length: KEYS }, (_, key) => request(method, `key-${key}`));
    const { own, floor } = await besideBare(bench, `objects: ${method}`, millpond, bare, requests);
    rows.push(
      row(`${method} of an object of 1 KB, processor time`, own.cpuUs, 'µs', {
        floor: floor.cpuUs,
        target: { ratioAtMost: 6 },
      }),
      row(`${method} of an object of 1 KB, p99 beside its p50`, own.p99Ms, 'ms', {
        floor: own.p50Ms,
        target: { ratioAtMost: 4 },
      }),
      // Without a target, to show how much the machine contributes.
      row(`${method} of 1 KB at a bare server, p99 beside its p50`, floor.p99Ms, 'ms', {
        floor: floor.p50Ms,
      }),
    );
  }
  return rows;
}

const request = (method: string, key: string): Request => ({
  ...{ method, path: `/${BUCKET}/${key}`, headers: SIGNED, body: method === 'PUT' ? BODY : '' },
});
