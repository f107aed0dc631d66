// Every error CloudFormation answers, with its exact text.

import { Fault } from '../../wire/fault.ts';

export const validationError = (message: string): Fault => new Fault('ValidationError', message);

export const stackAlreadyExists = (name: string): Fault =>
  new Fault('AlreadyExistsException', `Stack [${name}] already exists`);

export const stackDoesNotExist = (name: string): Fault =>
  validationError(`Stack with id ${name} does not exist`);

/** AWS: DescribeStackResources and its like say it in other words than DescribeStacks. */
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

export const nestedIsNotYours = (operation: string): Fault =>
  validationError(`${operation} cannot be called on a nested stack; call it on the root stack.`);

export const exportInUse = (name: string, by: readonly string[]): string =>
  `Export ${name} cannot be deleted as it is in use by ${by.join(', ')}`;

export const exportTaken = (name: string, by: string): string =>
  `Export with name ${name} is already exported by stack ${by}`;

export const changeSetNotFound = (name: string): Fault =>
  new Fault('ChangeSetNotFoundException', `ChangeSet [${name}] does not exist`);

export const changeSetExists = (name: string): Fault =>
  new Fault(
    'AlreadyExistsException',
    `ChangeSet ${name} cannot be created due to a mismatch with existing attribute Name`,
  );

/** AWS: CREATE is for a stack that is not there; a refused request, not the fault of CreateStack. */
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

export const nestedChangeSet = (operation: string, id: string): Fault =>
  validationError(`${operation} cannot be called on the nested change set ${id}; call it on its root.`);
