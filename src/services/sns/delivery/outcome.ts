// What came of one attempt to deliver.

export type Outcome =
  | { kind: 'delivered' }
  /** May succeed later. */
  | { kind: 'failed'; reason: string }
  /** AWS: the subscriber's own error, which no other attempt would mend. */
  | { kind: 'refused'; reason: string };

export const DELIVERED: Outcome = { kind: 'delivered' };
