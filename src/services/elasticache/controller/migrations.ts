// The jobs that move slots: one a group at most, beside the controller's passes, so that a failure in the middle is
// seen to at once. A job can be ended at any instant and begun again.

import type { Scope } from '../../../kernel/scope.ts';

export interface Migrations {
  isRunning(groupKey: string): boolean;
  begin(scope: Scope, groupId: string): void;
  stop(): Promise<void>;
}
