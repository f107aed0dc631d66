// The list of resource types that CloudFormation provides itself.

import type { ResourceType } from '../../../control/resource-type.ts';
import type { CloudFormation } from '../context.ts';
import type { Callbacks } from './callbacks.ts';
import { customResource } from './custom-resource.ts';
import { nestedStack } from './nested-stack.ts';
import { RECORDED_TYPES } from './recorded.ts';
import { waitCondition, waitConditionHandle } from './wait-condition.ts';

/** Nested stacks, custom resources, wait conditions, and the types that are only recorded. */
export const ownTypes = (cf: CloudFormation, callbacks: Callbacks): ResourceType[] => [
  nestedStack(cf),
  customResource(cf, callbacks),
  waitCondition(cf, callbacks),
  waitConditionHandle(cf, callbacks),
  ...RECORDED_TYPES,
];
