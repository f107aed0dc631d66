// Posts to a URL over a number of connections, one request after the other on each; tells its parent how long they took.

import { Agent, request } from 'node:http';
import { p50 } from './row.ts';

const [url = '', connections = '1', count = '1000'] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: Number(connections) });
const headers = {
  'content-type': 'application/json',
  'content-length': 2,
  authorization:
    'AWS4-HMAC-SHA256 Credential=bench/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=00',
};

const post = (): Promise<void> =>
  new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', headers, agent }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`answered ${response.statusCode}`));
      response.resume().on('end', resolve);
    });
    outgoing.on('error', reject).end('{}');
  });

const taken: number[] = [];
const each = Math.ceil(Number(count) / Number(connections));
async function work(rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const since = performance.now();
    await post();
    taken.push(performance.now() - since);
  }
}

const all = (rounds: number) => Promise.all(Array.from({ length: Number(connections) }, () => work(rounds)));
await all(50);
taken.length = 0;
const since = performance.now();
await all(each);
const seconds = (performance.now() - since) / 1000;
process.send!({ p50Ms: p50(taken), perSecond: taken.length / seconds });
agent.destroy();
process.disconnect();
