// All that EC2 keeps, as one account sees it in one region. The default network comes into being when somebody
// first looks; from then on it is data like any other.

import type { Clock } from '../../kernel/clock.ts';
import type { Scope } from '../../kernel/scope.ts';
import type { Store } from '../../store/store.ts';
import { defaultNetworkOf } from './default-network.ts';
import { isNetworkAclOf } from './network-acls.ts';
import { interfacesOf } from './network-interfaces.ts';
import type {
  AddressRecord,
  DhcpOptionsRecord,
  InstanceRecord,
  InternetGatewayRecord,
  NatGatewayRecord,
  RouteTableRecord,
  SecurityGroupRecord,
  SubnetRecord,
  TagsRecord,
  VpcEndpointRecord,
  VpcRecord,
} from './records.ts';
import {
  ADDRESS,
  DHCP_OPTIONS,
  INSTANCE,
  INTERNET_GATEWAY,
  NAT_GATEWAY,
  NETWORK_ACL,
  NETWORK_INTERFACE,
  type ResourceKind,
  ROUTE_TABLE,
  SECURITY_GROUP,
  SECURITY_GROUP_RULE,
  SUBNET,
  VPC,
  VPC_ENDPOINT,
} from './resource-kinds.ts';
import { openTable, type Table } from './table.ts';

export interface Inventory {
  vpcs: Table<VpcRecord>;
  subnets: Table<SubnetRecord>;
  securityGroups: Table<SecurityGroupRecord>;
  routeTables: Table<RouteTableRecord>;
  internetGateways: Table<InternetGatewayRecord>;
  natGateways: Table<NatGatewayRecord>;
  addresses: Table<AddressRecord>;
  vpcEndpoints: Table<VpcEndpointRecord>;
  instances: Table<InstanceRecord>;
  dhcpOptions: Table<DhcpOptionsRecord>;
  clock: Clock;
  /** Only of resources that have tags. */
  tags(scope: Scope): TagsRecord[];
  /** Tags by resource id, one read for a whole list. */
  tagLookup(scope: Scope): (resourceId: string) => Record<string, string>;
  /** Replaces all tags of the resource. */
  putTags(scope: Scope, record: TagsRecord): void;
  exists(scope: Scope, kind: ResourceKind, id: string): boolean;
  transaction<T>(work: () => T): T;
}

interface AccountRecord {
  /** Milliseconds since the epoch. The default network is made once, and not again when it is deleted. */
  defaultNetworkMadeAt: number;
}

const ACCOUNT = 'account';

/** AWS: a terminated instance is shown for about an hour, and so is a NAT gateway that was deleted. */
const SHOWN_AFTERWARDS_MS = 3_600_000;

