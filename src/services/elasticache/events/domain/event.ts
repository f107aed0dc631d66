// Events as DescribeEvents shows them and as SNS publishes them.

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

export interface ElastiCacheEvent {
  sourceType: EventSource;
  sourceId: string;
  /** Absent: told on SNS alone. */
  message?: string;
  /** The name it bears on SNS, without `ElastiCache:`. DescribeEvents never shows it. */
  notification?: string;
}
