// Nothing that Millpond keeps is readable by other users, whatever the umask and the directory it is given, after all
// of it was used; what an earlier Millpond or a copy left open is closed at the next start. A purge knows all of it.

import assert from 'node:assert/strict';
import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import * as cloudformation from '@aws-sdk/client-cloudformation';
import * as elasticache from '@aws-sdk/client-elasticache';
import * as lambda from '@aws-sdk/client-lambda';
import * as s3 from '@aws-sdk/client-s3';
import { ownAt } from '../../src/kernel/data-layout.ts';
import { zip } from '../../src/kernel/zip.ts';
import type { MillpondStatus } from '../../src/status.ts';
import { MILLPOND, runCommand } from '../support/command.ts';

/** What the directory of a package shows to functions is open inside; its own directory is not. */
const isSeenByFunctions = (path: string) => ownAt(path)?.isSeenByFunctions === true;

/** Entries with a bit for group or others, and those that a purge would not know. */
function look(dataDir: string): { open: string[]; unknown: string[] } {
  const open: string[] = [];
  const unknown: string[] = [];
  const visit = (path: string) => {
    for (const name of readdirSync(join(dataDir, path))) {
      const inner = path === '' ? name : `${path}/${name}`;
      if (isSeenByFunctions(inner)) continue;
      const entry = lstatSync(join(dataDir, inner));
      if ((entry.mode & 0o077) !== 0) open.push(`${(entry.mode & 0o777).toString(8)} ${inner}`);
      if (!ownAt(inner)) unknown.push(inner);
      if (entry.isDirectory()) visit(inner);
    }
  };
  visit('');
  return { open, unknown };
}

const NOTHING = { open: [], unknown: [] };

function home(t: TestContext) {
  const dataDir = mkdtempSync(join(tmpdir(), 'millpond-private-'));
  // Somebody made it beforehand.
  chmodSync(dataDir, 0o755);
  const millpond = async (...words: string[]) => {
    const ending = await runCommand(MILLPOND, [...words, '--data-dir', dataDir]);
    assert.equal(ending.code, 0, `${words.join(' ')}: ${ending.stderr}`);
    return ending.stdout;
  };
  t.after(async () => {
    await runCommand(MILLPOND, ['down', '--purge', '--data-dir', dataDir]);
    rmSync(dataDir, { recursive: true, force: true });
  });
  return { dataDir, millpond };
}

/** One thing of each kind that leaves files. */
async function use(t: TestContext, endpoint: string): Promise<void> {
  const options = {
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const stacks = new cloudformation.CloudFormationClient(options);
  const cache = new elasticache.ElastiCacheClient(options);
  const functions = new lambda.LambdaClient(options);
  const objects = new s3.S3Client({ ...options, forcePathStyle: true });
  t.after(() => {
    for (const client of [stacks, cache, functions, objects]) client.destroy();
  });
  const template = {
    Resources: {
      Cluster: {
        Type: 'AWS::ElastiCache::ReplicationGroup',
        Properties: {
          ReplicationGroupDescription: 'cluster',
          CacheNodeType: 'cache.t3.micro',
          Engine: 'redis',
          NumNodeGroups: 1,
          ReplicasPerNodeGroup: 1,
          AutomaticFailoverEnabled: true,
          CacheParameterGroupName: 'default.redis7.cluster.on',
        },
      },
    },
  };
  await stacks.send(
    new cloudformation.CreateStackCommand({ StackName: 's', TemplateBody: JSON.stringify(template) }),
  );
  await cache.send(
    new elasticache.CreateReplicationGroupCommand({
      ReplicationGroupId: 'g',
      ReplicationGroupDescription: 'a password',
      CacheNodeType: 'cache.t3.micro',
      Engine: 'redis',
      NumCacheClusters: 2,
      AutomaticFailoverEnabled: true,
    }),
  );
  await functions.send(
    new lambda.CreateFunctionCommand({
      FunctionName: 'f',
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Role: 'arn:aws:iam::000000000000:role/test',
      Code: {
        ZipFile: zip({ 'lib/index.js': 'x', 'index.js': 'exports.handler = async () => process.umask();' }),
      },
    }),
  );
  await lambda.waitUntilFunctionActiveV2({ client: functions, maxWaitTime: 60 }, { FunctionName: 'f' });
  // A function has AWS's umask, not Millpond's.
  const { Payload } = await functions.send(new lambda.InvokeCommand({ FunctionName: 'f' }));
  assert.equal(Buffer.from(Payload!).toString(), String(0o022));
  await objects.send(new s3.CreateBucketCommand({ Bucket: 'bucket' }));
  await objects.send(new s3.PutObjectCommand({ Bucket: 'bucket', Key: 'key', Body: 'secret' }));
  await cloudformation.waitUntilStackCreateComplete({ client: stacks, maxWaitTime: 120 }, { StackName: 's' });
  await elasticache.waitUntilReplicationGroupAvailable(
    { client: cache, maxWaitTime: 60, minDelay: 1 },
    { ReplicationGroupId: 'g' },
  );
}

test('files are for their owner alone', async (t) => {
  const { dataDir, millpond } = home(t);
  const before = process.umask(0);
  t.after(() => process.umask(before));
  mkdirSync(join(dataDir, 'nodes'), { mode: 0o777 });
  await millpond('up', '--detach', '--port', '0');
  const { url } = JSON.parse(await millpond('status', '--json')) as MillpondStatus;
  await use(t, url);
  assert.deepEqual(look(dataDir), NOTHING, 'while it runs');
  await millpond('down');
  assert.deepEqual(look(dataDir), NOTHING, 'after it was stopped');

  for (const path of readdirSync(dataDir, { recursive: true, encoding: 'utf8' })) {
    const entry = lstatSync(join(dataDir, path));
    if (!entry.isSymbolicLink()) chmodSync(join(dataDir, path), entry.isDirectory() ? 0o777 : 0o666);
  }
  await millpond('up', '--detach', '--port', '0');
  assert.deepEqual(look(dataDir), NOTHING, 'after its next start');
  await millpond('down', '--purge');
  assert.ok(!existsSync(dataDir));
});
