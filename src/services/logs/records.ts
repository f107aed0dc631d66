// What is kept of logs. Times are milliseconds since the epoch.

export interface GroupRecord {
  name: string;
  createdAt: number;
  /** For ever, when absent; but see the bounds in log-store.ts. */
  retentionDays?: number;
  kmsKeyId?: string;
  logGroupClass: string;
  /** Of all its streams together. */
  storedBytes: number;
  tags: Record<string, string>;
}

/** What counts the events of a group that match. */
export interface MetricFilterRecord {
  group: string;
  name: string;
  pattern: string;
  metric: {
    namespace: string;
    name: string;
    /** A number, or a selector of one in the event: `$.ms`. */
    value: string;
    /** For minutes in which events came and none matched. */
    defaultValue?: number;
    unit?: string;
    /** Selectors, by the dimension's name. */
    dimensions?: Record<string, string>;
  };
  createdAt: number;
}

export interface StreamRecord {
  group: string;
  name: string;
  createdAt: number;
  firstEventAt?: number;
  lastEventAt?: number;
  lastIngestedAt?: number;
  /** Numbers of the chunks that are kept, both inclusive; `lastChunk` below `firstChunk` when there are none. */
  firstChunk: number;
  lastChunk: number;
  /** Of the next event. */
  nextSequence: number;
  storedBytes: number;
}

export interface LogEvent {
  /** Within its stream. */
  sequence: number;
  at: number;
  ingestedAt: number;
  message: string;
}
