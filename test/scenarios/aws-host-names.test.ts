// Programs that know no endpoint variable ask AWS's own host names over HTTPS, inside of `millpond exec` and of
// functions, and talk to Millpond.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import {
  CreateFunctionCommand,
  InvokeCommand,
  LambdaClient,
  waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda';
import { zip } from '../../src/kernel/zip.ts';
import { systemBundle } from '../../src/machines/trust.ts';
import type { MillpondStatus } from '../../src/status.ts';
import { MILLPOND, runCommand, startCommand } from '../support/command.ts';
import { PYTHON, WITHOUT_PYTHON_CLIENTS, withoutProgram } from '../support/outside-clients.ts';

const WHO = 'https://sts.eu-west-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15';
const ACCOUNT = /\b000000000000\b/;

/** All that the services which old programs use have in common: no endpoint is set. */
const BOTO3 = `
import boto3, os
os.environ.pop('AWS_ENDPOINT_URL')
print(boto3.client('sts').get_caller_identity()['Account'])
print(boto3.client('elasticache', region_name='us-west-2').describe_replication_groups()['ReplicationGroups'])
ssm = boto3.client('ssm', region_name='eu-west-1')
ssm.put_parameter(Name='/old', Value='kept', Type='String')
print(ssm.get_parameter(Name='/old')['Parameter']['Value'], ssm.meta.endpoint_url)
s3 = boto3.client('s3', region_name='us-east-1')
s3.create_bucket(Bucket='old-program')
s3.put_object(Bucket='old-program', Key='a key/ü', Body=b'x' * 100000)
print(len(s3.get_object(Bucket='old-program', Key='a key/ü')['Body'].read()))
`;

const FUNCTION = `
const https = require('https');
exports.handler = () => new Promise((resolve, reject) => {
  https.get('${WHO}', (answer) => {
    let text = '';
    answer.on('data', (piece) => (text += piece)).on('end', () => resolve(text));
  }).on('error', reject);
});`;

let parent: string;
let dataDir: string;
let status: MillpondStatus;
let running: ReturnType<typeof startCommand>;

/** The user's environment names authorities of its own, as many a company's machine does. */
const exec = (...command: string[]) =>
  runCommand(MILLPOND, ['exec', '--data-dir', dataDir, '--', ...command], {
    env: { ...process.env, SSL_CERT_FILE: systemBundle() ?? '', AWS_CONFIG_FILE: '/dev/null' },
  });

before(async () => {
  parent = mkdtempSync(join(tmpdir(), 'millpond-aws-names-'));
  dataDir = join(parent, 'data');
  running = startCommand(MILLPOND, ['up', '--data-dir', dataDir, '--port', '0']);
  await running.prints(/Ctrl-C/);
  const told = await runCommand(MILLPOND, ['status', '--json', '--data-dir', dataDir]);
  status = JSON.parse(told.stdout);
});

after(async () => {
  running.child.kill('SIGTERM');
  await running.ended;
  rmSync(parent, { recursive: true, force: true });
});

describe('AWS’s own host names', () => {
  it('lead curl to Millpond, with and without variables that say whom to trust', async (t) => {
    if (!status.https || withoutProgram('curl')) return t.skip(withoutProgram('curl') || 'needs port 443');
    const machines = readFileSync(systemBundle() ?? '/dev/null', 'utf8');
    for (const command of [['curl'], ['env', '-i', 'curl']]) {
      const { stdout, stderr } = await exec(...command, '-sS', '--noproxy', '*', WHO);
      assert.match(stdout, ACCOUNT, `${command.join(' ')}: ${stderr}`);
    }
    assert.equal(
      readFileSync(systemBundle() ?? '/dev/null', 'utf8'),
      machines,
      'the machine trusts as before',
    );
  });

  it('lead Node to Millpond', async (t) => {
    if (!status.https) return t.skip('needs port 443');
    const { stdout, stderr } = await exec(process.execPath, '-e', ASK, WHO);
    assert.match(stdout, ACCOUNT, stderr);
  });

  it('lead boto3, whatever its age, to Millpond', async (t) => {
    if (!status.https || WITHOUT_PYTHON_CLIENTS) return t.skip(WITHOUT_PYTHON_CLIENTS || 'needs port 443');
    const { stdout, stderr } = await exec(PYTHON, '-c', BOTO3);
    assert.deepEqual(
      stdout.trim().split('\n'),
      ['000000000000', '[]', 'kept https://ssm.eu-west-1.amazonaws.com', '100000'],
      stderr,
    );
  });

  it('lead functions to Millpond', async (t) => {
    if (!status.https || !existsSync('/proc/self/ns/mnt'))
      return t.skip(status.https ? 'needs namespaces' : 'needs port 443');
    const { text, error } = await invoke(FUNCTION);
    assert.equal(error, undefined, text);
    assert.match(text, ACCOUNT);
  });
});

/** Program for Node: prints what the URL answers. */
const ASK = `require('https').get(process.argv[1], (answer) => answer.pipe(process.stdout));`;

async function invoke(source: string) {
  const client = new LambdaClient({
    endpoint: status.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const FunctionName = 'asks';
  try {
    await client.send(
      new CreateFunctionCommand({
        ...{ FunctionName, Runtime: 'nodejs22.x', Handler: 'index.handler', Timeout: 60 },
        Role: 'arn:aws:iam::000000000000:role/any',
        Code: { ZipFile: zip({ 'index.js': source }) },
      }),
    );
    await waitUntilFunctionActiveV2({ client, maxWaitTime: 120, minDelay: 1 }, { FunctionName });
    const answer = await client.send(new InvokeCommand({ FunctionName }));
    return { text: Buffer.from(answer.Payload!).toString(), error: answer.FunctionError };
  } finally {
    client.destroy();
  }
}
