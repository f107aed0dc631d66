// Lists of ten thousand records: they are read in batches with other work in between, or found by an index.

import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { openStore, type Store } from '../../store/store.ts';
import { createClient } from '../../wire/client.ts';
import type { OperationName } from '../../wire/service.ts';
import { openRecords } from './records.ts';
import type { Input, Output, Sdk } from './sdk.ts';
import { createEc2 } from './service.ts';

const SCOPE = { accountId: '000000000000', region: 'us-east-1' };
const MANY = 10_000;
/** At most a hundred records are read in one turn. */
const LEAST_TURNS = MANY / 100 - 1;

let store: Store;
let count: <N extends OperationName<Sdk>>(
  operation: N,
  input: Input<N>,
) => Promise<{ output: Output<N>; turns: number }>;

const id = (prefix: string, n: number) => `${prefix}-0${n.toString(16).padStart(16, '0')}`;

before(async () => {
  store = openStore(':memory:');
  const ec2 = createClient<Sdk>('ec2', { inProcess: createEc2({ store, clock: { now: () => 0 } }) });
  count = async (operation, input) => {
    let turns = 0;
    let isOver = false;
    const turn = () => {
      turns++;
      if (!isOver) setImmediate(turn);
    };
    setImmediate(turn);
    const output = await ec2.call(operation, input, SCOPE);
    isOver = true;
    return { output: output as Output<typeof operation>, turns };
  };
  await ec2.call('DescribeVpcs', {}, SCOPE);
  fill();
});
after(() => store?.close());

function fill(): void {
  const { subnets, securityGroups, tags } = openRecords(store);
  store.transaction(() => {
    for (let n = 0; n < MANY; n++) {
      const subnetId = id('subnet', n);
      const place = { subnetId, vpcId: 'vpc-many', cidrBlock: '10.0.0.0/24', zone: 'us-east-1a' };
      subnets.put(SCOPE, { ...place, defaultForZone: false, mapPublicIpOnLaunch: false });
      tags.put(SCOPE, { resourceId: subnetId, resourceType: 'subnet', tags: { n: String(n) } });
      const rules = [{ ruleId: id('sgr', n), isEgress: true, protocol: '-1', cidrIpv4: '0.0.0.0/0' }];
      const group = { groupId: id('sg', n), groupName: `g${n}`, description: 'd', vpcId: 'vpc-many' };
      securityGroups.put(SCOPE, { ...group, rules });
    }
  });
}

it('a filter over all records lets other work run', async () => {
  const Filters = [{ Name: 'tag:n', Values: ['9999'] }];
  const found = await count('DescribeSubnets', { Filters });
  assert.deepEqual(
    found.output.Subnets!.map((one) => one.SubnetId),
    [id('subnet', 9_999)],
  );
  assert.ok(found.turns >= LEAST_TURNS, `${found.turns} turns`);
  const tagged = await count('DescribeTags', { Filters: [{ Name: 'value', Values: ['99*'] }] });
  assert.equal(tagged.output.Tags!.length, 111);
  assert.ok(tagged.turns >= LEAST_TURNS, `${tagged.turns} turns`);
});

it('each record is on one page, and a page reads no more than it needs', async () => {
  const seen = new Set<string>();
  let NextToken: string | undefined;
  let pages = 0;
  do {
    const { output, turns } = await count('DescribeSecurityGroups', { NextToken, MaxResults: 1_000 });
    for (const group of output.SecurityGroups!) seen.add(group.GroupId!);
    // Each turn reads 20 groups or renders 50. One page needs fewer than 100 turns; all groups would need 500.
    assert.ok(turns < 100, `${turns} turns`);
    pages++;
    NextToken = output.NextToken;
  } while (NextToken);
  // The default network's group is one of them.
  assert.deepEqual([seen.size, pages], [MANY + 1, 11]);
});

it('an index or an id finds records without reading the others', async () => {
  const { Vpcs } = (await count('DescribeVpcs', {})).output;
  const ofVpc = [{ Name: 'vpc-id', Values: [Vpcs![0]!.VpcId!] }];
  const subnets = await count('DescribeSubnets', { Filters: ofVpc });
  assert.equal(subnets.output.Subnets!.length, 6);
  const rules = await count('DescribeSecurityGroupRules', {
    Filters: [{ Name: 'group-id', Values: [Vpcs![0]!.VpcId!, id('sg', 77)] }],
  });
  assert.equal(rules.output.SecurityGroupRules!.length, 1);
  const one = await count('DescribeSubnets', { SubnetIds: [id('subnet', 5)] });
  assert.equal(one.output.Subnets!.length, 1);
  const tags = await count('DescribeTags', { Filters: [{ Name: 'resource-id', Values: [id('subnet', 5)] }] });
  assert.deepEqual(tags.output.Tags!.length, 1);
  for (const { turns } of [subnets, rules, one, tags]) assert.ok(turns < 5, `${turns} turns`);
});
