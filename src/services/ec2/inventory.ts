// All that EC2 keeps, as one account sees it in one region. The default network comes into being when somebody
// first looks; from then on it is data like any other.

import type { Clock } from '../../kernel/clock.ts';
import type { Scope } from '../../kernel/scope.ts';
import type { Collection, Store } from '../../store/store.ts';
import { defaultNetworkOf } from './default-network.ts';
import type {
  DhcpOptionsRecord,
  InternetGatewayRecord,
  RouteTableRecord,
  SecurityGroupRecord,
  SubnetRecord,
  TagsRecord,
  VpcRecord,
} from './records.ts';
import {
  DHCP_OPTIONS,
  INTERNET_GATEWAY,
  type ResourceKind,
  ROUTE_TABLE,
  SECURITY_GROUP,
  SECURITY_GROUP_RULE,
  SUBNET,
  VPC,
} from './resource-kinds.ts';

/** Lists are sorted by id. */
export interface Inventory {
  vpcs(scope: Scope): VpcRecord[];
  subnets(scope: Scope): SubnetRecord[];
  securityGroups(scope: Scope): SecurityGroupRecord[];
  routeTables(scope: Scope): RouteTableRecord[];
  internetGateways(scope: Scope): InternetGatewayRecord[];
  dhcpOptions(scope: Scope): DhcpOptionsRecord[];
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

export function openInventory(store: Store, clock: Clock): Inventory {
  const accounts = store.collection<AccountRecord>('ec2/account');
  const vpcs = store.collection<VpcRecord>('ec2/vpc');
  const subnets = store.collection<SubnetRecord>('ec2/subnet');
  const securityGroups = store.collection<SecurityGroupRecord>('ec2/security-group');
  const routeTables = store.collection<RouteTableRecord>('ec2/route-table');
  const internetGateways = store.collection<InternetGatewayRecord>('ec2/internet-gateway');
  const dhcpOptions = store.collection<DhcpOptionsRecord>('ec2/dhcp-options');
  const tags = store.collection<TagsRecord>('ec2/tags');

  function makeDefaultNetwork(scope: Scope): void {
    if (accounts.get(scope, ACCOUNT)) return;
    store.transaction(() => {
      const made = defaultNetworkOf(scope);
      vpcs.put(scope, made.vpc.vpcId, made.vpc);
      for (const subnet of made.subnets) subnets.put(scope, subnet.subnetId, subnet);
      securityGroups.put(scope, made.securityGroup.groupId, made.securityGroup);
      routeTables.put(scope, made.routeTable.routeTableId, made.routeTable);
      internetGateways.put(scope, made.internetGateway.internetGatewayId, made.internetGateway);
      dhcpOptions.put(scope, made.dhcpOptions.dhcpOptionsId, made.dhcpOptions);
      accounts.put(scope, ACCOUNT, { defaultNetworkMadeAt: clock.now() });
    });
  }

  const lister =
    <T>(collection: Collection<T>) =>
    (scope: Scope): T[] => {
      makeDefaultNetwork(scope);
      return collection.list(scope);
    };

  const byKind = new Map<ResourceKind, Collection<unknown>>([
    [VPC, vpcs],
    [SUBNET, subnets],
    [SECURITY_GROUP, securityGroups],
    [ROUTE_TABLE, routeTables],
    [INTERNET_GATEWAY, internetGateways],
    [DHCP_OPTIONS, dhcpOptions],
  ]);

  return {
    vpcs: lister(vpcs),
    subnets: lister(subnets),
    securityGroups: lister(securityGroups),
    routeTables: lister(routeTables),
    internetGateways: lister(internetGateways),
    dhcpOptions: lister(dhcpOptions),
    tags: lister(tags),
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
      return byKind.get(kind)?.get(scope, id) !== undefined;
    },
    transaction: (work) => store.transaction(work),
  };
}
