// Serves EC2 with its own server and the SDK's client, and checks refusals.

import assert from 'node:assert/strict';
import { EC2 } from '@aws-sdk/client-ec2';
import { systemClock } from '../../src/kernel/clock.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { createEc2, type Ec2Dependencies } from '../../src/services/ec2/service.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { startWireServer } from '../../src/wire/server.ts';

export interface ServedEc2 {
  client: EC2;
  url: string;
  store: Store;
  stop(): Promise<void>;
}

/** Starts EC2 on a free port; the caller stops it. */
export async function serveEc2(dependencies: Partial<Ec2Dependencies> = {}): Promise<ServedEc2> {
  const store = dependencies.store ?? openStore(':memory:');
  const services = [createEc2({ clock: systemClock, ...dependencies, store })];
  const server = await startWireServer({ services, port: 0, defaultRegion: 'us-east-1', log: silentLog });
  const client = new EC2({
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  return {
    client,
    url: server.url,
    store,
    async stop() {
      client.destroy();
      await server.stop();
      store.close();
    },
  };
}

export const refuses = async (
  work: Promise<unknown>,
  code: string,
  message?: string | RegExp,
): Promise<void> => {
  await assert.rejects(work, (error: Error) => {
    assert.equal(error.name, code, error.message);
    if (typeof message === 'string') assert.equal(error.message, message);
    else if (message) assert.match(error.message, message);
    return true;
  });
};
