// What is kept of logs. Times are milliseconds since the epoch.

export interface GroupRecord {
  name: string;
  createdAt: number;
  /** For ever, when absent; but see the bounds in event-store.ts. */
  retentionDays?: number;
  kmsKeyId?: string;
  logGroupClass: string;
  tags: Record<string, string>;
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
