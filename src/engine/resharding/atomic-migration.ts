// Tells whether an engine can move slots atomically, as Valkey 9 does, which is many times faster. Millpond's
// migration does not use it yet.

import type { Admin } from '../admin.ts';

/** Whether the engine knows CLUSTER MIGRATESLOTS. */
export async function offersAtomicMigration(admin: Admin): Promise<boolean> {
  const [command] = (await admin.send('COMMAND', 'INFO', 'CLUSTER|MIGRATESLOTS')) as unknown[];
  return Array.isArray(command);
}
