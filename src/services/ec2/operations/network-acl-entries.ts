// Entries of network ACLs: create, replace, delete. They do not filter packets.

import { Fault } from '../../../wire/fault.ts';
import { isIpv6Cidr, parseCidr, renderCidr } from '../cidr.ts';
import { missingParameter } from '../faults.ts';
import { LIMITS } from '../limits.ts';
import type { NetworkAclEntry, NetworkAclRecord } from '../model.ts';
import { inOrder, LAST_OWN_RULE } from '../network-acls.ts';
import { malformedCidr } from '../network-faults.ts';
import type { Input, Operation } from '../sdk.ts';

/** Throws NetworkAclEntryAlreadyExists if the direction has the number. */
export const CreateNetworkAclEntry: Operation<'CreateNetworkAclEntry'> = (ec2, input, context) => {
  const entry = entryOf(input);
  ec2.store.transaction(() => {
    ec2.records.networkAcls.change(context, input.NetworkAclId, (acl) => {
      if (indexOf(acl, entry) >= 0) throw entryExists(entry.ruleNumber);
      const own = acl.entries.filter((one) => one.egress === entry.egress).length - 1;
      if (own >= LIMITS.entriesPerAcl) throw tooManyEntries();
      return { ...acl, entries: inOrder([...acl.entries, entry]) };
    });
  });
  return {};
};

/** Throws InvalidNetworkAclEntry.NotFound. */
export const ReplaceNetworkAclEntry: Operation<'ReplaceNetworkAclEntry'> = (ec2, input, context) => {
  const entry = entryOf(input);
  ec2.store.transaction(() => {
    ec2.records.networkAcls.change(context, input.NetworkAclId, (acl) => {
      const at = existing(acl, entry);
      return { ...acl, entries: acl.entries.with(at, entry) };
    });
  });
  return {};
};

/** Throws InvalidNetworkAclEntry.NotFound. */
export const DeleteNetworkAclEntry: Operation<'DeleteNetworkAclEntry'> = (ec2, input, context) => {
  const ruleNumber = ownNumber(input.RuleNumber);
  ec2.store.transaction(() => {
    ec2.records.networkAcls.change(context, input.NetworkAclId, (acl) => {
      const at = existing(acl, { ruleNumber, egress: input.Egress });
      return { ...acl, entries: acl.entries.toSpliced(at, 1) };
    });
  });
  return {};
};

type Place = Pick<NetworkAclEntry, 'ruleNumber' | 'egress'>;

const indexOf = (acl: NetworkAclRecord, { ruleNumber, egress }: Place): number =>
  acl.entries.findIndex((one) => one.ruleNumber === ruleNumber && one.egress === egress);

function existing(acl: NetworkAclRecord, place: Place): number {
  const at = indexOf(acl, place);
  if (at < 0) throw noSuchEntry(place.ruleNumber);
  return at;
}

function ownNumber(given: number): number {
  if (!Number.isInteger(given) || given < 1)
    throw invalid(`The specified rule number (${given}) is invalid.`);
  if (given > LAST_OWN_RULE)
    throw invalid(`The specified rule number must not be greater than ${LAST_OWN_RULE}.`);
  return given;
}

/** AWS: the API documents numbers; names come from the command line. */
const PROTOCOLS: Record<string, string> = { all: '-1', icmp: '1', tcp: '6', udp: '17', icmpv6: '58' };

type EntryInput = Input<'CreateNetworkAclEntry'>;

function entryOf(input: EntryInput): NetworkAclEntry {
  const ruleNumber = ownNumber(input.RuleNumber);
  const protocol = PROTOCOLS[input.Protocol.toLowerCase()] ?? input.Protocol;
  if (protocol !== '-1' && !(/^\d{1,3}$/.test(protocol) && Number(protocol) <= 255)) {
    throw invalid(`Invalid value '${input.Protocol}' for IP protocol. Unknown protocol.`);
  }
  const action: string = input.RuleAction;
  if (action !== 'allow' && action !== 'deny') {
    throw invalid(`Value (${action}) for parameter ruleAction is invalid. It must be allow or deny.`);
  }
  return {
    ruleNumber,
    egress: input.Egress,
    action,
    protocol,
    ...blockOf(input),
    ...trafficOf(input, protocol),
  };
}

function blockOf({ CidrBlock, Ipv6CidrBlock }: EntryInput) {
  if (CidrBlock && Ipv6CidrBlock) {
    throw new Fault('InvalidParameterCombination', 'Only one of CidrBlock and Ipv6CidrBlock may be given.');
  }
  if (Ipv6CidrBlock) {
    if (!isIpv6Cidr(Ipv6CidrBlock)) throw malformedCidr(Ipv6CidrBlock, 'ipv6CidrBlock');
    return { ipv6CidrBlock: Ipv6CidrBlock.toLowerCase() };
  }
  if (!CidrBlock) throw missingParameter('cidrBlock');
  const cidr = parseCidr(CidrBlock);
  if (!cidr) throw malformedCidr(CidrBlock);
  return { cidrBlock: renderCidr(cidr) };
}

function trafficOf({ PortRange, IcmpTypeCode }: EntryInput, protocol: string) {
  if (protocol === '6' || protocol === '17') {
    const { From: from, To: to } = PortRange ?? {};
    if (from === undefined || to === undefined) throw missingParameter('portRange');
    for (const port of [from, to]) {
      if (port < 0 || port > 65_535) throw invalid(`TCP/UDP port (${port}) out of range`);
    }
    if (from > to) throw invalid(`Invalid TCP/UDP port range (${from}:${to})`);
    return { ports: { from, to } };
  }
  if (protocol === '1' || protocol === '58') {
    const { Type: type, Code: code } = IcmpTypeCode ?? {};
    if (type === undefined || code === undefined) throw missingParameter('icmpTypeCode');
    for (const value of [type, code]) {
      if (value < -1 || value > 255) throw invalid(`ICMP type/code (${value}) out of range`);
    }
    return { icmp: { type, code } };
  }
  return {};
}

const invalid = (message: string): Fault => new Fault('InvalidParameterValue', message);

const entryExists = (ruleNumber: number): Fault =>
  new Fault(
    'NetworkAclEntryAlreadyExists',
    `The network acl entry identified by ${ruleNumber} already exists.`,
  );

const noSuchEntry = (ruleNumber: number): Fault =>
  new Fault(
    'InvalidNetworkAclEntry.NotFound',
    `The network acl entry identified by ${ruleNumber} does not exist.`,
  );

const tooManyEntries = (): Fault =>
  new Fault('NetworkAclEntryLimitExceeded', 'The maximum number of network ACL entries has been reached.');
