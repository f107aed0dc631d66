// Turns permissions of security groups into rules: checks them and makes one rule in AWS's canonical form for each
// source. Pure.

import type { IpPermission } from '@aws-sdk/client-ec2';
import { Fault } from '../../wire/fault.ts';
import { isIpv6Cidr, parseCidr, renderCidr } from './cidr.ts';
import { missingParameter } from './faults.ts';
import type { SecurityGroupRule } from './model.ts';

/** A rule without its id and direction. */
export type RuleContent = Omit<SecurityGroupRule, 'ruleId' | 'isEgress'>;

const MAX_PERMISSIONS = 1_000;

const PROTOCOLS = new Map([
  ['all', '-1'],
  ['1', 'icmp'],
  ['6', 'tcp'],
  ['17', 'udp'],
  ['58', 'icmpv6'],
]);

/** Throws InvalidParameterValue or MissingParameter. Does not check that groups and prefix lists exist. */
export function rulesOf(permissions: readonly IpPermission[]): RuleContent[] {
  if (permissions.length > MAX_PERMISSIONS)
    throw invalid(`At most ${MAX_PERMISSIONS} permissions may be given.`);
  const rules = permissions.flatMap((permission) => {
    const traffic = trafficOf(permission);
    const sources = sourcesOf(permission);
    if (sources.length === 0) throw missingParameter('ipPermissions.ipRanges');
    return sources.map((source) => ({ ...traffic, ...source }));
  });
  const keys = rules.map(keyOf);
  if (new Set(keys).size < keys.length) throw invalid('The same permission must not appear multiple times');
  return rules;
}

/** Two rules of one direction with the same key are duplicates. The description does not count. */
export const keyOf = (rule: RuleContent): string =>
  `${rule.protocol} ${rule.fromPort ?? ''} ${rule.toPort ?? ''} ${sourceOf(rule)}`;

/** For a rule that the group already has. */
export const duplicateRule = (rule: RuleContent): Fault => {
  const ports =
    rule.fromPort === undefined
      ? ''
      : `, from port: ${rule.fromPort}, to port: ${rule.toPort ?? rule.fromPort}`;
  const protocol = rule.protocol === '-1' ? 'ALL' : rule.protocol.toUpperCase();
  return new Fault(
    'InvalidPermission.Duplicate',
    `the specified rule "peer: ${sourceOf(rule)}, ${protocol}${ports}, ALLOW" already exists`,
  );
};

/** Throws InvalidParameterValue. */
export function checkDescription(text: string | undefined): void {
  if (text === undefined || /^[\w. \-:/()#,@[\]+=&;{}!$*]{0,255}$/.test(text)) return;
  throw invalid(
    'Invalid rule description. Valid descriptions are strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*',
  );
}

const sourceOf = (rule: RuleContent): string =>
  rule.cidrIpv4 ?? rule.cidrIpv6 ?? rule.prefixListId ?? rule.groupId ?? '';

function trafficOf({ IpProtocol, FromPort, ToPort }: IpPermission) {
  if (!IpProtocol) throw missingParameter('ipProtocol');
  const given = IpProtocol.toLowerCase();
  const protocol = PROTOCOLS.get(given) ?? given;
  switch (protocol) {
    // AWS: ports are ignored for protocols without ports.
    case '-1':
      return { protocol };
    case 'tcp':
    case 'udp':
      return { protocol, ...portsOf(FromPort, ToPort) };
    case 'icmp':
    case 'icmpv6':
      return { protocol, fromPort: icmp(FromPort), toPort: icmp(ToPort) };
    default:
      if (!/^\d{1,3}$/.test(protocol) || Number(protocol) > 255) {
        throw invalid(`Invalid value '${IpProtocol}' for IP protocol. Unknown protocol.`);
      }
      return { protocol: String(Number(protocol)) };
  }
}

function portsOf(from: number | undefined, to: number | undefined) {
  if (from === undefined || to === undefined) {
    throw invalid("Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.");
  }
  // AWS: -1 to -1 means every port.
  if (from === -1 && to === -1) return { fromPort: 0, toPort: 65_535 };
  for (const port of [from, to]) {
    if (!Number.isInteger(port) || port < 0 || port > 65_535)
      throw invalid(`TCP/UDP port (${port}) out of range`);
  }
  if (from > to) throw invalid(`Invalid TCP/UDP port range (${from}:${to})`);
  return { fromPort: from, toPort: to };
}

function icmp(value: number | undefined): number {
  if (value === undefined) return -1;
  if (!Number.isInteger(value) || value < -1 || value > 255)
    throw invalid(`ICMP type/code (${value}) out of range`);
  return value;
}

function sourcesOf(permission: IpPermission): Omit<RuleContent, 'protocol'>[] {
  const described = (description: string | undefined) => {
    checkDescription(description);
    return description === undefined ? {} : { description };
  };
  return [
    ...(permission.IpRanges ?? []).map(({ CidrIp, Description }) => ({
      cidrIpv4: ipv4(CidrIp),
      ...described(Description),
    })),
    ...(permission.Ipv6Ranges ?? []).map(({ CidrIpv6, Description }) => ({
      cidrIpv6: ipv6(CidrIpv6),
      ...described(Description),
    })),
    ...(permission.PrefixListIds ?? []).map(({ PrefixListId, Description }) => {
      if (!PrefixListId) throw missingParameter('prefixListId');
      return { prefixListId: PrefixListId, ...described(Description) };
    }),
    ...(permission.UserIdGroupPairs ?? []).map(({ GroupId, Description }) => {
      if (!GroupId) throw missingParameter('groupId');
      return { groupId: GroupId, ...described(Description) };
    }),
  ];
}

function ipv4(text: string | undefined): string {
  const cidr = parseCidr(text ?? '');
  if (!cidr) throw invalid(`CIDR block ${text ?? ''} is malformed`);
  return renderCidr(cidr);
}

function ipv6(text: string | undefined): string {
  if (!text || !isIpv6Cidr(text)) throw invalid(`CIDR block ${text ?? ''} is malformed`);
  return text.toLowerCase();
}

const invalid = (message: string): Fault => new Fault('InvalidParameterValue', message);
