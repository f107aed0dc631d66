// What CloudFormation keeps of a stack: plain data, no rules. Times are milliseconds since the epoch.

import type {
  Change,
  ChangeSetStatus,
  ExecutionStatus,
  ResourceStatus,
  StackStatus,
} from '@aws-sdk/client-cloudformation';
import type { Scope } from '../../../aws/scope.ts';
import type { Properties, Value } from '../../../control/resource-type.ts';
import type { DeletionPolicy } from '../template/resource-declaration.ts';

export type { ChangeSetStatus, ExecutionStatus, ResourceStatus, StackStatus };

export interface StackRecord {
  /** The ARN, which ends in the stack's uuid. */
  stackId: string;
  stackName: string;
  scope: Scope;
  status: StackStatus;
  statusReason?: string | undefined;
  /** Why an operation last turned round, kept when the status is another. */
  lastFailure?: string | undefined;
  createdAt: number;
  updatedAt?: number | undefined;
  deletedAt?: number | undefined;
  /** Of what is deployed: absent before the first success. */
  definitionId?: string | undefined;
  /** Of a nested stack: what its parent last wanted, and what there was before. */
  lastTarget?: string | undefined;
  definitionBefore?: string | undefined;
  /** Definitions that were deployed or tried, and are still held by something. */
  oldDefinitions?: string[] | undefined;
  outputs: StackOutput[];
  /** Names of exports that its template imports. */
  imports: string[];
  operation?: StackOperation | undefined;
  /** A rollback that failed, or an update that was left as it failed; it can be gone on with. */
  haltedOperation?: StackOperation | undefined;
  /** Of nested stacks. */
  parentId?: string | undefined;
  rootId?: string | undefined;
  terminationProtected: boolean;
  disableRollback: boolean;
  timeoutMinutes?: number | undefined;
  policy?: string | undefined;
  /** Of the change set that it was made or last changed by, or under review: is to be made by. */
  changeSetId?: string | undefined;
  /** The last that was given with a request for an operation. */
  clientRequestToken?: string | undefined;
  /** How many events it has had. */
  eventCount: number;
}

/** The change under way. Ended by its absence. */
export interface StackOperation {
  /** Tokens come from it: the same through every restart. */
  id: string;
  kind: 'create' | 'update' | 'delete';
  /**
   * Of an update that follows one that failed and was left as it was: the first such, before which the stack was last
   * whole.
   */
  baseId?: string | undefined;
  /**
   * `apply` towards the target; `revert` back to what was (or, of a create, to nothing); `cleanup` of what was replaced
   * or removed; `delete` of everything.
   */
  step: 'apply' | 'revert' | 'cleanup' | 'delete';
  since: number;
  /** What an `apply` works towards. */
  targetId?: string | undefined;
  onFailure: 'ROLLBACK' | 'DELETE' | 'DO_NOTHING';
  /** What it creates goes when it is taken back, whatever its deletion policy says. */
  retainExceptOnCreate?: boolean | undefined;
  /** Why it turned round. */
  failure?: string | undefined;
  /** The user's wish to stop; the next look at it turns round. */
  cancelled?: boolean | undefined;
  /** Logical ids that a delete leaves alone, or that a continued rollback takes for done. */
  skipped: string[];
  /** Stack policy for this update only. */
  policyDuringUpdate?: string | undefined;
}

/** What is to be deployed; its text lies apart, under the same id. */
export interface Definition {
  id: string;
  description?: string | undefined;
  parameters: DefinedParameter[];
  tags: Record<string, string>;
  capabilities: string[];
  notificationArns: string[];
  roleArn?: string | undefined;
}

export interface DefinedParameter {
  name: string;
  text: string;
  resolvedText?: string | undefined;
  value: Value;
  noEcho: boolean;
}

export interface StackOutput {
  name: string;
  value: string;
  description?: string | undefined;
  exportName?: string | undefined;
}

/** One logical id of one stack. */
export interface ResourceRecord {
  stackId: string;
  logicalId: string;
  type: string;
  status: ResourceStatus;
  statusReason?: string | undefined;
  changedAt: number;
  /** What there is; absent before it is made and after it is gone. */
  made?: MadeResource | undefined;
  /** Of what is gone. */
  lastPhysicalId?: string | undefined;
  /** What is being done to it, written down before it is begun. */
  action?: ResourceAction | undefined;
  /** The operation and step that it is done with: `OPERATION/STEP`. */
  settledIn?: string | undefined;
  /** As it was before the operation changed it; `made` absent: it was not there. */
  before?: { operationId: string; made?: MadeResource | undefined } | undefined;
  /** What was replaced, or failed half-way, and is still to be deleted. */
  leftovers: MadeResource[];
  signals: ResourceSignal[];
}

/** A physical resource with all that is needed to put it back or to delete it. */
export interface MadeResource {
  /** Absent when an attempt was broken off before it could tell. */
  physicalId?: string | undefined;
  /** With which it was made: how to find one that has no id yet. */
  token: string;
  properties: Properties;
  tags: Record<string, string>;
  attributes: Record<string, Value>;
  ref: Value;
  /** Logical ids that it was made after. */
  needs: string[];
  deletionPolicy?: DeletionPolicy | undefined;
  updateReplacePolicy?: DeletionPolicy | undefined;
  metadata?: Value | undefined;
  creationPolicy?: Value | undefined;
}

export interface ResourceAction {
  kind: 'create' | 'update' | 'replace' | 'delete';
  token: string;
  /** The operation that wants it. */
  operationId: string;
  since: number;
  /** What it will be when it has succeeded. */
  wanted?: MadeResource | undefined;
}

export interface ResourceSignal {
  uniqueId: string;
  status: 'SUCCESS' | 'FAILURE';
}

export interface StackEventRecord {
  eventId: string;
  stackId: string;
  stackName: string;
  logicalId: string;
  physicalId?: string | undefined;
  type: string;
  at: number;
  status: string;
  reason?: string | undefined;
  /** JSON. */
  properties?: string | undefined;
  clientRequestToken?: string | undefined;
}

export interface ChangeSetRecord {
  changeSetId: string;
  changeSetName: string;
  stackId: string;
  stackName: string;
  type: 'CREATE' | 'UPDATE';
  description?: string | undefined;
  createdAt: number;
  status: ChangeSetStatus;
  statusReason?: string | undefined;
  executionStatus: ExecutionStatus;
  /** Without a text where a transform failed. */
  definitionId: string;
  onFailure?: StackOperation['onFailure'] | undefined;
  /** As DescribeChangeSet answers them, values and all. */
  changes: Change[];
  /** Whether it was to look into nested stacks. */
  includesNested?: boolean | undefined;
  /** Of a root: where the change sets of nested stacks lie, those of theirs too. */
  nested?: { stackId: string; changeSetName: string }[] | undefined;
  /** Of one for a nested stack. */
  parentChangeSetId?: string | undefined;
  rootChangeSetId?: string | undefined;
}
