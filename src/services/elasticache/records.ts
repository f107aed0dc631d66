// ElastiCache's records. Each kind is a collection of documents, found by id or by an index.

import { openRecords as openKind, type RecordKind, type Records as RecordsOf } from '../../aws/records.ts';
import type { Collection, Store } from '../../store/store.ts';
import { type Group, membersOf } from './clusters/domain/model.ts';
import {
  cacheSubnetGroupAlreadyExistsFault,
  cacheSubnetGroupNotFoundFault,
  cacheSubnetGroupQuotaExceededFault,
} from './faults/networks.ts';
import {
  cacheParameterGroupAlreadyExistsFault,
  cacheParameterGroupNotFoundFault,
  cacheParameterGroupQuotaExceededFault,
} from './faults/parameters.ts';

/** A customer's parameter group. The default groups are not stored. */
export interface ParameterGroup {
  /** Lower case. */
  name: string;
  family: string;
  description: string;
  /** Only the values that the customer set. */
  values: Record<string, string>;
}

/** A customer's subnet group, with what EC2 said of its subnets when it was last changed. */
export interface SubnetGroup {
  /** Lower case. */
  name: string;
  description: string;
  vpcId: string;
  subnets: { id: string; zone: string; cidr: string }[];
}

/** The tags of one resource. */
export interface Tags {
  arn: string;
  tags: Record<string, string>;
}

/** Replication groups and standalone cache clusters, by id. */
export interface Groups extends Collection<Group> {
  by(scope: Parameters<Collection<Group>['by']>[0], index: GroupIndex, key: string): Group[];
  countBy(scope: Parameters<Collection<Group>['by']>[0], index: GroupIndex, key: string): number;
}

const GROUP_INDEXES = {
  member: (group: Group) => membersOf(group).map(({ id }) => id),
  parameterGroup: (group: Group) => group.parameterGroupName,
  subnetGroup: (group: Group) => group.subnetGroupName,
  /** Groups that have names for their replicas: by the pattern of the names, and by HAS_REPLICA_NAMES. */
  replicaNames: ({ replicaNames }: Group) => (replicaNames ? [HAS_REPLICA_NAMES, replicaNames.pattern] : []),
  /** The ids of the group and its members, for a lookup over all accounts and regions. */
  anyId: (group: Group) => [group.id, ...membersOf(group).map(({ id }) => id)],
};

/** The index key of every group that has names for its replicas. No pattern can equal it. */
export const HAS_REPLICA_NAMES = '*';

/** The indexes of groups. */
export type GroupIndex = keyof typeof GROUP_INDEXES;

/** All collections of ElastiCache. Only `Groups` (clusters/groups.ts) writes `groups`. */
export interface Records {
  groups: Groups;
  /** By lower-case name. AWS's default groups are derived, not stored. */
  parameterGroups: RecordsOf<ParameterGroup>;
  /** By lower-case name. */
  subnetGroups: RecordsOf<SubnetGroup>;
  /** By ARN. */
  tags: Collection<Tags>;
}

const PARAMETER_GROUP: RecordKind<ParameterGroup> = {
  collection: 'elasticache/parameter-group',
  idOf: ({ name }) => name,
  notFound: cacheParameterGroupNotFoundFault,
  exists: cacheParameterGroupAlreadyExistsFault,
  quota: { most: 300, exceeded: cacheParameterGroupQuotaExceededFault },
};

const SUBNET_GROUP: RecordKind<SubnetGroup> = {
  collection: 'elasticache/subnet-group',
  idOf: ({ name }) => name,
  notFound: cacheSubnetGroupNotFoundFault,
  exists: cacheSubnetGroupAlreadyExistsFault,
  quota: { most: 300, exceeded: cacheSubnetGroupQuotaExceededFault },
};

/** Opens the collections of a store. */
export function openRecords(store: Store): Records {
  return {
    groups: store.collection('elasticache/group', GROUP_INDEXES),
    parameterGroups: openKind(store, PARAMETER_GROUP),
    subnetGroups: openKind(store, SUBNET_GROUP),
    tags: store.collection('elasticache/tags'),
  };
}
