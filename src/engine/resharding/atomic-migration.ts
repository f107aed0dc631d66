// Valkey 9 moves slots atomically by itself, many times faster. Only the question whether an engine can: a migration
// of ours does not use it yet, and this is where it would branch off.

import type { Admin } from '../admin.ts';

export async function offersAtomicMigration(admin: Admin): Promise<boolean> {
  const [command] = (await admin.send('COMMAND', 'INFO', 'CLUSTER|MIGRATESLOTS')) as unknown[];
  return Array.isArray(command);
}
