// The DNS names of instances that run here. Private and public names lead to the same place, as from inside a VPC on AWS.

import { AWS_SUFFIXES } from '../../../aws/hosts.ts';
import type { Scope } from '../../../aws/scope.ts';
import type { DnsRecord, Zone, ZoneTable } from '../../../dns/zone.ts';
import type { Ec2 } from '../context.ts';
import { publicIpOf, surroundings } from '../instances.ts';
import type { InstanceRecord } from '../model.ts';
import { privateDnsNameOf, publicDnsNameOf } from '../public-addresses.ts';

/** An instance that is reached. */
export interface Reached {
  scope: Scope;
  instance: InstanceRecord;
  address: string;
  privateName: string;
  /** Absent without a public address, and where the VPC has no DNS host names. */
  publicName?: string | undefined;
  publicIp?: string | undefined;
}

/** AWS: seconds. */
const TTL_SECONDS = 60;

const PUBLIC_NAME =
  /^ec2-(\d{1,3})-(\d{1,3})-(\d{1,3})-(\d{1,3})\.[^.]+(?:\.compute)?\.amazonaws\.com(?:\.cn)?$/;

/** The instances that run or boot, and where each is reached. */
export function reachedInstances(ec2: Ec2): Reached[] {
  return ec2.records.instances.byAnywhere('alive', 'yes').flatMap(({ scope, value }) => {
    const found = reached(ec2, scope, value);
    return found ? [found] : [];
  });
}

function reached(ec2: Ec2, scope: Scope, instance: InstanceRecord): Reached | undefined {
  const { machine, state, vpcId, privateIp } = instance;
  if (machine?.address === undefined || (state !== 'running' && state !== 'pending')) return undefined;
  const around = surroundings(ec2, scope);
  const publicIp = publicIpOf(instance, around);
  const isNamed = publicIp !== undefined && around.hasDnsHostnames(vpcId);
  return {
    ...{ scope, instance, address: machine.address, publicIp },
    privateName: privateDnsNameOf(privateIp, scope.region),
    publicName: isNamed ? publicDnsNameOf(publicIp, scope.region) : undefined,
  };
}

/** Every name with its address. */
export const namesOfInstances = (ec2: Ec2): Record<string, string> =>
  Object.fromEntries(
    reachedInstances(ec2).flatMap(({ privateName, publicName, address }) =>
      [privateName, publicName].flatMap((name) => (name === undefined ? [] : [[name, address]])),
    ),
  );

/**
 * Adds the zones of public names. Names of other instances are forwarded: a machine may use real ones, too. Returns how
 * they are removed.
 */
export function publishNames(ec2: Ec2, table: ZoneTable): () => void {
  const addressOf = (name: string): string | undefined => {
    const publicIp = PUBLIC_NAME.exec(name)?.slice(1, 5).join('.');
    if (publicIp === undefined) return undefined;
    const { instances, addresses } = ec2.records;
    const own = instances.byAnywhere('publicIp', publicIp);
    const elastic = addresses
      .byAnywhere('publicIp', publicIp)
      .flatMap(({ scope, value }) =>
        value.instanceId === undefined ? [] : [{ scope, value: instances.find(scope, value.instanceId) }],
      );
    for (const { scope, value } of [...elastic, ...own]) {
      const found = value && reached(ec2, scope, value);
      if (found?.publicName === name) return found.address;
    }
    return undefined;
  };
  const lookup = (name: string): DnsRecord[] | undefined => {
    const data = addressOf(name);
    return data === undefined ? undefined : [{ type: 'A', ttl: TTL_SECONDS, data }];
  };
  const owns = (name: string): boolean => addressOf(name) !== undefined;
  const zones: Zone[] = AWS_SUFFIXES.map((suffix) => ({ suffix, owns, lookup }));
  for (const zone of zones) table.add(zone);
  return () => {
    for (const zone of zones) table.remove(zone);
  };
}
