// Faults of parameter groups and their parameters.

import type { Fault } from '../../../wire/fault.ts';
import { fault } from './fault.ts';
import { invalidParameterCombination, invalidParameterValue } from './requests.ts';

/** Text: azavea/terraform-aws-redis-elasticache issue 12 (December 2017), of CreateReplicationGroup. */
export const cacheParameterGroupNotFoundFault = (name: string): Fault =>
  fault('CacheParameterGroupNotFoundFault', `CacheParameterGroup not found: ${name}`);

/** Text: floci-io/floci pull request 2392 (August 2026), which asked AWS for DescribeCacheParameterGroups. */
export const describedParameterGroupNotFound = (name: string): Fault =>
  fault('CacheParameterGroupNotFoundFault', `CacheParameterGroup ${name} not found.`);

/** Text: floci-io/floci pull request 2392 (August 2026), without the blank. */
export const deletedParameterGroupNotFound = (name: string): Fault =>
  fault('CacheParameterGroupNotFoundFault', `CacheParameterGroupnot found: ${name}`);

/** Text: floci-io/floci pull request 2392 (August 2026). */
export const cacheParameterGroupAlreadyExistsFault = (name: string): Fault =>
  fault('CacheParameterGroupAlreadyExistsFault', `Parameter group ${name} already exists`);

/** Text: own. */
export const cacheParameterGroupQuotaExceededFault = (limit: number): Fault =>
  fault(
    'CacheParameterGroupQuotaExceededFault',
    `Parameter group quota exceeded. You can have at most ${limit} cache parameter groups in this region.`,
  );

export const cacheParameterGroupInUse = (name: string): Fault =>
  invalidCacheParameterGroupStateFault(
    `One or more cache clusters are still members of this parameter group ${name}, so the group cannot be deleted.`,
  );

export const invalidCacheParameterGroupStateFault = (message: string): Fault =>
  fault('InvalidCacheParameterGroupStateFault', message);

/** For a parameter that customers cannot change, or not while a cluster uses it. */
export const parameterNotModifiable = (name: string): Fault =>
  invalidParameterValue(`The parameter ${name} cannot be modified.`);

/** `expected`: the family of the engine version. `found`: that of the parameter group. */
export const parameterGroupFamilyMismatch = (expected: string, found: string): Fault =>
  invalidParameterCombination(
    `Expected a parameter group of family ${expected} but found one of family ${found}`,
  );
