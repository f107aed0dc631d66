// The records that CloudFormation stores about a stack: plain data, no rules. Times are milliseconds since the epoch.

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

/** A stack. Deleted stacks keep their record. */
export interface StackRecord {
  /** The ARN, which ends in the stack's UUID. */
  stackId: string;
  stackName: string;
  scope: Scope;
  status: StackStatus;
  statusReason?: string | undefined;
  /** Why the last rollback began; it stays when the status changes. */
  lastFailure?: string | undefined;
  createdAt: number;
  updatedAt?: number | undefined;
  deletedAt?: number | undefined;
  /** The deployed definition; absent before the first success. */
  definitionId?: string | undefined;
  /** Of a nested stack: the definition that its parent last requested. */
  lastTarget?: string | undefined;
  /** Of a nested stack: the definition that was deployed before `lastTarget`. */
  definitionBefore?: string | undefined;
  /** Superseded definitions that something may still refer to. */
  oldDefinitions?: string[] | undefined;
  outputs: StackOutput[];
  /** The names of the exports that the template imports. */
  imports: string[];
  operation?: StackOperation | undefined;
  /** A failed rollback, or a failed update with rollback disabled. A later operation can continue it. */
  haltedOperation?: StackOperation | undefined;
  /** Only nested stacks have a parent and a root. */
  parentId?: string | undefined;
  rootId?: string | undefined;
  terminationProtected: boolean;
  disableRollback: boolean;
  timeoutMinutes?: number | undefined;
  policy?: string | undefined;
  /** The change set that created or last changed the stack or, in REVIEW_IN_PROGRESS, that will create it. */
  changeSetId?: string | undefined;
  /** The token of the last request that started an operation. */
  clientRequestToken?: string | undefined;
  /** The number of events so far, including dropped ones. */
  eventCount: number;
}

/** The operation under way. The record has none when no operation is under way. */
export interface StackOperation {
  /** Idempotency tokens derive from it, so that they stay the same after a restart. */
  id: string;
  kind: 'create' | 'update' | 'delete';
  /**
   * Of an update that follows failed updates with rollback disabled: the id of the first failed one. The stack was
   * last consistent before it.
   */
  baseId?: string | undefined;
  /**
   * `apply` creates and changes resources towards the target. `revert` restores what was there before, which for a
   * create is nothing. `cleanup` deletes what was replaced or removed. `delete` deletes everything.
   */
  step: 'apply' | 'revert' | 'cleanup' | 'delete';
  since: number;
  /** The definition that `apply` works towards. */
  targetId?: string | undefined;
  onFailure: 'ROLLBACK' | 'DELETE' | 'DO_NOTHING';
  /** Whether a rollback deletes new resources even if their deletion policy is Retain. */
  retainExceptOnCreate?: boolean | undefined;
  /** Why a transform of the target failed, in one sentence: the operation rolls back without any change. */
  failedTransform?: string | undefined;
  /** Why the rollback began. */
  failure?: string | undefined;
  /** The user cancelled the update: the executor's next pass begins the rollback. */
  cancelled?: boolean | undefined;
  /** Logical ids that a delete retains, or that a continued rollback treats as done. */
  skipped: string[];
  /** The stack policy for this update only. */
  policyDuringUpdate?: string | undefined;
}

/** What a stack is deployed from. The template's text is stored separately, under the same id. */
export interface Definition {
  id: string;
  description?: string | undefined;
  parameters: DefinedParameter[];
  tags: Record<string, string>;
  capabilities: string[];
  notificationArns: string[];
  roleArn?: string | undefined;
}

/** A parameter with its resolved value; see ResolvedParameter. */
export interface DefinedParameter {
  name: string;
  text: string;
  resolvedText?: string | undefined;
  value: Value;
  noEcho: boolean;
}

/** An output of the deployed stack, evaluated. */
export interface StackOutput {
  name: string;
  value: string;
  description?: string | undefined;
  exportName?: string | undefined;
}

/** The state of one logical id of one stack. */
export interface ResourceRecord {
  stackId: string;
  logicalId: string;
  type: string;
  status: ResourceStatus;
  statusReason?: string | undefined;
  changedAt: number;
  /** The physical resource; absent before its creation and after its deletion. */
  made?: MadeResource | undefined;
  /** The physical id of the deleted resource. */
  lastPhysicalId?: string | undefined;
  /** The action under way; the executor stores it before the action begins. */
  action?: ResourceAction | undefined;
  /** The operation and step that have finished with the resource: `OPERATION/STEP`. */
  settledIn?: string | undefined;
  /** The resource before the operation changed it. `made` is absent when the resource did not exist. */
  before?: { operationId: string; made?: MadeResource | undefined } | undefined;
  /** Replaced resources and failed creations that are still to be deleted. */
  leftovers: MadeResource[];
  signals: ResourceSignal[];
}

/** A physical resource, with everything that its restoration or deletion needs. */
export interface MadeResource {
  /** Absent when a creation was interrupted before the provider returned the id. */
  physicalId?: string | undefined;
  /** The idempotency token of its creation, which finds the resource when the id is not known. */
  token: string;
  properties: Properties;
  tags: Record<string, string>;
  attributes: Record<string, Value>;
  ref: Value;
  /** The logical ids that it depends on. */
  needs: string[];
  deletionPolicy?: DeletionPolicy | undefined;
  updateReplacePolicy?: DeletionPolicy | undefined;
  metadata?: Value | undefined;
  creationPolicy?: Value | undefined;
}

/** An action on a resource that has begun. */
export interface ResourceAction {
  kind: 'create' | 'update' | 'replace' | 'delete';
  /** The idempotency token. */
  token: string;
  /** The operation that the action belongs to. */
  operationId: string;
  since: number;
  /** The resource after the action has succeeded. */
  wanted?: MadeResource | undefined;
}

/** What SignalResource sent for a resource with a creation policy. */
export interface ResourceSignal {
  uniqueId: string;
  status: 'SUCCESS' | 'FAILURE';
}

/** One event of a stack, as DescribeStackEvents shows it. */
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

/** A change set of a root stack or of a nested stack. */
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
  /** Its processed template has no resources when a transform failed. */
  definitionId: string;
  onFailure?: StackOperation['onFailure'] | undefined;
  /** As DescribeChangeSet answers them, with property values. */
  changes: Change[];
  /** IncludeNestedStacks of the request. */
  includesNested?: boolean | undefined;
  /** Of a root change set: the change sets of all nested stacks, at every level. */
  nested?: { stackId: string; changeSetName: string }[] | undefined;
  /** Only change sets of nested stacks have a parent and a root. */
  parentChangeSetId?: string | undefined;
  rootChangeSetId?: string | undefined;
}
