// All that EC2 keeps, as one account sees it in one region. The default network comes into being with the first
// request; from then on it is data like any other.

import { openRecords } from '../../aws/records.ts';
import type { Scope } from '../../aws/scope.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Store } from '../../store/store.ts';
import { defaultNetworkOf } from './default-network.ts';
import { notFound } from './faults.ts';
import * as indexes from './indexes.ts';
import { defaultAclOf } from './network-acls.ts';
import { interfaceWith } from './network-interfaces.ts';
import type * as records from './records.ts';
import * as kinds from './resource-kinds.ts';
import { openResources, type Resources } from './resources.ts';

export interface Inventory {
  vpcs: Resources<records.VpcRecord>;
  subnets: Resources<records.SubnetRecord>;
  securityGroups: Resources<records.SecurityGroupRecord>;
  routeTables: Resources<records.RouteTableRecord>;
  internetGateways: Resources<records.InternetGatewayRecord>;
  natGateways: Resources<records.NatGatewayRecord>;
  networkAcls: Resources<records.NetworkAclRecord>;
  addresses: Resources<records.AddressRecord>;
  vpcEndpoints: Resources<records.VpcEndpointRecord>;
  instances: Resources<records.InstanceRecord>;
  dhcpOptions: Resources<records.DhcpOptionsRecord>;
  /** Only of resources that have tags. */
  tags: Resources<records.TagsRecord>;
  clock: Clock;
  /** Makes what every account has, once. Before anything else is done for the account. */
  prepare(scope: Scope): void;
  tagsOf(scope: Scope): (resourceId: string) => Record<string, string>;
  /** Replaces all tags of the resource. */
  putTags(scope: Scope, record: records.TagsRecord): void;
  exists(scope: Scope, kind: kinds.ResourceKind, id: string): boolean;
  transaction<T>(work: () => T): T;
}

interface AccountRecord {
  /** Milliseconds since the epoch. The default network is made once, and not again when it is deleted. */
  defaultNetworkMadeAt: number;
  /** Absent in states from before network ACLs were records. */
  hasNetworkAcls?: true;
}

const ACCOUNT = 'account';

export function openInventory(store: Store, clock: Clock): Inventory {
  const tags = openRecords<records.TagsRecord>(store, {
    collection: 'ec2/tags',
    idOf: (record) => record.resourceId,
    notFound: (id) => notFound(kinds.TAGGED, [id]),
  });
  function open<T>(
    kind: kinds.ResourceKind,
    collection: string,
    idOf: (record: T) => string,
    declared?: Parameters<typeof openResources<T>>[1]['indexes'],
  ): Resources<T> {
    const parts = { kind, collection, idOf, removeTags: tags.remove };
    return openResources<T>(store, declared ? { ...parts, indexes: declared } : parts);
  }

  const owned = {
    vpcs: open(kinds.VPC, 'ec2/vpc', (one) => one.vpcId, indexes.VPC),
    subnets: open(kinds.SUBNET, 'ec2/subnet', (one) => one.subnetId, indexes.SUBNET),
    securityGroups: open(
      kinds.SECURITY_GROUP,
      'ec2/security-group',
      (one) => one.groupId,
      indexes.SECURITY_GROUP,
    ),
    routeTables: open(kinds.ROUTE_TABLE, 'ec2/route-table', (one) => one.routeTableId, indexes.ROUTE_TABLE),
    internetGateways: open(
      kinds.INTERNET_GATEWAY,
      'ec2/internet-gateway',
      (one) => one.internetGatewayId,
      indexes.INTERNET_GATEWAY,
    ),
    natGateways: open(kinds.NAT_GATEWAY, 'ec2/nat-gateway', (one) => one.natGatewayId, indexes.NAT_GATEWAY),
    networkAcls: open(kinds.NETWORK_ACL, 'ec2/network-acl', (one) => one.networkAclId, indexes.NETWORK_ACL),
    addresses: open(kinds.ADDRESS, 'ec2/address', (one) => one.allocationId, indexes.ADDRESS),
    vpcEndpoints: open(
      kinds.VPC_ENDPOINT,
      'ec2/vpc-endpoint',
      (one) => one.vpcEndpointId,
      indexes.VPC_ENDPOINT,
    ),
    instances: open(kinds.INSTANCE, 'ec2/instance', (one) => one.instanceId, indexes.INSTANCE),
    dhcpOptions: open<records.DhcpOptionsRecord>(
      kinds.DHCP_OPTIONS,
      'ec2/dhcp-options',
      (one) => one.dhcpOptionsId,
    ),
  };
  const byKind = new Map<kinds.ResourceKind, Pick<Resources<unknown>, 'find'>>(
    Object.values(owned).map((one) => [one.kind, one]),
  );
  const accounts = store.collection<AccountRecord>('ec2/account');

  function makeDefaultNetwork(scope: Scope): void {
    const made = defaultNetworkOf(scope);
    owned.vpcs.put(scope, made.vpc);
    for (const subnet of made.subnets) owned.subnets.put(scope, subnet);
    owned.securityGroups.put(scope, made.securityGroup);
    owned.routeTables.put(scope, made.routeTable);
    owned.internetGateways.put(scope, made.internetGateway);
    owned.dhcpOptions.put(scope, made.dhcpOptions);
  }

  const inventory: Inventory = {
    ...owned,
    tags: { ...tags, kind: kinds.TAGGED, idOf: (record) => record.resourceId },
    clock,
    prepare(scope) {
      const account = accounts.get(scope, ACCOUNT);
      if (account?.hasNetworkAcls) return;
      store.transaction(() => {
        const defaultNetworkMadeAt = account?.defaultNetworkMadeAt ?? clock.now();
        accounts.put(scope, ACCOUNT, { defaultNetworkMadeAt, hasNetworkAcls: true });
        if (!account) makeDefaultNetwork(scope);
        for (const vpc of owned.vpcs.list(scope)) {
          owned.networkAcls.put(scope, defaultAclOf(vpc.vpcId, owned.subnets.by(scope, 'vpc', vpc.vpcId)));
        }
      });
    },
    tagsOf: (scope) => (resourceId) => tags.find(scope, resourceId)?.tags ?? {},
    putTags(scope, record) {
      if (Object.keys(record.tags).length > 0) tags.put(scope, record);
      else tags.remove(scope, record.resourceId);
    },
    exists(scope, kind, id) {
      if (kind === kinds.SECURITY_GROUP_RULE) return owned.securityGroups.countBy(scope, 'rule', id) > 0;
      if (kind === kinds.NETWORK_INTERFACE) return interfaceWith(inventory, scope, id) !== undefined;
      if (kind === kinds.VOLUME) return owned.instances.countBy(scope, 'volume', id) > 0;
      return byKind.get(kind)?.find(scope, id) !== undefined;
    },
    transaction: (work) => store.transaction(work),
  };
  return inventory;
}
