// Faults of resources that a request can name and Millpond has none of: snapshots, users, serverless caches and others.

import type { Fault } from '../../../wire/fault.ts';
import { fault } from './fault.ts';

/** Text: own. */
export const snapshotNotFoundFault = (name: string): Fault =>
  fault('SnapshotNotFoundFault', `Snapshot ${name} not found.`);

/** Text: own. */
export const userGroupNotFoundFault = (id: string): Fault =>
  fault('UserGroupNotFoundFault', `User group ${id} not found.`);

/** Text: own. */
export const userNotFoundFault = (id: string): Fault => fault('UserNotFoundFault', `User ${id} not found.`);

/** Text: own. */
export const serverlessCacheNotFoundFault = (name: string): Fault =>
  fault('ServerlessCacheNotFoundFault', `Serverless cache ${name} not found.`);

/** Text: own. */
export const serverlessCacheSnapshotNotFoundFault = (name: string): Fault =>
  fault('ServerlessCacheSnapshotNotFoundFault', `Serverless cache snapshot ${name} not found.`);

/** Text: own. */
export const reservedCacheNodeNotFoundFault = (id: string): Fault =>
  fault('ReservedCacheNodeNotFoundFault', `Reserved cache node ${id} not found.`);

/** Text: own. */
export const reservedCacheNodesOfferingNotFoundFault = (id: string): Fault =>
  fault('ReservedCacheNodesOfferingNotFoundFault', `Reserved cache nodes offering ${id} not found.`);

/** Text: own. */
export const serviceUpdateNotFoundFault = (name: string): Fault =>
  fault('ServiceUpdateNotFoundFault', `Service update ${name} not found.`);

/** Text: own. */
export const globalReplicationGroupNotFoundFault = (id: string): Fault =>
  fault('GlobalReplicationGroupNotFoundFault', `Global replication group ${id} not found.`);
