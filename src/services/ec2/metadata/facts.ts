// Collects what the metadata of an instance are made of, from EC2's records.

import { parseArn } from '../../../aws/arn.ts';
import { partitionOf, type Scope } from '../../../aws/scope.ts';
import type { Ec2 } from '../context.ts';
import { architectureOf, publicIpOf, surroundings, viewProfile } from '../instances.ts';
import { hardwareAddressOf } from '../machines/open-machines.ts';
import type { InstanceRecord } from '../model.ts';
import { privateDnsNameOf, publicDnsNameOf } from '../public-addresses.ts';
import { volumesOf } from '../volumes.ts';
import { zoneIdOf } from '../zones.ts';
import type { MetadataFacts } from './tree.ts';

/** AWS: the suffix of host names in China differs. */
const URL_SUFFIXES: Readonly<Record<string, string>> = { 'aws-cn': 'amazonaws.com.cn' };

/** The facts at this moment. */
export function factsOf(ec2: Ec2, scope: Scope, instance: InstanceRecord): MetadataFacts {
  const around = surroundings(ec2, scope);
  const { subnetId, vpcId, instanceId, machine, keyName } = instance;
  const subnet = ec2.records.subnets.find(scope, subnetId);
  const vpc = ec2.records.vpcs.find(scope, vpcId);
  const publicIp = publicIpOf(instance, around);
  const partition = partitionOf(scope.region);
  const profile = viewProfile(instance, scope);
  const line = machine?.authorizedKey;
  return {
    ...{ accountId: scope.accountId, region: scope.region, zone: instance.zone, partition },
    zoneId: zoneIdOf(scope, instance.zone),
    urlSuffix: URL_SUFFIXES[partition] ?? 'amazonaws.com',
    ...{ imageId: instance.imageId, instanceId, instanceType: instance.instanceType },
    architecture: architectureOf(scope, instance.imageId, instance.instanceType),
    ...{ launchIndex: instance.launchIndex, reservationId: instance.reservationId },
    launchedAt: instance.launchedAt,
    hostName: privateDnsNameOf(instance.privateIp, scope.region),
    ...{ privateIp: instance.privateIp, publicIp },
    publicHostName:
      publicIp && around.hasDnsHostnames(vpcId) ? publicDnsNameOf(publicIp, scope.region) : undefined,
    ...{ mac: hardwareAddressOf(instance), interfaceId: instance.interfaceId, subnetId, vpcId },
    subnetCidr: subnet?.cidrBlock ?? '',
    vpcCidrs: vpc ? [vpc.cidrBlock, ...(vpc.furtherCidrs ?? []).map(({ cidrBlock }) => cidrBlock)] : [],
    groups: instance.groupIds.map((id) => ({ id, name: around.groupNameOf(id) ?? '' })),
    key: line !== undefined && keyName !== undefined ? { name: keyName, line } : undefined,
    devices: volumesOf(instance).map(({ device }) => device),
    profile: profile && { arn: profile.Arn, id: profile.Id },
    tags: instance.metadata?.instanceTags === 'enabled' ? around.tagsOf(instanceId) : undefined,
  };
}

/** The name of an instance's profile: the last part of an ARN, or the name itself. */
export const profileNameOf = ({ instanceProfile }: InstanceRecord): string | undefined =>
  instanceProfile && (parseArn(instanceProfile)?.resource ?? instanceProfile).split('/').at(-1);
