// ElastiCache's records, each kind a collection of documents, found by id or by what it refers to.

import { openRecords as openKind, type RecordKind, type Records as RecordsOf } from '../../aws/records.ts';
import type { Collection, Store } from '../../store/store.ts';
import { type Group, membersOf } from './clusters/domain/model.ts';
import {
  cacheParameterGroupAlreadyExistsFault,
  cacheParameterGroupNotFoundFault,
  cacheParameterGroupQuotaExceededFault,
  cacheSubnetGroupAlreadyExistsFault,
  cacheSubnetGroupNotFoundFault,
  cacheSubnetGroupQuotaExceededFault,
} from './faults.ts';

export interface ParameterGroup {
  /** Lower case. */
  name: string;
  family: string;
  description: string;
  /** What differs from the family's defaults. */
  values: Record<string, string>;
}

export interface SubnetGroup {
  /** Lower case. */
  name: string;
  description: string;
  vpcId: string;
  subnets: { id: string; zone: string; cidr: string }[];
}

export interface Tags {
  arn: string;
  tags: Record<string, string>;
}

/** Groups, standalone cache clusters among them, by id. */
export interface Groups extends Collection<Group> {
  by(scope: Parameters<Collection<Group>['by']>[0], index: GroupIndex, key: string): Group[];
  countBy(scope: Parameters<Collection<Group>['by']>[0], index: GroupIndex, key: string): number;
}

const GROUP_INDEXES = {
  member: (group: Group) => membersOf(group).map(({ id }) => id),
  parameterGroup: (group: Group) => group.parameterGroupName,
  subnetGroup: (group: Group) => group.subnetGroupName,
  /** Those that have names for their replicas: by the pattern of the names, and by HAS_REPLICA_NAMES. */
  replicaNames: ({ replicaNames }: Group) => (replicaNames ? [HAS_REPLICA_NAMES, replicaNames.pattern] : []),
  /** Its own id and its members', so that it is found in whichever account and region it is. */
  anyId: (group: Group) => [group.id, ...membersOf(group).map(({ id }) => id)],
};

/** No pattern of names is like it. */
export const HAS_REPLICA_NAMES = '*';

/** What groups are found by besides their ids. */
export type GroupIndex = keyof typeof GROUP_INDEXES;

export interface Records {
  groups: Groups;
  /** By lower-case name; the default groups of AWS are not stored, they are derived. */
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

export function openRecords(store: Store): Records {
  return {
    groups: store.collection('elasticache/group', GROUP_INDEXES),
    parameterGroups: openKind(store, PARAMETER_GROUP),
    subnetGroups: openKind(store, SUBNET_GROUP),
    tags: store.collection('elasticache/tags'),
  };
}
