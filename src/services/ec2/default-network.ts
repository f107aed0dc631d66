// The default VPC of an account in a region, and everything that belongs to it. Pure: the ids are derived from
// account and region, so they are the same after a purge and on another machine.

import { zonesOf } from '../../aws/regions.ts';
import { type Scope, scopeKey } from '../../aws/scope.ts';
import { derivedHex } from '../../kernel/ids.ts';
import type {
  DhcpOptionsRecord,
  InternetGatewayRecord,
  RouteTableRecord,
  SecurityGroupRecord,
  SubnetRecord,
  VpcRecord,
} from './model.ts';
import { localRouteOf } from './vpc-cidrs.ts';

/** The records of a default network. */
export interface DefaultNetwork {
  vpc: VpcRecord;
  subnets: SubnetRecord[];
  securityGroup: SecurityGroupRecord;
  routeTable: RouteTableRecord;
  internetGateway: InternetGatewayRecord;
  dhcpOptions: DhcpOptionsRecord;
}

const VPC_CIDR = '172.31.0.0/16';

/** `again` is any text that distinguishes a default network made after the first one was deleted; its ids differ. */
export function defaultNetworkOf(scope: Scope, again = ''): DefaultNetwork {
  const id = (prefix: string, what = 'default') =>
    `${prefix}-0${derivedHex(16, scopeKey(scope), prefix, what, ...(again ? [again] : []))}`;
  const vpcId = id('vpc');
  const internetGatewayId = id('igw');
  const dhcpOptionsId = id('dopt');
  return {
    vpc: {
      vpcId,
      cidrBlock: VPC_CIDR,
      cidrAssociationId: id('vpc-cidr-assoc'),
      dhcpOptionsId,
      isDefault: true,
      enableDnsSupport: true,
      enableDnsHostnames: true,
    },
    subnets: zonesOf(scope.region).map((zone, index) => ({
      subnetId: id('subnet', zone),
      vpcId,
      cidrBlock: `172.31.${16 * index}.0/20`,
      zone,
      defaultForZone: true,
      mapPublicIpOnLaunch: true,
    })),
    securityGroup: defaultSecurityGroup(id, vpcId),
    routeTable: {
      routeTableId: id('rtb'),
      vpcId,
      routes: [
        localRouteOf(VPC_CIDR),
        { destination: '0.0.0.0/0', gatewayId: internetGatewayId, origin: 'CreateRoute' },
      ],
      associations: [{ associationId: id('rtbassoc') }],
    },
    internetGateway: { internetGatewayId, attachedTo: [vpcId] },
    dhcpOptions: {
      dhcpOptionsId,
      options: [
        { key: 'domain-name', values: [internalDomainOf(scope.region)] },
        { key: 'domain-name-servers', values: ['AmazonProvidedDNS'] },
      ],
    },
  };
}

/** The default group of a VPC. `id` makes an id with this prefix for each thing it is asked for. */
export function defaultSecurityGroup(
  id: (prefix: string, what?: string) => string,
  vpcId: string,
): SecurityGroupRecord {
  const groupId = id('sg');
  return {
    groupId,
    groupName: 'default',
    description: 'default VPC security group',
    vpcId,
    rules: [
      { ruleId: id('sgr', 'ingress'), isEgress: false, protocol: '-1', groupId },
      { ruleId: id('sgr', 'egress'), isEgress: true, protocol: '-1', cidrIpv4: '0.0.0.0/0' },
    ],
  };
}

/** AWS: in us-east-1 the domain of instances does not contain the region. */
function internalDomainOf(region: string): string {
  return region === 'us-east-1' ? 'ec2.internal' : `${region}.compute.internal`;
}
