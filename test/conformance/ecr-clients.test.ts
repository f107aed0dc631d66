// The registry of a whole Millpond: the distribution specification's own conformance suite, skopeo, the `docker` of
// `millpond exec`, and a kill -9 in the middle of an upload.

import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { ECR } from '@aws-sdk/client-ecr';
import { readRecord } from '../../src/cli/data-directory.ts';
import { MILLPOND, type RunningCommand, runCommand, startCommand } from '../support/command.ts';
import { whyNoNames } from '../support/endpoint-writers.ts';
import {
  findProgram,
  OCI_CONFORMANCE,
  run,
  WITHOUT_OCI_CONFORMANCE,
  withoutProgram,
} from '../support/outside-clients.ts';
import { askWith, digestOf, manifestOf, tokenOf } from '../support/registry.ts';

const HOST = '000000000000.dkr.ecr.us-east-1.amazonaws.com';
const WITHOUT_NAMES = await whyNoNames();

describe('a registry', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'millpond-ecr-clients-'));
  let command: RunningCommand;
  let url: string;
  let client: ECR;

  async function start(): Promise<void> {
    command = startCommand(MILLPOND, ['up', '--port', '0', '--data-dir', dataDir]);
    await command.prints(/is ready/);
    ({ url } = readRecord(dataDir)!.listening!);
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    client = new ECR({ endpoint: url, region: 'us-east-1', credentials });
  }

  before(start);
  after(async () => {
    client?.destroy();
    await runCommand(MILLPOND, ['down', '--purge', '--data-dir', dataDir]);
    command?.child.kill('SIGKILL');
    await command?.ended;
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('passes the conformance suite of the distribution specification', {
    skip: WITHOUT_OCI_CONFORMANCE,
  }, async () => {
    for (const repositoryName of ['conformance/one', 'conformance/two'])
      await client.createRepository({ repositoryName });
    const results = mkdtempSync(join(dataDir, 'conformance-'));
    const env = {
      ...{ OCI_REGISTRY: new URL(url).host, OCI_TLS: 'disabled', OCI_VERSION: '1.1' },
      ...{ OCI_REPO1: 'conformance/one', OCI_REPO2: 'conformance/two', OCI_RESULTS_DIR: results },
      ...{ OCI_USERNAME: 'AWS', OCI_PASSWORD: await tokenOf(client), OCI_CONFIGURATION: '/dev/null' },
      ...{ OCI_API_BLOBS_UPLOAD_CANCEL: 'true', OCI_API_MANIFESTS_TAG_PARAM: 'true' },
      ...{ OCI_API_BLOBS_DIGEST_HEADER: 'true', OCI_API_MANIFESTS_DIGEST_HEADER: 'true' },
    };
    const { code, stdout, stderr } = await run(OCI_CONFORMANCE, [], env);
    rmSync(results, { recursive: true });
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /Result: Pass/i);
    assert.match(stdout, /FAIL\.+: +0\n/);
  });

  it('gives skopeo the image that it took', { skip: withoutProgram('skopeo') }, async () => {
    await client.createRepository({ repositoryName: 'hello' });
    const work = mkdtempSync(join(tmpdir(), 'millpond-skopeo-'));
    const [layer, config] = [
      gzipSync('not really a layer'),
      JSON.stringify({ os: 'linux', architecture: 'amd64' }),
    ];
    const blobOf = (bytes: Buffer | string) => {
      writeFileSync(join(work, digestOf(bytes).slice('sha256:'.length)), bytes);
      return { digest: digestOf(bytes), size: bytes.length };
    };
    const manifest = manifestOf(blobOf(config), [blobOf(layer)]);
    writeFileSync(join(work, 'manifest.json'), manifest);
    writeFileSync(join(work, 'version'), 'Directory Transport Version: 1.1\n');
    const image = `docker://localhost:${new URL(url).port}/${HOST}/hello:latest`;
    const credentials = `AWS:${await tokenOf(client)}`;
    const skopeo = (...words: string[]) =>
      run(findProgram('skopeo')!, ['--insecure-policy', 'copy', '--preserve-digests', ...words]);
    const pushed = await skopeo('--dest-tls-verify=false', '--dest-creds', credentials, `dir:${work}`, image);
    assert.equal(pushed.code, 0, pushed.stderr);
    const out = join(work, 'out');
    const pulled = await skopeo('--src-tls-verify=false', '--src-creds', credentials, image, `dir:${out}`);
    assert.equal(pulled.code, 0, pulled.stderr);
    assert.equal(readFileSync(join(out, 'manifest.json'), 'utf8'), manifest);
    const bad = await skopeo('--src-tls-verify=false', '--src-creds', 'AWS:x', image, `dir:${out}`);
    assert.match(bad.stderr, /unauthorized/);
    const { imageDetails } = await client.describeImages({ repositoryName: 'hello' });
    assert.deepEqual(
      imageDetails!.map(({ imageTags }) => imageTags),
      [['latest']],
    );
    rmSync(work, { recursive: true });
  });

  it('is where the docker of exec pushes to', { skip: WITHOUT_NAMES }, async (test) => {
    const folder = mkdtempSync(join(tmpdir(), 'millpond-docker-'));
    test.after(() => rmSync(folder, { recursive: true }));
    chmodSync(folder, 0o755);
    writeFileSync(join(folder, 'docker'), '#!/bin/sh\nfor word; do echo "[$word]"; done\nexit 3\n', {
      mode: 0o755,
    });
    const env = { ...process.env, PATH: [folder, process.env.PATH].join(delimiter) };
    const words = ['push', `${HOST}/app:a b;"$x"`];
    const { stdout, code } = await runCommand(
      MILLPOND,
      ['exec', '--data-dir', dataDir, '--', 'docker', ...words],
      { env },
    );
    const registry = `localhost:${new URL(url).port}`;
    assert.deepEqual([code, stdout], [3, `[push]\n[${registry}/${HOST}/app:a b;"$x"]\n`]);
  });

  it('continues an upload after a kill -9, and keeps what it acknowledged', async () => {
    await client.createRepository({ repositoryName: 'app' });
    const token = await tokenOf(client);
    const [first, second] = [Buffer.alloc(1_500_000, 1), Buffer.alloc(500_000, 2)];
    const kept = Buffer.from('acknowledged');
    let ask = askWith(url, token);
    const whole = await ask('POST', `app/blobs/uploads/?digest=${digestOf(kept)}`, { body: kept });
    assert.equal(whole.status, 201);
    const location = (await ask('POST', 'app/blobs/uploads/')).headers.get('location')!;
    assert.equal((await ask('PATCH', location, { body: first })).status, 202);
    const { pid } = readRecord(dataDir)!;
    process.kill(pid, 'SIGKILL');
    await command.ended;
    client.destroy();
    await start();
    ask = askWith(url, token);
    assert.equal((await ask('GET', location)).headers.get('range'), `0-${first.length - 1}`);
    const digest = digestOf(Buffer.concat([first, second]));
    const done = await ask('PUT', `${location}?digest=${digest}`, { body: second });
    assert.equal(done.status, 201, await done.text());
    assert.equal(await (await ask('GET', `app/blobs/${digestOf(kept)}`)).text(), 'acknowledged');
  });
});
