// The CDK's own way, call by call: an environment bootstrapped, an app deployed with its assets, changed, taken back and
// destroyed. Its command line comes from a registry, which a test has not; what it sends is here.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { GetBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import { zip } from '../../src/kernel/zip.ts';
import { startEngineless } from '../support/engineless.ts';
import { appTemplate } from './cdk/app.ts';
import { type Credentials, Toolkit } from './cdk/toolkit.ts';

const ACCOUNT = '123456789012';
const BOOTSTRAP = readFileSync(new URL('cdk/bootstrap.yaml', import.meta.url), 'utf8');

const hashOf = (content: Uint8Array | string) => createHash('sha256').update(content).digest('hex');

/** Publishes the function's package and the template, as the deploying role finds them. */
async function deployApp(cdk: Toolkit, { nodes, says }: { nodes: number; says: string }, as: Credentials) {
  const code = `export const handler = async () => ({ says: '${says}', cache: process.env.CACHE });`;
  const archive = zip({ 'index.mjs': code });
  const asset = `${hashOf(archive)}.zip`;
  await cdk.publish(asset, archive);
  const text = appTemplate({ nodes, asset });
  const TemplateURL = await cdk.publish(`${hashOf(text)}.json`, text);
  return cdk.deploy({ stackName: 'Cache', template: { TemplateURL } }, as);
}

const outputOf = (stack: Awaited<ReturnType<typeof deployApp>>, name: string): string => {
  assert.notEqual(stack, 'no changes');
  if (stack === 'no changes') return '';
  return stack.Outputs!.find(({ OutputKey }) => OutputKey === name)!.OutputValue!;
};

test('an app of the CDK from bootstrap to destroy', async (test) => {
  const { server, errors } = await startEngineless(test);
  const cdk = new Toolkit(server.url, ACCOUNT);
  await cdk.start();
  assert.equal(cdk.account, ACCOUNT);

  assert.equal(await cdk.stack('CDKToolkit'), undefined);
  const bootstrap = { stackName: 'CDKToolkit', template: { TemplateBody: BOOTSTRAP } };
  const toolkit = await cdk.deploy(bootstrap);
  assert.ok(toolkit !== 'no changes');
  assert.equal(toolkit.StackStatus, 'CREATE_COMPLETE');
  const outputs = Object.fromEntries(toolkit.Outputs!.map((one) => [one.OutputKey, one.OutputValue]));
  assert.equal(outputs.BucketName, `cdk-hnb659fds-assets-${ACCOUNT}-us-east-1`);
  assert.match(
    outputs.FileAssetKeyArn!,
    /^arn:aws:kms:us-east-1:123456789012:key\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  );
  assert.equal(outputs.ImageRepositoryName, `cdk-hnb659fds-container-assets-${ACCOUNT}-us-east-1`);
  assert.equal(await cdk.deploy(bootstrap), 'no changes');
  assert.equal(await cdk.bootstrapVersion(), 30);
  const credentials = { accessKeyId: ACCOUNT, secretAccessKey: 'test' };
  const s3 = new S3Client({ endpoint: server.url, region: 'us-east-1', forcePathStyle: true, credentials });
  const { Policy } = await s3.send(new GetBucketPolicyCommand({ Bucket: outputs.BucketName! }));
  assert.equal(JSON.parse(Policy!).Statement[0].Sid, 'AllowSSLRequestsOnly');

  const deployer = await cdk.assume('deploy');
  const first = await deployApp(cdk, { nodes: 2, says: 'one' }, deployer);
  assert.ok(first !== 'no changes');
  assert.equal(first.StackStatus, 'CREATE_COMPLETE');
  assert.match(first.RoleARN!, /cdk-hnb659fds-cfn-exec-role/);
  const url = outputOf(first, 'Url');
  const answer = async () => (await fetch(url)).json();
  assert.deepEqual(await answer(), { says: 'one', cache: outputOf(first, 'Primary') });
  assert.ok((await cdk.events('Cache')).includes('CDKMetadata CREATE_COMPLETE'));

  assert.equal(await deployApp(cdk, { nodes: 2, says: 'one' }, deployer), 'no changes');
  const second = await deployApp(cdk, { nodes: 3, says: 'two' }, deployer);
  assert.ok(second !== 'no changes');
  assert.equal(second.StackStatus, 'UPDATE_COMPLETE');
  assert.deepEqual(await answer(), { says: 'two', cache: outputOf(first, 'Primary') });

  const third = await deployApp(cdk, { nodes: 99, says: 'three' }, deployer);
  assert.ok(third !== 'no changes');
  assert.equal(third.StackStatus, 'UPDATE_ROLLBACK_COMPLETE');
  assert.deepEqual(await answer(), { says: 'two', cache: outputOf(first, 'Primary') });

  assert.equal(await cdk.destroy('Cache'), 'DELETE_COMPLETE');
  await assert.rejects(fetch(url));
  assert.equal(await cdk.destroy('CDKToolkit'), 'DELETE_COMPLETE');
  // The bucket is retained, with what is in it.
  await assert.rejects(s3.send(new GetBucketPolicyCommand({ Bucket: outputs.BucketName! })), {
    name: 'NoSuchBucketPolicy',
  });
  assert.deepEqual(errors, []);
});

test('an environment that was not bootstrapped says so', async (test) => {
  const { server } = await startEngineless(test);
  const cdk = new Toolkit(server.url, ACCOUNT);
  await cdk.start();
  const template = { TemplateBody: appTemplate({ nodes: 1, asset: 'x.zip' }) };
  await assert.rejects(
    cdk.deploy({ stackName: 'Cache', template }),
    /Unable to fetch parameters \[\/cdk-bootstrap\/hnb659fds\/version\]/,
  );
  assert.equal(await cdk.stack('Cache'), undefined);
});
