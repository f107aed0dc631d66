// STS through the SDK's own client.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { silentLog } from '../../kernel/log.ts';
import { startWireServer } from '../../wire/server.ts';
import { sts } from './service.ts';

it('tells who calls, by the access key', async (test) => {
  const server = await startWireServer({
    services: [sts],
    port: 0,
    defaultRegion: 'us-east-1',
    log: silentLog,
  });
  test.after(() => server.stop());
  const identityOf = async (accessKeyId: string) => {
    const credentials = { accessKeyId, secretAccessKey: 'unused' };
    const client = new STSClient({ region: 'eu-west-1', endpoint: server.url, credentials });
    const { $metadata: _, ...identity } = await client.send(new GetCallerIdentityCommand());
    return identity;
  };
  assert.deepEqual(await identityOf('AKIDEXAMPLE'), {
    UserId: '000000000000',
    Account: '000000000000',
    Arn: 'arn:aws:iam::000000000000:root',
  });
  assert.equal((await identityOf('123456789012')).Account, '123456789012');
});
