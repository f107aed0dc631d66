// The records of load balancers, target groups, listeners and rules. Times are in milliseconds since the epoch.

import { openRecords as openKind, type RecordKind, type Records as RecordsOf } from '../../aws/records.ts';
import type { Store } from '../../store/store.ts';
import type { RuleAction } from './domain/actions.ts';
import type { Attributes } from './domain/attributes.ts';
import type { RuleCondition } from './domain/conditions.ts';
import type { HealthCheckRecord } from './domain/health-check.ts';
import { listenerIdOf } from './domain/names.ts';
import {
  balancersNotFound,
  listenersNotFound,
  rulesNotFound,
  targetGroupsNotFound,
  tooManyBalancers,
  tooManyTargetGroups,
} from './faults.ts';

/** AWS: the quotas that DescribeAccountLimits shows. */
export const MOST_BALANCERS = 50;
export const MOST_TARGET_GROUPS = 3_000;
export const MOST_LISTENERS = 50;
export const MOST_RULES = 100;
export const MOST_TARGETS = 1_000;
export const MOST_GROUPS_OF_BALANCER = 100;
export const MOST_CERTIFICATES = 25;

type Tags = Record<string, string>;

/** Where a balancer is: an address in a subnet. */
export interface Place {
  subnetId: string;
  zone: string;
  /** Of the subnet. */
  cidr: string;
  address: string;
}

/** A load balancer. */
export interface BalancerRecord {
  /** `app/NAME/HEX`. */
  id: string;
  name: string;
  /** The number in its DNS name. */
  number: number;
  scheme: 'internet-facing' | 'internal';
  vpcId: string;
  createdAt: number;
  /** Its process has had its configuration once. */
  isActive?: true;
  places: Place[];
  securityGroupIds: string[];
  /** Those that were changed. */
  attributes: Attributes;
  tags: Tags;
}

/** A registered target. */
export interface TargetRecord {
  /** An address, an instance, or the ARN of a function. */
  id: string;
  /** Absent of a function. */
  port?: number;
  /** As the request named it; `all` is outside of the VPC. */
  zone?: string;
  /** Where requests go. Absent of a function. */
  address?: string;
  /** It is being deregistered, and is gone at that time. */
  drainsUntil?: number;
}

/** A target group. */
export interface TargetGroupRecord {
  /** `NAME/HEX`. */
  id: string;
  name: string;
  type: 'instance' | 'ip' | 'lambda';
  /** Absent of functions, as the port and the VPC are. */
  protocol?: 'HTTP' | 'HTTPS';
  port?: number;
  vpcId?: string;
  healthCheck: HealthCheckRecord;
  attributes: Attributes;
  tags: Tags;
  targets: TargetRecord[];
}

/** A listener. Its default actions are those of its rule with the priority `default`. */
export interface ListenerRecord {
  /** `app/NAME/HEX/HEX`. */
  id: string;
  port: number;
  protocol: 'HTTP' | 'HTTPS';
  sslPolicy?: string;
  /** ARNs; the first is the default. */
  certificates: string[];
  attributes: Attributes;
  tags: Tags;
}

/** A rule of a listener. */
export interface RuleRecord {
  /** `app/NAME/HEX/HEX/HEX`. */
  id: string;
  priority: number | 'default';
  /** None of the default rule. */
  conditions: RuleCondition[];
  action: RuleAction;
  tags: Tags;
}

/** All collections of the service. */
export interface Records {
  balancers: RecordsOf<BalancerRecord>;
  targetGroups: RecordsOf<TargetGroupRecord>;
  listeners: RecordsOf<ListenerRecord>;
  rules: RecordsOf<RuleRecord>;
}

const BALANCER: RecordKind<BalancerRecord> = {
  collection: 'elasticloadbalancing/load-balancer',
  idOf: ({ id }) => id,
  notFound: (id) => balancersNotFound([id]),
  indexes: { name: ({ name }) => name },
  quota: { most: MOST_BALANCERS, exceeded: tooManyBalancers },
};

const TARGET_GROUP: RecordKind<TargetGroupRecord> = {
  collection: 'elasticloadbalancing/target-group',
  idOf: ({ id }) => id,
  notFound: targetGroupsNotFound,
  indexes: {
    name: ({ name }) => name,
    draining: ({ targets }) =>
      targets.some(({ drainsUntil }) => drainsUntil !== undefined) ? 'yes' : undefined,
  },
  quota: { most: MOST_TARGET_GROUPS, exceeded: tooManyTargetGroups },
};

const LISTENER: RecordKind<ListenerRecord> = {
  collection: 'elasticloadbalancing/listener',
  idOf: ({ id }) => id,
  notFound: listenersNotFound,
};

const RULE: RecordKind<RuleRecord> = {
  collection: 'elasticloadbalancing/rule',
  idOf: ({ id }) => id,
  notFound: rulesNotFound,
  indexes: {
    targetGroup: ({ action }) => (action.type === 'forward' ? action.targetGroupId : undefined),
    default: ({ id, priority }) => (priority === 'default' ? listenerIdOf(id) : undefined),
  },
};

/** The index key of target groups with targets that are being deregistered. */
export const DRAINING = 'yes';

/** Opens the collections. */
export const openRecords = (store: Store): Records => ({
  balancers: openKind(store, BALANCER),
  targetGroups: openKind(store, TARGET_GROUP),
  listeners: openKind(store, LISTENER),
  rules: openKind(store, RULE),
});
