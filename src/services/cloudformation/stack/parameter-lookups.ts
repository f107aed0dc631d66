// The lookups of parameters in other services: values of SSM parameters, and whether a VPC, subnet or image exists.

import { zonesOf } from '../../../aws/regions.ts';
import type { Scope } from '../../../aws/scope.ts';
import { Fault } from '../../../wire/fault.ts';
import type { CloudFormation } from '../context.ts';
import type { ExistingType } from '../template/parameter-type.ts';
import type { MatchOutcome, ParameterLookups } from '../template/parameters.ts';

/** The lookups of one request. */
export function parameterLookups(cf: CloudFormation, scope: Scope): ParameterLookups {
  const { ssm, ec2 } = cf.neighbours;
  const probes: Partial<Record<ExistingType, (id: string) => Promise<unknown>>> = {
    'AWS::EC2::Image::Id': (id) => ec2.call('DescribeImages', { ImageIds: [id] }, scope),
    'AWS::EC2::Instance::Id': (id) => ec2.call('DescribeInstances', { InstanceIds: [id] }, scope),
    'AWS::EC2::KeyPair::KeyName': (id) => ec2.call('DescribeKeyPairs', { KeyNames: [id] }, scope),
    'AWS::EC2::SecurityGroup::GroupName': (id) =>
      ec2.call('DescribeSecurityGroups', { GroupNames: [id] }, scope),
    'AWS::EC2::SecurityGroup::Id': (id) => ec2.call('DescribeSecurityGroups', { GroupIds: [id] }, scope),
    'AWS::EC2::Subnet::Id': (id) => ec2.call('DescribeSubnets', { SubnetIds: [id] }, scope),
    'AWS::EC2::Volume::Id': (id) => ec2.call('DescribeVolumes', { VolumeIds: [id] }, scope),
    'AWS::EC2::VPC::Id': (id) => ec2.call('DescribeVpcs', { VpcIds: [id] }, scope),
  };
  // The calls run one after another: once a pattern is too slow, the later ones are not tried.
  let matching: Promise<readonly MatchOutcome[]> = Promise.resolve([]);
  return {
    match(pairs) {
      matching = matching.then(async (found) => {
        if (found.includes('too slow')) return pairs.map(() => 'too slow' as const);
        return cf.reader.match(pairs);
      });
      return matching;
    },
    async ssmParameter(name) {
      try {
        return (await ssm.call('GetParameter', { Name: name }, scope)).Parameter?.Value;
      } catch (error) {
        if (error instanceof Fault) return undefined;
        throw error;
      }
    },
    async exists(type, id) {
      if (type === 'AWS::EC2::AvailabilityZone::Name') return zonesOf(scope.region).includes(id);
      try {
        await probes[type]?.(id);
        return true;
      } catch (error) {
        // Another error, such as an operation that is not implemented, says nothing about the id.
        if (error instanceof Fault) return !/NotFound|Malformed|Invalid/.test(error.shape);
        throw error;
      }
    },
  };
}
