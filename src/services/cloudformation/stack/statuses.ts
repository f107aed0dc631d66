// Which statuses mean what. Data and questions about it.

import type { StackStatus } from './model.ts';

/** AWS: no other status lets a stack be updated. The failed ones only came about with rollback disabled. */
const UPDATABLE: ReadonlySet<StackStatus> = new Set<StackStatus>([
  'CREATE_COMPLETE',
  'CREATE_FAILED',
  'IMPORT_COMPLETE',
  'IMPORT_ROLLBACK_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_FAILED',
  'UPDATE_ROLLBACK_COMPLETE',
]);

export const isUpdatable = (status: StackStatus): boolean => UPDATABLE.has(status);

export const isInProgress = (status: StackStatus): boolean => status.endsWith('_IN_PROGRESS');

/** What a delete may not interrupt. */
export const isDeletable = (status: StackStatus): boolean =>
  !isInProgress(status) ||
  status === 'CREATE_IN_PROGRESS' ||
  status === 'ROLLBACK_IN_PROGRESS' ||
  status === 'REVIEW_IN_PROGRESS' ||
  status === 'DELETE_IN_PROGRESS';

export const succeeded = (status: StackStatus): boolean =>
  status === 'CREATE_COMPLETE' || status === 'UPDATE_COMPLETE';
