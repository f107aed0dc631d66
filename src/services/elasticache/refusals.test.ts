import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Fault } from '../../wire/fault.ts';
import { refuseWhatIsMissing } from './refusals.ts';

it('refuses what it cannot honour, by name', () => {
  const cases: [asked: Parameters<typeof refuseWhatIsMissing>[0], text: RegExp][] = [
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
      () => refuseWhatIsMissing(asked),
      (error) =>
        error instanceof Fault &&
        error.shape === 'InvalidParameterCombinationException' &&
        text.test(error.message),
    );
  }
});

it('accepts what asks for nothing', () => {
  refuseWhatIsMissing({
    TransitEncryptionEnabled: false,
    UserGroupIds: [],
    SnapshotArns: [],
    ClusterMode: 'enabled',
    DataTieringEnabled: false,
    Durability: 'default',
    LogDeliveryConfigurations: [{ Enabled: false }],
  });
});
