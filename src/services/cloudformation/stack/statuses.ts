// What a stack's status allows.

import type { StackStatus } from './model.ts';

/** AWS: a stack can be updated only in these statuses. A failed status here means that rollback was disabled. */
const UPDATABLE: ReadonlySet<StackStatus> = new Set<StackStatus>([
  'CREATE_COMPLETE',
  'CREATE_FAILED',
  'IMPORT_COMPLETE',
  'IMPORT_ROLLBACK_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_FAILED',
  'UPDATE_ROLLBACK_COMPLETE',
]);

/** Whether UpdateStack and UPDATE change sets accept a stack of this status. */
export const isUpdatable = (status: StackStatus): boolean => UPDATABLE.has(status);

/** Whether an operation or a review is under way. */
export const isInProgress = (status: StackStatus): boolean => status.endsWith('_IN_PROGRESS');

/** Whether DeleteStack accepts a stack of this status. It cannot interrupt an update. */
export const isDeletable = (status: StackStatus): boolean =>
  !isInProgress(status) ||
  status === 'CREATE_IN_PROGRESS' ||
  status === 'ROLLBACK_IN_PROGRESS' ||
  status === 'REVIEW_IN_PROGRESS' ||
  status === 'DELETE_IN_PROGRESS';

/** Whether the last create or update succeeded. */
export const succeeded = (status: StackStatus): boolean =>
  status === 'CREATE_COMPLETE' || status === 'UPDATE_COMPLETE';
