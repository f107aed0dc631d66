// Finds a change set by its name within a stack, or by its id.

import type { Scope } from '../../../aws/scope.ts';
import type { CloudFormation } from '../context.ts';
import { stackDoesNotExistFor, validationError } from '../faults.ts';
import { findStack } from '../stack/lookup.ts';
import type { ChangeSetRecord } from '../stack/model.ts';

/** Throws a ValidationError when the stack is not given or does not exist. */
export function changeSetNamed(
  cf: CloudFormation,
  scope: Scope,
  stackName: string | undefined,
  nameOrId: string,
): ChangeSetRecord | undefined {
  if (!nameOrId.startsWith('arn:')) {
    if (stackName === undefined) {
      throw validationError('StackName must be specified if ChangeSetName is not specified as an ARN.');
    }
    const stack = findStack(cf.records, scope, stackName);
    if (!stack) throw stackDoesNotExistFor(stackName);
    return cf.records.changeSets.get(scope, stack.stackId, nameOrId);
  }
  return cf.records.changeSets.by(scope, 'id', nameOrId)[0];
}
