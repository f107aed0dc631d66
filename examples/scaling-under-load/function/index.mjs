// Connects to the cluster, writes a session, reads it, and logs how long each took in milliseconds. It connects anew in
// each invocation, so that its log shows what connecting costs while the cluster changes.

import { randomUUID } from 'node:crypto';
import { Cluster } from 'ioredis';

const { ENDPOINT, PORT } = process.env;

/** The handler for a load balancer. */
export async function handler(_event, { awsRequestId: requestId }) {
  const times = { type: 'visit', requestId };
  const cluster = new Cluster([{ host: ENDPOINT, port: Number(PORT) }], { lazyConnect: true });
  try {
    await timed('connect', () => cluster.connect());
    const key = `session:${randomUUID()}`;
    await timed('write', () => cluster.hset(key, { visitor: requestId, seenAt: Date.now() }));
    const { visitor } = await timed('read', () => cluster.hgetall(key));
    console.log(JSON.stringify(times));
    return answer(visitor === requestId ? 200 : 500, times);
  } catch (error) {
    console.log(JSON.stringify({ ...times, type: 'failure', error: error.message }));
    return answer(500, { error: error.message });
  } finally {
    cluster.disconnect();
  }

  async function timed(what, run) {
    const since = performance.now();
    try {
      return await run();
    } finally {
      times[what] = Number((performance.now() - since).toFixed(3));
    }
  }
}

const answer = (statusCode, body) => ({
  statusCode,
  statusDescription: statusCode === 200 ? '200 OK' : '500 Internal Server Error',
  isBase64Encoded: false,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
