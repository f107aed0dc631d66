// The tree of instance metadata, as text by path. Pure. Source: AWS's user guide, “Instance metadata categories”
// (docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-metadata.html).

/** What the metadata of an instance are made of. */
export interface MetadataFacts {
  accountId: string;
  region: string;
  zone: string;
  zoneId: string | undefined;
  imageId: string;
  instanceId: string;
  instanceType: string;
  architecture: 'arm64' | 'x86_64';
  launchIndex: number;
  reservationId: string;
  /** Milliseconds since the epoch. */
  launchedAt: number;
  hostName: string;
  privateIp: string;
  /** Absent without a public address. */
  publicIp?: string | undefined;
  /** Absent, too, where the VPC has no DNS host names. */
  publicHostName?: string | undefined;
  mac: string;
  interfaceId: string;
  subnetId: string;
  subnetCidr: string;
  vpcId: string;
  vpcCidrs: readonly string[];
  groups: readonly { id: string; name: string }[];
  /** A line of authorized_keys, and the name of the key pair. */
  key?: { name: string; line: string } | undefined;
  /** The device of the root volume, and of the others. */
  devices: readonly string[];
  /** Absent without an instance profile. */
  profile?: { arn: string; id: string } | undefined;
  /** Absent where the options of the instance do not show its tags. */
  tags?: Readonly<Record<string, string>> | undefined;
  partition: string;
  urlSuffix: string;
}

/** A directory: a text, or another directory. */
export interface Directory {
  [name: string]: string | Directory | undefined;
}

/** `meta-data/`, without what is asked of other services (`iam/security-credentials/`). */
export function metadataTree(facts: MetadataFacts): Directory {
  const { groups, hostName, privateIp, publicIp, publicHostName, mac, region, zone } = facts;
  const groupNames = groups.map(({ name }) => name).join('\n');
  const publicNames = {
    ...(publicHostName && { 'public-hostname': publicHostName }),
    ...(publicIp && { 'public-ipv4': publicIp }),
  };
  return {
    'ami-id': facts.imageId,
    'ami-launch-index': String(facts.launchIndex),
    'ami-manifest-path': '(unknown)',
    'block-device-mapping': blockDevices(facts.devices),
    events: { maintenance: { history: '[]', scheduled: '[]' } },
    hostname: hostName,
    iam: facts.profile && { info: profileInfo(facts.profile, facts.launchedAt) },
    'instance-action': 'none',
    'instance-id': facts.instanceId,
    'instance-life-cycle': 'on-demand',
    'instance-type': facts.instanceType,
    'local-hostname': hostName,
    'local-ipv4': privateIp,
    mac,
    metrics: { vhostmd: '<?xml version="1.0" encoding="UTF-8"?>' },
    network: { interfaces: { macs: { [mac]: interfaceTree(facts) } } },
    placement: { 'availability-zone': zone, 'availability-zone-id': facts.zoneId, region },
    profile: 'default-hvm',
    ...publicNames,
    'public-keys': facts.key && { '0': { 'openssh-key': facts.key.line } },
    'reservation-id': facts.reservationId,
    'security-groups': groupNames,
    services: { domain: facts.urlSuffix, partition: facts.partition },
    system: 'xen-on-nitro',
    tags: facts.tags && { instance: { ...facts.tags } },
  };
}

function interfaceTree(facts: MetadataFacts): Directory {
  const { groups, privateIp, publicIp, publicHostName, vpcCidrs } = facts;
  return {
    'device-number': '0',
    'interface-id': facts.interfaceId,
    'ipv4-associations': publicIp && { [publicIp]: privateIp },
    'local-hostname': facts.hostName,
    'local-ipv4s': privateIp,
    mac: facts.mac,
    'owner-id': facts.accountId,
    ...(publicHostName && { 'public-hostname': publicHostName }),
    ...(publicIp && { 'public-ipv4s': publicIp }),
    'security-group-ids': groups.map(({ id }) => id).join('\n'),
    'security-groups': groups.map(({ name }) => name).join('\n'),
    'subnet-id': facts.subnetId,
    'subnet-ipv4-cidr-block': facts.subnetCidr,
    'vpc-id': facts.vpcId,
    'vpc-ipv4-cidr-block': vpcCidrs[0],
    'vpc-ipv4-cidr-blocks': vpcCidrs.join('\n'),
  };
}

const blockDevices = ([root = '', ...others]: readonly string[]): Directory => ({
  ami: root,
  ...Object.fromEntries(others.map((device, index) => [`ebs${index + 1}`, device])),
  root,
});

/** Times in these documents have no fraction of a second. */
export const timeText = (at: number): string => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');

const profileInfo = ({ arn, id }: { arn: string; id: string }, at: number): string =>
  json({ Code: 'Success', LastUpdated: timeText(at), InstanceProfileArn: arn, InstanceProfileId: id });

/** AWS's layout of documents. */
export const json = (value: object): string => JSON.stringify(value, null, 2);

/** `dynamic/instance-identity/document`. */
export const identityDocument = (facts: MetadataFacts): string =>
  json({
    accountId: facts.accountId,
    architecture: facts.architecture,
    availabilityZone: facts.zone,
    billingProducts: null,
    devpayProductCodes: null,
    marketplaceProductCodes: null,
    imageId: facts.imageId,
    instanceId: facts.instanceId,
    instanceType: facts.instanceType,
    kernelId: null,
    pendingTime: timeText(facts.launchedAt),
    privateIp: facts.privateIp,
    ramdiskId: null,
    region: facts.region,
    version: '2017-09-30',
  });

/**
 * The text at a path below the directory; `undefined` where there is none. A directory is the list of its names, those of
 * directories with a slash. AWS: the list of public keys has their names, `0=mine`.
 */
export function textAt(directory: Directory, path: readonly string[], keyName?: string): string | undefined {
  let at: string | Directory | undefined = directory;
  for (const name of path) {
    if (typeof at !== 'object' || !Object.hasOwn(at, name)) return undefined;
    at = at[name];
  }
  if (typeof at !== 'object') return at;
  if (path.length === 1 && path[0] === 'public-keys') return `0=${keyName}`;
  return Object.entries(at)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => (typeof value === 'object' ? `${name}/` : name))
    .sort()
    .join('\n');
}
