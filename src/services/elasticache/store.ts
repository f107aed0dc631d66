// ElastiCache's records, each kind a collection of documents.

import type { Collection, Store } from '../../store/store.ts';
import type { Group } from './domain/model.ts';

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

export interface Records {
  /** By group id; standalone cache clusters are groups as well. */
  groups: Collection<Group>;
  /** By lower-case name; the default groups of AWS are not stored, they are derived. */
  parameterGroups: Collection<ParameterGroup>;
  subnetGroups: Collection<SubnetGroup>;
  /** By ARN. */
  tags: Collection<Tags>;
}

export function openRecords(store: Store): Records {
  return {
    groups: store.collection('elasticache/group'),
    parameterGroups: store.collection('elasticache/parameter-group'),
    subnetGroups: store.collection('elasticache/subnet-group'),
    tags: store.collection('elasticache/tags'),
  };
}
