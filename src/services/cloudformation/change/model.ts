// The types of a planned change and of the two sides that the planner compares. It contains no decisions.

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

/** A resource that exists in the stack. */
export interface ExistingResource {
  type: string;
  physicalId: string;
  /** What `Ref` returns. */
  ref: Value;
  attributes: Readonly<Record<string, Value>>;
  /** As evaluated at its last change, with unresolved dynamic references and without the stack's tags. */
  properties: Properties;
  metadata?: Value | undefined;
}

/** The deployed stack. */
export interface StackBefore {
  template: Template;
  /** Values by declared name. */
  parameters: ReadonlyMap<string, Value>;
  tags: Readonly<Record<string, string>>;
  resources: ReadonlyMap<string, ExistingResource>;
  outputs: ReadonlyMap<string, Value>;
  /** By the output's name. */
  exportNames?: ReadonlyMap<string, string> | undefined;
}

/** The definition to deploy. */
export interface StackAfter {
  template: Template;
  stack: StackIdentity;
  /** Unknown when a nested stack's parameter depends on a resource that does not exist yet. */
  parameters: ReadonlyMap<string, Evaluated>;
  tags: Readonly<Record<string, string>>;
}

/** What the planner needs. */
export interface ChangeInput {
  /** Absent when the stack is created. */
  before?: StackBefore | undefined;
  after: StackAfter;
  specs: ResourceSpecs;
  resourceType(type: string): Pick<ResourceType, 'update' | 'replaces' | 'recordedOnly'> | undefined;
  exported: EvaluationContext['exported'];
  zones: EvaluationContext['zones'];
  /** Logical ids of the nested stacks whose own plans have no changes. */
  unchanged?: ReadonlySet<string> | undefined;
  /** The two sides of a nested stack. `undefined`: its template is not fetched, and the execution decides. */
  nested?(
    logicalId: string,
    properties: EvaluatedObject,
  ): { before?: StackBefore | undefined; after: StackAfter } | undefined;
}

/** The plan of an operation on a stack. */
export interface ChangeTree {
  /** Additions and modifications in the order of their dependencies, then removals in the opposite order. */
  changes: ResourceChange[];
  /** The dependencies among the resources of the new definition. */
  dependencies: Dependencies;
  /** The dependencies among the existing resources: dependents are removed first. */
  dependenciesBefore: Dependencies;
  conditions: ReadonlyMap<string, boolean>;
  outputs: EvaluatedOutput[];
  outputsChange: boolean;
  /** Whether the stack's own tags change, even if no resource has them. */
  tagsChange: boolean;
}

/** `none`: the resource does not change. */
export type ChangeAction = 'add' | 'modify' | 'replace' | 'remove' | 'none';

/** The plan for one resource. */
export interface ResourceChange {
  logicalId: string;
  type: string;
  action: ChangeAction;
  /** The physical id of the existing resource. */
  physicalId?: string;
  /** `Conditional`: whether the modification replaces the resource depends on values that are not known yet. */
  replacement: 'True' | 'False' | 'Conditional';
  scope: ChangedAttribute[];
  details: ChangeDetail[];
  /** What happens to the old resource; `ReplaceAnd…` for a replacement. */
  policyAction?: `${'' | 'ReplaceAnd'}${'Delete' | 'Retain' | 'Snapshot'}`;
  /** The new declaration; absent for a removal. */
  declaration?: ResourceDeclaration;
  /** The new properties, evaluated as far as possible and coerced; absent for a removal. */
  properties?: EvaluatedObject;
  updatePolicy?: Evaluated;
  existing?: ExistingResource;
  /** The name that the template gives to both the old and the new resource, which makes the replacement impossible. */
  fixedName?: string;
  nested?: ChangeTree;
}

/** Whether the plan changes anything. If not, UpdateStack answers "No updates are to be performed." */
export const hasChanges = (tree: ChangeTree): boolean =>
  tree.outputsChange || tree.tagsChange || tree.changes.some((change) => change.action !== 'none');
