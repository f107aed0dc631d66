// The shape of a planned change, and of the two sides that it is planned from. Nothing is decided here.

import type { Properties, ResourceType, Value } from '../../../control/resource-type.ts';
import type { ResourceSpecs } from '../resource-spec.ts';
import type { EvaluationContext } from '../template/evaluation-context.ts';
import type { Dependencies } from '../template/graph.ts';
import type { StackIdentity } from '../template/pseudo-parameters.ts';
import type { ResourceDeclaration } from '../template/resource-declaration.ts';
import type { EvaluatedOutput } from '../template/stack-context.ts';
import type { Template } from '../template/template.ts';
import type { Evaluated, EvaluatedObject } from '../template/unknown-value.ts';
import type { ChangeDetail, ChangedAttribute } from './details.ts';

/** A resource that the stack has. */
export interface ExistingResource {
  type: string;
  physicalId: string;
  /** What `Ref` gives. */
  ref: Value;
  attributes: Readonly<Record<string, Value>>;
  /** As evaluated when it was made or last changed; dynamic references unresolved, stack tags not merged in. */
  properties: Properties;
  metadata?: Value | undefined;
}

export interface StackBefore {
  template: Template;
  /** Values, by declared name. */
  parameters: ReadonlyMap<string, Value>;
  tags: Readonly<Record<string, string>>;
  resources: ReadonlyMap<string, ExistingResource>;
  outputs: ReadonlyMap<string, Value>;
  /** By the output's name. */
  exportNames?: ReadonlyMap<string, string> | undefined;
}

export interface StackAfter {
  template: Template;
  stack: StackIdentity;
  /** Unknown where a nested stack is handed what is not made yet. */
  parameters: ReadonlyMap<string, Evaluated>;
  tags: Readonly<Record<string, string>>;
}

export interface ChangeInput {
  /** Absent when the stack is created. */
  before?: StackBefore | undefined;
  after: StackAfter;
  specs: ResourceSpecs;
  resourceType(type: string): Pick<ResourceType, 'update' | 'replaces' | 'recordedOnly'> | undefined;
  exported: EvaluationContext['exported'];
  zones: EvaluationContext['zones'];
  /** Nested stacks that were looked into, and in which nothing changes. */
  unchanged?: ReadonlySet<string> | undefined;
  /** The two sides of a nested stack, whose template was fetched before; `undefined` leaves it to the execution. */
  nested?(
    logicalId: string,
    properties: EvaluatedObject,
  ): { before?: StackBefore | undefined; after: StackAfter } | undefined;
}

export interface ChangeTree {
  /** Additions and changes in the order of their dependencies, then removals, each before what it needs. */
  changes: ResourceChange[];
  /** Among the resources that will be: who needs whom. */
  dependencies: Dependencies;
  /** Among those that are: a removal waits for the removal of all that need it. */
  dependenciesBefore: Dependencies;
  conditions: ReadonlyMap<string, boolean>;
  outputs: EvaluatedOutput[];
  outputsChange: boolean;
  /** The stack's own, whether or not any resource bears them. */
  tagsChange: boolean;
}

export type ChangeAction = 'add' | 'modify' | 'replace' | 'remove' | 'none';

export interface ResourceChange {
  logicalId: string;
  type: string;
  action: ChangeAction;
  /** Of what exists. */
  physicalId?: string;
  /** `Conditional`: a modification that may turn out as a replacement when its values are known. */
  replacement: 'True' | 'False' | 'Conditional';
  scope: ChangedAttribute[];
  details: ChangeDetail[];
  /** What becomes of the old one: of a removal `Delete`, `Retain` or `Snapshot`, of a replacement `ReplaceAnd…`. */
  policyAction?: `${'' | 'ReplaceAnd'}${'Delete' | 'Retain' | 'Snapshot'}`;
  /** As it will be declared; absent for a removal. */
  declaration?: ResourceDeclaration;
  /** Evaluated as far as is known, and coerced; absent for a removal. */
  properties?: EvaluatedObject;
  updatePolicy?: Evaluated;
  existing?: ExistingResource;
  /** A replacement that cannot be made beside the old one: the name that the template fixes. */
  fixedName?: string;
  nested?: ChangeTree;
}

/** False means "No updates are to be performed." */
export const hasChanges = (tree: ChangeTree): boolean =>
  tree.outputsChange || tree.tagsChange || tree.changes.some((change) => change.action !== 'none');
