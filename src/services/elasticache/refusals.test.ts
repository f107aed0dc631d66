import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Fault } from '../../wire/fault.ts';
import { refuseUnsupported } from './refusals.ts';

it('refuses an unsupported feature, and names the member that asks for it', () => {
  const cases: [asked: Parameters<typeof refuseUnsupported>[0], text: RegExp][] = [
    [{ TransitEncryptionEnabled: true }, /^TransitEncryptionEnabled: .* encryption in transit/],
    [{ AuthToken: 'sixteen characters' }, /^AuthToken: .* AUTH tokens/],
    [{ UserGroupIdsToAdd: ['team'] }, /^UserGroupIdsToAdd: .* user groups/],
    [{ AZMode: 'cross-az' }, /^AZMode: .*several nodes/],
    [
      { NodeGroupConfiguration: [{}, { PrimaryOutpostArn: 'arn' }] },
      /^NodeGroupConfiguration.Prim.*Outposts/,
    ],
    [
      { CacheSecurityGroupNames: ['old'], SecurityGroupIds: ['sg-1'] },
      /^Use of cache security groups is not permitted along with/,
    ],
    [{ SnapshotArns: ['arn:aws:s3:::bucket/dump.rdb'] }, /^SnapshotArns: .* snapshot/],
    [{ ClusterMode: 'compatible' }, /^ClusterMode: .*compatible/],
    [{ Durability: 'sync' }, /^Durability: .* durability/],
    [{ LogDeliveryConfigurations: [{}] }, /^LogDeliveryConfigurations: .* log delivery/],
  ];
  for (const [asked, text] of cases) {
    assert.throws(
      () => refuseUnsupported(asked),
      (error) =>
        error instanceof Fault &&
        error.shape === 'InvalidParameterCombinationException' &&
        text.test(error.message),
    );
  }
});

it('accepts members whose values ask for no unsupported feature', () => {
  refuseUnsupported({
    TransitEncryptionEnabled: false,
    UserGroupIds: [],
    SnapshotArns: [],
    ClusterMode: 'enabled',
    DataTieringEnabled: false,
    Durability: 'default',
    LogDeliveryConfigurations: [{ Enabled: false }],
  });
});