export function openInventory(store: Store, clock: Clock): Inventory {
  const tags = store.collection<TagsRecord>('ec2/tags');
  const prepare = (scope: Scope) => makeDefaultNetwork(scope);
  const open = <T>(kind: ResourceKind, collection: string, idOf: (record: T) => string): Table<T> =>
    openTable<T>({ kind, idOf, records: store.collection<T>(collection), tags, prepare });

  const vpcs = open<VpcRecord>(VPC, 'ec2/vpc', (vpc) => vpc.vpcId);
  const subnets = open<SubnetRecord>(SUBNET, 'ec2/subnet', (subnet) => subnet.subnetId);
  const securityGroups = open<SecurityGroupRecord>(
    SECURITY_GROUP,
    'ec2/security-group',
    (group) => group.groupId,
  );
  const routeTables = open<RouteTableRecord>(ROUTE_TABLE, 'ec2/route-table', (table) => table.routeTableId);
  const internetGateways = open<InternetGatewayRecord>(
    INTERNET_GATEWAY,
    'ec2/internet-gateway',
    (gateway) => gateway.internetGatewayId,
  );
  const dhcpOptions = open<DhcpOptionsRecord>(DHCP_OPTIONS, 'ec2/dhcp-options', (set) => set.dhcpOptionsId);
  const natGateways = shownForAWhile(
    open<NatGatewayRecord>(NAT_GATEWAY, 'ec2/nat-gateway', (gateway) => gateway.natGatewayId),
    (gateway) => gateway.natGatewayId,
    (gateway) => gateway.deletedAt,
    clock,
  );
  const instances = shownForAWhile(
    open<InstanceRecord>(INSTANCE, 'ec2/instance', (instance) => instance.instanceId),
    (instance) => instance.instanceId,
    (instance) => (instance.state === 'terminated' ? instance.stateChangedAt : undefined),
    clock,
  );
  const addresses = open<AddressRecord>(ADDRESS, 'ec2/address', (address) => address.allocationId);
  const vpcEndpoints = open<VpcEndpointRecord>(
    VPC_ENDPOINT,
    'ec2/vpc-endpoint',
    (endpoint) => endpoint.vpcEndpointId,
  );
  const tables: Table<unknown>[] = [
    vpcs,
    subnets,
    securityGroups,
    routeTables,
    internetGateways,
    dhcpOptions,
    natGateways,
    instances,
    addresses,
    vpcEndpoints,
  ] as Table<unknown>[];
  const byKind = new Map(tables.map((table) => [table.kind, table]));
  const accounts = store.collection<AccountRecord>('ec2/account');

  function makeDefaultNetwork(scope: Scope): void {
    if (accounts.get(scope, ACCOUNT)) return;
    store.transaction(() => {
      accounts.put(scope, ACCOUNT, { defaultNetworkMadeAt: clock.now() });
      const made = defaultNetworkOf(scope);
      vpcs.put(scope, made.vpc);
      for (const subnet of made.subnets) subnets.put(scope, subnet);
      securityGroups.put(scope, made.securityGroup);
      routeTables.put(scope, made.routeTable);
      internetGateways.put(scope, made.internetGateway);
      dhcpOptions.put(scope, made.dhcpOptions);
    });
  }

  const inventory: Inventory = {
    vpcs,
    subnets,
    securityGroups,
    routeTables,
    internetGateways,
    natGateways,
    addresses,
    vpcEndpoints,
    instances,
    dhcpOptions,
    clock,
    tags(scope) {
      makeDefaultNetwork(scope);
      return tags.list(scope);
    },
    tagLookup(scope) {
      const byId = new Map(tags.list(scope).map((record) => [record.resourceId, record.tags]));
      return (resourceId) => byId.get(resourceId) ?? {};
    },
    putTags(scope, record) {
      if (Object.keys(record.tags).length > 0) tags.put(scope, record.resourceId, record);
      else tags.delete(scope, record.resourceId);
    },
    exists(scope, kind, id) {
      makeDefaultNetwork(scope);
      if (kind === SECURITY_GROUP_RULE) {
        return securityGroups.list(scope).some((group) => group.rules.some((rule) => rule.ruleId === id));
      }
      if (kind === NETWORK_ACL) return vpcs.list(scope).some((vpc) => isNetworkAclOf(vpc, id));
      if (kind === NETWORK_INTERFACE)
        return interfacesOf(inventory, scope).some((one) => one.interfaceId === id);
      return byKind.get(kind)?.get(scope, id) !== undefined;
    },
    transaction: (work) => store.transaction(work),
  };
  return inventory;
}

/** What ended stays to be seen for a while, and is forgotten by whoever lists next. */
function shownForAWhile<T>(
  table: Table<T>,
  idOf: (record: T) => string,
  endedAtOf: (record: T) => number | undefined,
  clock: Clock,
): Table<T> {
  return {
    ...table,
    list(scope) {
      const hasGone = (record: T) =>
        (endedAtOf(record) ?? Number.POSITIVE_INFINITY) + SHOWN_AFTERWARDS_MS < clock.now();
      const all = table.list(scope);
      for (const record of all) if (hasGone(record)) table.remove(scope, idOf(record));
      return all.filter((record) => !hasGone(record));
    },
  };
}
