// Events as DescribeEvents shows them and as SNS publishes them.

/** The kinds of resources that events can be about, as DescribeEvents spells them. */
export type EventSource =
  | 'cache-cluster'
  | 'cache-parameter-group'
  | 'cache-security-group'
  | 'cache-subnet-group'
  | 'replication-group'
  | 'serverless-cache'
  | 'serverless-cache-snapshot'
  | 'user'
  | 'user-group';

/** One event. `sourceId` is the id of the resource, in lower case. */
export interface ElastiCacheEvent {
  sourceType: EventSource;
  sourceId: string;
  /** Absent: only published on SNS. */
  message?: string;
  /** The notification name on SNS, without `ElastiCache:`. Absent: not published. DescribeEvents never shows it. */
  notification?: string;
}
