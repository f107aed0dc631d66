// Client tokens: repeated requests, and the removal of old tokens.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { openStore } from '../../store/store.ts';
import { createClient } from '../../wire/client.ts';
import type { Input, Sdk } from './sdk.ts';
import { createEc2 } from './service.ts';

const SCOPE = { accountId: '000000000000', region: 'us-east-1' };
const WEEK_MS = 7 * 24 * 3_600_000;

function open() {
  const store = openStore(':memory:');
  const clock = { time: 0 };
  const service = createEc2({ store, clock: { now: () => clock.time } });
  const ec2 = createClient<Sdk>('ec2', { inProcess: service });
  return { store, clock, ec2, tokens: store.collection('ec2/client-token') };
}

type Allocate = Input<'AllocateAddress'> & { ClientToken: string };

it('a repeated request gets the same answer, and a different request with the same token is refused', async () => {
  const { ec2 } = open();
  const input = (more: object): Allocate => ({ ClientToken: 'one', ...more });
  const first = await ec2.call('AllocateAddress', input({}), SCOPE);
  assert.deepEqual(await ec2.call('AllocateAddress', input({}), SCOPE), first);
  await assert.rejects(ec2.call('AllocateAddress', input({ Domain: 'vpc' }), SCOPE), {
    shape: 'IdempotentParameterMismatch',
  });
});

it('new tokens remove old ones', async () => {
  const { ec2, clock, tokens } = open();
  const use = async (ClientToken: string) => {
    const input: Allocate = { ClientToken };
    const { AllocationId } = await ec2.call('AllocateAddress', input, SCOPE);
    await ec2.call('ReleaseAddress', { AllocationId }, SCOPE);
  };
  for (let n = 0; n < 30; n++) await use(`old-${n}`);
  assert.equal(tokens.count(SCOPE), 30);
  clock.time = WEEK_MS + 1;
  for (let n = 0; n < 6; n++) await use(`new-${n}`);
  assert.deepEqual([tokens.count(SCOPE, 'old-'), tokens.count(SCOPE, 'new-')], [0, 6]);
});
