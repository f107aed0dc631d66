// Every error that CloudFormation's operations answer, with its exact text. Errors inside templates are in
// template/issues.ts.

import { Fault } from '../../wire/fault.ts';

/** AWS's ValidationError, which most refusals of CloudFormation are. */
export const validationError = (message: string): Fault => new Fault('ValidationError', message);

export const stackAlreadyExists = (name: string): Fault =>
  new Fault('AlreadyExistsException', `Stack [${name}] already exists`);

export const stackDoesNotExist = (name: string): Fault =>
  validationError(`Stack with id ${name} does not exist`);

/** AWS: the operations on a stack's resources word this error differently from DescribeStacks. */
export const stackDoesNotExistFor = (name: string): Fault =>
  validationError(`Stack [${name}] does not exist`);

export const notUpdatable = (stackId: string, status: string): Fault =>
  validationError(`Stack:${stackId} is in ${status} state and can not be updated.`);

export const notDeletable = (stackId: string, status: string): Fault =>
  validationError(`Stack [${stackId}] cannot be deleted while in status ${status}`);

export const noUpdates = (): Fault => validationError('No updates are to be performed.');

export const insufficientCapabilities = (needed: readonly string[]): Fault =>
  new Fault('InsufficientCapabilitiesException', `Requires capabilities : [${needed.join(', ')}]`);

export const terminationProtected = (stackName: string): Fault =>
  validationError(`Stack [${stackName}] cannot be deleted while TerminationProtection is enabled`);

/** For operations that work only on a root stack. The text is our own. */
export const notOnNestedStack = (operation: string): Fault =>
  validationError(`${operation} cannot be called on a nested stack; call it on the root stack.`);

/** The status reason of a stack whose operation would remove an imported export. */
export const exportInUse = (name: string, by: readonly string[]): string =>
  `Export ${name} cannot be deleted as it is in use by ${by.join(', ')}`;

/** The status reason of a stack that declares an export of another stack. */
export const exportTaken = (name: string, by: string): string =>
  `Export with name ${name} is already exported by stack ${by}`;

export const changeSetNotFound = (name: string): Fault =>
  new Fault('ChangeSetNotFoundException', `ChangeSet [${name}] does not exist`);

export const changeSetExists = (name: string): Fault =>
  new Fault(
    'AlreadyExistsException',
    `ChangeSet ${name} cannot be created due to a mismatch with existing attribute Name`,
  );

/** AWS: a change set of type CREATE for an existing stack answers ValidationError, not CreateStack's error. */
export const existsForChangeSet = (stackName: string, changeSetName: string): Fault =>
  validationError(
    `Stack [${stackName}] already exists and cannot be created again with the changeSet [${changeSetName}].`,
  );

export const changeSetNotExecutable = (id: string, status: string, execution: string): Fault =>
  new Fault(
    'InvalidChangeSetStatusException',
    `ChangeSet [${id}] cannot be executed in its current execution status of [${execution}] (status ${status})`,
  );

export const noSuchResource = (logicalId: string, stackName: string): Fault =>
  validationError(`Resource ${logicalId} does not exist for stack ${stackName}`);

export const tooManyStacks = (limit: number): Fault =>
  new Fault('LimitExceededException', `stack limit of ${limit} has been exceeded`);

export const templateNotFetched = (detail: string): Fault => validationError(`S3 error: ${detail}`);

export const badTemplateUrl = (): Fault => validationError('TemplateURL must be a supported URL.');

export const oneTemplateOnly = (): Fault =>
  validationError('Either Template URL or Template Body must be specified.');

export const notCancellable = (stackId: string): Fault =>
  validationError(`CancelUpdateStack cannot be called from current stack status on stack ${stackId}`);

export const notContinuable = (stackId: string, status: string): Fault =>
  validationError(`Stack:${stackId} is in ${status} state and can not continue update rollback.`);

export const notRollbackable = (stackId: string, status: string): Fault =>
  validationError(`Stack [${stackId}] is in ${status} state and can not be rolled back.`);

/** For operations that work only on a root change set. The text is our own. */
export const nestedChangeSet = (operation: string, id: string): Fault =>
  validationError(`${operation} cannot be called on the nested change set ${id}; call it on its root.`);
