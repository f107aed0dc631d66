import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import { after, before, describe, it } from 'node:test';
import type * as IamSdk from '@aws-sdk/client-iam';
import type * as StsSdk from '@aws-sdk/client-sts';
import { systemClock } from '../../../kernel/clock.ts';
import { silentLog } from '../../../kernel/log.ts';
import { openStore } from '../../../store/store.ts';
import { createClient } from '../../../wire/client.ts';
import { createIam } from '../../iam/service.ts';
import { createSts } from '../../sts/service.ts';
import { SCOPE, type ServedMachines, startMachines } from '../machines/machines.fixture.ts';
import { metadataTokens } from './tokens.ts';

let served: ServedMachines;
let id: string;
let url: string;
/** Whether the test's own process counts as one of the instance. */
let isInside = true;

before(async () => {
  const iam = createClient<typeof IamSdk>('iam', {
    inProcess: createIam({ store: openStore(':memory:'), clock: systemClock }),
  });
  const sts = createClient<typeof StsSdk>('sts', { inProcess: createSts({ clock: systemClock }) });
  served = await startMachines({
    metadata: {
      ...{ iam, sts, secret: 'secret', log: silentLog },
      loopbackAddress: `127.77.${randomInt(256)}.${randomInt(1, 255)}`,
      peerAmong: async (_, pids) => (isInside ? pids[0] : undefined),
    },
  });
  const AssumeRolePolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  });
  await iam.call('CreateRole', { RoleName: 'worker', AssumeRolePolicyDocument }, SCOPE);
  await iam.call('CreateInstanceProfile', { InstanceProfileName: 'web' }, SCOPE);
  await iam.call('AddRoleToInstanceProfile', { InstanceProfileName: 'web', RoleName: 'worker' }, SCOPE);
  await served.ec2.call('CreateKeyPair', { KeyName: 'mine' }, SCOPE);
  id = await served.launch({
    KeyName: 'mine',
    UserData: Buffer.from('#!/bin/sh\necho ü').toString('base64'),
    IamInstanceProfile: { Name: 'web' },
    TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'one' }] }],
  });
  await served.until(id, 'running');
  url = served.instances.all[0]!.spec.environment.AWS_EC2_METADATA_SERVICE_ENDPOINT!;
});
after(() => served?.service.metadata?.stop());

const set = (options: object) =>
  served.ec2.call('ModifyInstanceMetadataOptions', { InstanceId: id, ...options }, SCOPE);
const put = (path: string, headers: Record<string, string>) =>
  fetch(`${url}${path}`, { method: 'PUT', headers });
const TTL = 'X-aws-ec2-metadata-token-ttl-seconds';
async function token(): Promise<string> {
  const response = await put('/latest/api/token', { [TTL]: '60' });
  assert.equal(response.headers.get(TTL), '60');
  return response.text();
}
async function get(path: string): Promise<string> {
  const response = await fetch(`${url}${path}`, { headers: { 'X-aws-ec2-metadata-token': await token() } });
  assert.equal(response.status, 200, path);
  return response.text();
}
const statusOf = async (path: string, init: RequestInit = {}) => (await fetch(`${url}${path}`, init)).status;

