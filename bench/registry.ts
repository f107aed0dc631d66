// Push and pull of layers: MB/s through Millpond's registry and through Debian's docker-registry, alternating in one run.

import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ECR } from '@aws-sdk/client-ecr';
import { until } from '../src/engine/testing/settle.ts';
import { freePort } from '../test/support/free-port.ts';
import type { Bench } from './context.ts';
import { startBenchMillpond } from './millpond.ts';
import { best, type JudgedRow, row } from './row.ts';

const REPOSITORY = 'bench';
const LAYER_BYTES = 64 * 1024 * 1024;
const MEGABYTE = 1e6;

/** A registry, and the header that lets the bench in. */
interface Registry {
  url: string;
  headers: Record<string, string>;
}

/** Two rows. Throws when Debian's docker-registry is missing. */
export async function measureRegistry(bench: Bench): Promise<JudgedRow[]> {
  const registries = { own: await startOwn(bench), peer: await startPeer(bench) };
  const rates = {
    own: { push: [] as number[], pull: [] as number[] },
    peer: { push: [] as number[], pull: [] as number[] },
  };
  const rounds = bench.rounds(8, 3);
  for (let round = 0; round <= rounds; round++) {
    bench.say(`registry: ${round} of ${rounds}`);
    // New bytes in each round, because a registry does not store the same layer twice.
    const layer = randomBytes(LAYER_BYTES);
    for (const name of ['peer', 'own'] as const) {
      const { push, pull } = await pushAndPull(registries[name], layer);
      if (round === 0) continue;
      rates[name].push.push(push);
      rates[name].pull.push(pull);
    }
  }
  const rowOf = (what: 'push' | 'pull') =>
    row(`registry: ${what} of layers of 64 MiB`, best(rates.own[what]), 'MB/s', {
      floor: best(rates.peer[what]),
      target: { ratioAtLeast: 0.8 },
    });
  return [rowOf('push'), rowOf('pull')];
}

async function startOwn(bench: Bench): Promise<Registry> {
  const { url } = await startBenchMillpond(bench);
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new ECR({ endpoint: url, region: 'us-east-1', credentials });
  await client.createRepository({ repositoryName: REPOSITORY });
  const { authorizationData } = await client.getAuthorizationToken({});
  client.destroy();
  return { url, headers: { authorization: `Basic ${authorizationData![0]!.authorizationToken}` } };
}

async function startPeer(bench: Bench): Promise<Registry> {
  const directory = mkdtempSync(join(tmpdir(), 'millpond-bench-registry-'));
  const port = await freePort();
  const config = join(directory, 'config.yml');
  writeFileSync(
    config,
    [
      ...['version: 0.1', 'log:', '  level: error', '  accesslog:', '    disabled: true'],
      ...['storage:', '  filesystem:', `    rootdirectory: ${directory}`],
      ...['http:', `  addr: 127.0.0.1:${port}`, ''],
    ].join('\n'),
  );
  const child = spawn('docker-registry', ['serve', config], { stdio: 'ignore' });
  const failed = once(child, 'error').then(([error]) => {
    throw new Error('docker-registry is missing (Debian’s package has this name)', { cause: error });
  });
  failed.catch(() => undefined);
  bench.own({ stop: () => stop(child, directory) });
  const url = `http://127.0.0.1:${port}`;
  const answers = until('docker-registry answers', async () =>
    fetch(`${url}/v2/`).then(
      (answer) => answer.ok || undefined,
      () => undefined,
    ),
  );
  await Promise.race([answers, failed]);
  return { url, headers: {} };
}

async function stop(child: ChildProcess, directory: string): Promise<void> {
  if (child.pid !== undefined && child.exitCode === null) {
    const ended = once(child, 'exit');
    child.kill();
    await ended;
  }
  rmSync(directory, { recursive: true, force: true });
}

/** As docker does: POST, one PATCH, PUT; then GET. In MB/s. */
async function pushAndPull(registry: Registry, layer: Buffer): Promise<{ push: number; pull: number }> {
  const agent = new Agent({ keepAlive: true });
  const digest = `sha256:${createHash('sha256').update(layer).digest('hex')}`;
  const ask = async (method: string, path: string, body?: Buffer): Promise<IncomingMessage> => {
    const headers = { ...registry.headers, 'content-length': body?.length ?? 0 };
    const outgoing = request(new URL(path, registry.url), { method, headers, agent });
    outgoing.end(body);
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    return answer;
  };
  const finished = async (answer: IncomingMessage, status: number): Promise<IncomingMessage> => {
    answer.resume();
    await once(answer, 'end');
    if (answer.statusCode !== status) throw new Error(`${registry.url} answered ${answer.statusCode}`);
    return answer;
  };
  const began = performance.now();
  const begun = await finished(await ask('POST', `/v2/${REPOSITORY}/blobs/uploads/`), 202);
  const sent = await finished(await ask('PATCH', begun.headers.location!, layer), 202);
  const last = new URL(sent.headers.location!, registry.url);
  last.searchParams.set('digest', digest);
  await finished(await ask('PUT', last.href), 201);
  const pushed = performance.now();
  await finished(await ask('GET', `/v2/${REPOSITORY}/blobs/${digest}`), 200);
  const pulled = performance.now();
  agent.destroy();
  const rate = (ms: number) => layer.length / MEGABYTE / (ms / 1000);
  return { push: rate(pushed - began), pull: rate(pulled - pushed) };
}
