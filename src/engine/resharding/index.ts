// What other folders may use of resharding.

export { offersAtomicMigration } from './atomic-migration.ts';
export { type MigrationLimits, type MigrationOptions, migrateSlots } from './migrate-slots.ts';
export { type ClusterMember, createTakeOvers, learnEpochs, type TakeOvers } from './new-epoch.ts';
export { type RepairOptions, type RepairReport, repairSlots } from './repair-slots.ts';
export {
  type Credentials,
  MigrationInterrupted,
  type MigrationResult,
  type MigrationShard,
  type MigrationShards,
  type RefusedSlot,
  type SlotMove,
} from './shards.ts';
export { type TakeOver, takeOverShard } from './take-over.ts';
