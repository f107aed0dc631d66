// Route 53's resource types, called as CloudFormation calls them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { driveTypes, SCOPE } from '../../../test/support/resource-types.ts';
import { openStore } from '../../store/store.ts';
import { type Client, createClient } from '../../wire/client.ts';
import type { Service } from '../../wire/service.ts';
import { route53ResourceTypes } from './cloudformation.ts';
import type { Sdk } from './sdk.ts';
import { createRoute53 } from './service.ts';

/** A fake EC2 in which every VPC except `vpc-none` exists. */
const ec2: Service = { name: 'ec2', operations: { DescribeVpcs: () => ({ Vpcs: [] }) } };

async function open() {
  const { service } = await createRoute53({
    store: openStore(':memory:'),
    clock: { now: () => 0 },
    ec2: createClient('ec2', { inProcess: ec2 }),
    region: 'us-east-1',
  });
  const route53 = createClient<Sdk>('route53', { inProcess: service });
  return { route53, ...driveTypes(route53ResourceTypes(route53)) };
}

async function shown(route53: Client<Sdk>, HostedZoneId: string): Promise<string[]> {
  const { ResourceRecordSets } = await route53.call('ListResourceRecordSets', { HostedZoneId }, SCOPE);
  return ResourceRecordSets!
    .filter(({ Type }) => Type !== 'NS' && Type !== 'SOA')
    .map((set) => `${set.Name} ${set.Type} ${set.TTL} ${set.ResourceRecords?.map(({ Value }) => Value)}`);
}

test('zones, record sets and groups are made, changed and deleted', async () => {
  const { route53, make, update, deleteAll } = await open();
  const [one, two] = ['vpc-1', 'vpc-2'].map((VPCId) => ({ VPCId, VPCRegion: 'us-east-1' })) as [
    object,
    object,
  ];
  const first = {
    Name: 'in.test',
    HostedZoneConfig: { Comment: 'c' },
    HostedZoneTags: [{ Key: 'a', Value: '1' }],
    VPCs: [one, two],
  } as never;
  const zone = await make('AWS::Route53::HostedZone', 'Zone', first);
  const HostedZoneId = zone.physicalId;
  assert.deepEqual(zone.attributes, { Id: HostedZoneId });
  const before = await route53.call('GetHostedZone', { Id: HostedZoneId }, SCOPE);
  assert.deepEqual([before.VPCs, before.HostedZone!.Config!.Comment], [[one, two], 'c']);
  const second = { Name: 'in.test', VPCs: [two] } as never;
  await update('AWS::Route53::HostedZone', 'Zone', HostedZoneId, [first, second]);
  const after = await route53.call('GetHostedZone', { Id: HostedZoneId }, SCOPE);
  assert.deepEqual([after.VPCs, after.HostedZone!.Config], [[two], { PrivateZone: true }]);
  const tagged = { ResourceType: 'hostedzone' as const, ResourceId: HostedZoneId };
  const { ResourceTagSet } = await route53.call('ListTagsForResource', tagged, SCOPE);
  assert.deepEqual(ResourceTagSet!.Tags, [{ Key: 'stack', Value: 'demo' }]);

  const set = { HostedZoneId, Name: '*.in.test', Type: 'A', TTL: '60', ResourceRecords: ['192.0.2.1'] };
  const made = await make('AWS::Route53::RecordSet', 'Set', set);
  assert.deepEqual(made, { physicalId: '*.in.test', attributes: {} });
  const asText = { ...set, Type: 'TXT', ResourceRecords: ['"x"'] };
  await update('AWS::Route53::RecordSet', 'Set', made.physicalId, [set, asText]);
  assert.deepEqual(await shown(route53, HostedZoneId), ['\\052.in.test. TXT 60 "x"']);
  await update('AWS::Route53::RecordSet', 'Set', made.physicalId, [asText, set]);

  const members = (...names: string[]) => ({
    HostedZoneName: 'in.test.',
    RecordSets: names.map((name) => ({
      ...{ Name: `${name}.in.test`, Type: 'CNAME', TTL: '5' },
      ResourceRecords: ['node.test'],
    })),
  });
  const group = await make('AWS::Route53::RecordSetGroup', 'Group', members('a', 'b'));
  await update('AWS::Route53::RecordSetGroup', 'Group', group.physicalId, [
    members('a', 'b'),
    members('b', 'c'),
  ]);
  const names = [
    '\\052.in.test. A 60 192.0.2.1',
    'b.in.test. CNAME 5 node.test',
    'c.in.test. CNAME 5 node.test',
  ];
  assert.deepEqual(await shown(route53, HostedZoneId), names);
  await update('AWS::Route53::RecordSetGroup', 'Group', group.physicalId, [
    members('b', 'c'),
    members('a', 'b'),
  ]);
  await deleteAll();
  const { HostedZoneCount } = await route53.call('GetHostedZoneCount', {}, SCOPE);
  assert.equal(HostedZoneCount, 0);
});

test('unsupported properties are refused by name', async () => {
  const { make } = await open();
  const QueryLoggingConfig = { CloudWatchLogsLogGroupArn: 'x' };
  const zone = make('AWS::Route53::HostedZone', 'Zone', { Name: 'x.test', QueryLoggingConfig });
  await assert.rejects(zone, /does not support QueryLoggingConfig/);
  const set = { Name: 'a.x.test', Type: 'A', TTL: '1', ResourceRecords: ['192.0.2.1'] };
  await assert.rejects(make('AWS::Route53::RecordSet', 'Set', set), /Exactly one of HostedZoneId/);
  const lost = { ...set, HostedZoneName: 'x.test' };
  await assert.rejects(make('AWS::Route53::RecordSet', 'Set', lost), /No hosted zones named x\.test\. found/);
});
