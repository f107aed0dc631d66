// The bounds of MaxResults, compared with those of AWS's model of EC2.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { openStore } from '../../store/store.ts';
import { createClient } from '../../wire/client.ts';
import type { Sdk } from './sdk.ts';
import { createEc2 } from './service.ts';

interface Constraints {
  members: Record<string, Record<string, string> | undefined>;
  shapes: Record<string, { min?: number; max?: number } | undefined>;
}

const { members, shapes }: Constraints = JSON.parse(
  readFileSync(new URL('../../wire/generated/ec2.constraints.json', import.meta.url), 'utf8'),
);

test('each operation accepts the bounds of MaxResults in the model and refuses values beyond them', async () => {
  const service = createEc2({ store: openStore(':memory:'), clock: { now: () => 0 } });
  const client = createClient<Sdk>('ec2', { inProcess: service });
  const call = client.call as unknown as (operation: string, input: object, scope: object) => Promise<object>;
  const scope = { accountId: '000000000000', region: 'us-east-1' };
  const { Vpcs } = await client.call('DescribeVpcs', {}, scope);
  const lists = await client.call('DescribePrefixLists', {}, scope);
  // Members that some operations require.
  const needed = {
    Attribute: 'domain-name',
    PrefixListId: lists.PrefixLists![0]!.PrefixListId,
    VpcId: Vpcs![0]!.VpcId,
  };
  const bounded = Object.keys(service.operations).flatMap((operation) => {
    const { min, max } = shapes[members[`${operation}Request`]?.MaxResults ?? ''] ?? {};
    return min !== undefined && max !== undefined ? [{ operation, min, max }] : [];
  });
  assert.ok(bounded.length > 18);
  for (const { operation, min, max } of bounded) {
    const ask = (MaxResults: number) => call(operation, { ...needed, MaxResults }, scope);
    const refusal = { shape: 'InvalidParameterValue', message: /parameter MaxResults is invalid/ };
    await assert.rejects(ask(min - 1), refusal, `${operation} ${min - 1}`);
    await assert.rejects(ask(max + 1), refusal, `${operation} ${max + 1}`);
    await ask(min);
    await ask(max);
  }
});