describe('the instance metadata service', () => {
  it('has what an instance is, as directories and values', async () => {
    const view = await served.view(id);
    assert.equal(await get('/latest/meta-data/instance-id'), id);
    assert.equal(await get('/latest/meta-data/local-ipv4'), view.PrivateIpAddress);
    assert.equal(await get('/2021-07-15/meta-data/hostname'), view.PrivateDnsName);
    assert.equal(await get('/latest/meta-data/placement/region'), SCOPE.region);
    assert.equal(await get('/latest/meta-data/public-ipv4'), view.PublicIpAddress);
    assert.equal(await get('/latest/meta-data/public-hostname'), view.PublicDnsName);
    assert.equal(await get('/latest/meta-data/public-keys/'), '0=mine');
    assert.match(await get('/latest/meta-data/public-keys/0/openssh-key'), /^ssh-rsa \S+ mine$/);
    const mac = await get('/latest/meta-data/mac');
    assert.equal(await get('/latest/meta-data/network/interfaces/macs/'), `${mac}/`);
    assert.equal(await get(`/latest/meta-data/network/interfaces/macs/${mac}/subnet-id`), view.SubnetId);
    const list = (await get('/latest/meta-data/')).split('\n');
    for (const name of ['ami-id', 'iam/', 'network/', 'public-keys/', 'security-groups', 'services/'])
      assert.ok(list.includes(name), name);
    assert.equal(await get('/latest/user-data'), '#!/bin/sh\necho ü');
    const document = JSON.parse(await get('/latest/dynamic/instance-identity/document'));
    assert.deepEqual([document.instanceId, document.accountId], [id, SCOPE.accountId]);
  });

  it('has credentials of the role of the profile', async () => {
    assert.equal(await get('/latest/meta-data/iam/'), 'info\nsecurity-credentials/');
    assert.equal(await get('/latest/meta-data/iam/security-credentials/'), 'worker');
    const path = '/latest/meta-data/iam/security-credentials/worker';
    const credentials = JSON.parse(await get(path));
    assert.equal(credentials.Code, 'Success');
    assert.match(credentials.AccessKeyId, /^ASIA/);
    assert.ok(Date.parse(credentials.Expiration) > Date.now() + 5 * 60_000);
    assert.deepEqual(JSON.parse(await get(path)), credentials);
    const info = JSON.parse(await get('/latest/meta-data/iam/info'));
    assert.match(info.InstanceProfileArn, /:instance-profile\/web$/);
  });

  it('refuses as the real one does', async () => {
    assert.equal(await statusOf('/latest/meta-data/'), 401);
    const forged = { 'X-aws-ec2-metadata-token': Buffer.alloc(40).toString('base64') };
    assert.equal(await statusOf('/latest/meta-data/', { headers: forged }), 401);
    for (const seconds of ['0', '21601', 'x', ''])
      assert.equal((await put('/latest/api/token', { [TTL]: seconds })).status, 400, seconds);
    assert.equal((await put('/latest/api/token', { [TTL]: '60', 'X-Forwarded-For': '1.2.3.4' })).status, 403);
    assert.equal((await put('/latest/meta-data/', { [TTL]: '60' })).status, 405);
    assert.equal(await statusOf('/latest/meta-data/', { method: 'POST' }), 405);
    const headers = { 'X-aws-ec2-metadata-token': await token() };
    for (const path of [
      '/latest/meta-data/tags/instance/Name',
      '/latest/meta-data/nothing',
      '/latest/dynamic/instance-identity/signature',
      '/latest/meta-data/iam/security-credentials/other',
      '/latest/meta-data/__proto__/constructor',
      '/nothing/',
    ])
      assert.equal(await statusOf(path, { headers }), 404, path);
  });

  it('follows the options of the instance', async () => {
    await set({ HttpTokens: 'optional', InstanceMetadataTags: 'enabled' });
    assert.equal(await (await fetch(`${url}/latest/meta-data/instance-id`)).text(), id);
    assert.equal(await (await fetch(`${url}/latest/meta-data/tags/instance/Name`)).text(), 'one');
    const forged = { 'X-aws-ec2-metadata-token': 'x' };
    assert.equal(await statusOf('/latest/meta-data/', { headers: forged }), 401);
    await set({ HttpEndpoint: 'disabled' });
    assert.equal(await statusOf('/latest/meta-data/'), 403);
    await set({ HttpEndpoint: 'enabled', HttpTokens: 'required', InstanceMetadataTags: 'disabled' });
  });

  it('has nothing for processes outside of the instance', async () => {
    isInside = false;
    try {
      // A connection of its own: who has opened one is asked once.
      const request = http.get(`${url}/latest/meta-data/`, { agent: false });
      const [response] = await once(request, 'response');
      assert.equal(response.statusCode, 404);
      response.resume();
    } finally {
      isInside = true;
    }
  });

  it('a token ends, and is that of its instance', () => {
    const tokens = metadataTokens('secret');
    const text = tokens.issue('i-1', 2_000);
    assert.equal(text.length, 56);
    assert.ok(metadataTokens('secret').isValid('i-1', text, 1_999));
    assert.ok(!tokens.isValid('i-1', text, 2_000));
    assert.ok(!tokens.isValid('i-2', text, 1_999));
    assert.ok(!metadataTokens('other').isValid('i-1', text, 1_999));
  });
});
