// STS through the SDK's own client.

import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  type AssumeRoleCommandOutput,
  GetAccessKeyInfoCommand,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { systemClock } from '../../kernel/clock.ts';
import { silentLog } from '../../kernel/log.ts';
import { startWireServer } from '../../wire/server.ts';
import { createSts } from './service.ts';

interface Keys {
  accessKeyId: string;
  secretAccessKey?: string;
  sessionToken?: string;
}

async function start(test: TestContext) {
  const server = await startWireServer({
    services: [createSts({ clock: systemClock })],
    port: 0,
    defaultRegion: 'us-east-1',
    log: silentLog,
  });
  test.after(() => server.stop());
  return (keys: Keys) =>
    new STSClient({
      region: 'eu-west-1',
      endpoint: server.url,
      maxAttempts: 1,
      credentials: { secretAccessKey: 'unused', ...keys },
    });
}

async function identityOf(client: STSClient) {
  const { $metadata: _, ...identity } = await client.send(new GetCallerIdentityCommand());
  return identity;
}

it('the access key decides the account of the caller', async (test) => {
  const clientOf = await start(test);
  assert.deepEqual(await identityOf(clientOf({ accessKeyId: 'AKIDEXAMPLE' })), {
    UserId: '000000000000',
    Account: '000000000000',
    Arn: 'arn:aws:iam::000000000000:root',
  });
  assert.equal((await identityOf(clientOf({ accessKeyId: '123456789012' }))).Account, '123456789012');
});

it('an assumed role has its account, its name and the name of the session', async (test) => {
  const clientOf = await start(test);
  const RoleArn = 'arn:aws:iam::210987654321:role/service/deployer';
  const assume = new AssumeRoleCommand({ RoleArn, RoleSessionName: 'me@home', DurationSeconds: 900 });
  const { Credentials, AssumedRoleUser } = await clientOf({ accessKeyId: 'AKIDEXAMPLE' }).send(assume);
  assert.equal(AssumedRoleUser?.Arn, 'arn:aws:sts::210987654321:assumed-role/deployer/me@home');
  const life = Credentials!.Expiration!.getTime() - Date.now();
  assert.ok(life > 890_000 && life <= 900_000, String(life));
  const keys = {
    accessKeyId: Credentials!.AccessKeyId!,
    secretAccessKey: Credentials!.SecretAccessKey!,
    sessionToken: Credentials!.SessionToken!,
  };
  assert.deepEqual(await identityOf(clientOf(keys)), {
    UserId: AssumedRoleUser?.AssumedRoleId,
    Account: '210987654321',
    Arn: AssumedRoleUser?.Arn,
  });
  // The key alone decides the account, even without the token.
  const { sessionToken: _, ...bare } = keys;
  assert.equal((await identityOf(clientOf(bare))).Arn, 'arn:aws:iam::210987654321:root');
  const again = await clientOf(keys).send(new GetSessionTokenCommand());
  const { AccessKeyId, SessionToken } = again.Credentials!;
  const renewed = clientOf({ accessKeyId: AccessKeyId!, sessionToken: SessionToken! });
  assert.equal((await identityOf(renewed)).Arn, AssumedRoleUser?.Arn);
  const info = await renewed.send(new GetAccessKeyInfoCommand({ AccessKeyId }));
  assert.equal(info.Account, '210987654321');
});

it('refuses an invalid role, session name, duration and access key', async (test) => {
  const client = (await start(test))({ accessKeyId: 'AKIDEXAMPLE' });
  const good = { RoleArn: 'arn:aws:iam::210987654321:role/deployer', RoleSessionName: 'session' };
  for (const bad of [
    { RoleArn: 'deployer' },
    { RoleArn: 'arn:aws:iam::210987654321:user/deployer' },
    { RoleArn: 'arn:aws:iam::21098765432:role/deployer' },
    { RoleSessionName: 'x' },
    { RoleSessionName: 'with space' },
    { DurationSeconds: 899 },
    { DurationSeconds: 43_201 },
  ]) {
    await assert.rejects(client.send(new AssumeRoleCommand({ ...good, ...bad })), {
      name: 'ValidationError',
    });
  }
  await assert.rejects(client.send(new GetSessionTokenCommand({ DurationSeconds: 1 })), {
    name: 'ValidationError',
  });
  await assert.rejects(client.send(new GetAccessKeyInfoCommand({ AccessKeyId: 'a b' })), {
    name: 'ValidationError',
  });
});

it('a token that STS did not issue identifies nobody', async (test) => {
  const clientOf = await start(test);
  for (const content of ['null', '[]', '{"arn":1}', '{', '']) {
    const sessionToken = `millpond.${Buffer.from(content).toString('base64url')}`;
    const { Arn } = await identityOf(clientOf({ accessKeyId: '123456789012', sessionToken }));
    assert.equal(Arn, 'arn:aws:iam::123456789012:root');
  }
});

it('transitive tags pass to further sessions and cannot be given again there', async (test) => {
  const clientOf = await start(test);
  const assume = async (client: STSClient, input: Partial<AssumeRoleCommandInput>) => {
    const RoleArn = 'arn:aws:iam::210987654321:role/deployer';
    return await client.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'session', ...input }));
  };
  const sessionOf = ({ Credentials }: AssumeRoleCommandOutput) =>
    clientOf({ accessKeyId: Credentials!.AccessKeyId!, sessionToken: Credentials!.SessionToken! });
  const root = clientOf({ accessKeyId: 'AKIDEXAMPLE' });
  const refused = (message: string) => ({ name: 'InvalidParameterValue', message });
  const Tags = [
    { Key: 'Team', Value: 'a' },
    { Key: 'stage', Value: 'b' },
  ];
  await assert.rejects(
    assume(root, { Tags, TransitiveTagKeys: ['other'] }),
    refused('The specified transitive tag key must be included in the requested tags.'),
  );
  await assert.rejects(
    assume(root, { Tags: [...Tags, { Key: 'TEAM', Value: 'c' }] }),
    refused('Duplicate tag keys found. Please note that Tag keys are case insensitive.'),
  );
  const first = await assume(root, { Tags, TransitiveTagKeys: ['team'] });
  assert.ok(first.PackedPolicySize! > 0);
  const taken = refused(
    "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
  );
  await assert.rejects(assume(sessionOf(first), { Tags: [{ Key: 'TEAM', Value: 'z' }] }), taken);
  const second = await assume(sessionOf(first), { Tags: [{ Key: 'stage', Value: 'z' }] });
  await assert.rejects(assume(sessionOf(second), { Tags: [{ Key: 'Team', Value: 'z' }] }), taken);
  await assume(sessionOf(second), { Tags: [{ Key: 'stage', Value: 'z' }] });
  assert.equal((await assume(root, {})).PackedPolicySize, undefined);
});

it('a session policy must be JSON, and session tags have a maximum packed size', async (test) => {
  const client = (await start(test))({ accessKeyId: 'AKIDEXAMPLE' });
  const assume = (more: Partial<AssumeRoleCommandInput>) =>
    client.send(
      new AssumeRoleCommand({
        RoleArn: 'arn:aws:iam::210987654321:role/deployer',
        RoleSessionName: 'session',
        ...more,
      }),
    );
  await assert.rejects(assume({ Policy: '{' }), { name: 'MalformedPolicyDocumentException' });
  const Tags = Array.from({ length: 50 }, (_, index) => ({ Key: `key${index}`, Value: 'v'.repeat(256) }));
  await assert.rejects(assume({ Tags }), { name: 'PackedPolicyTooLargeException' });
});
