// Change sets of nested stacks, which CreateChangeSet creates together with the root's. A nested stack has none when
// nothing in it changes, when it is new, or when its parameters are not known yet.

import { randomUUID } from 'node:crypto';
import { renderArn } from '../../../aws/arn.ts';
import type { Scope } from '../../../aws/scope.ts';
import type { Properties } from '../../../control/resource-type.ts';
import { type ChangeTree, hasChanges, type ResourceChange } from '../change/index.ts';
import type { CloudFormation } from '../context.ts';
import { NESTED_STACK } from '../execution/decide.ts';
import { changeTreeFor } from '../stack/changes.ts';
import { forgetDefinition, keepDefinition } from '../stack/definitions.ts';
import { isGone } from '../stack/lookup.ts';
import type { ChangeSetRecord, StackRecord } from '../stack/model.ts';
import type { Prepared } from '../stack/prepare.ts';
import { prepareNested } from '../stack/prepare-nested.ts';
import { getStack } from '../stack/stacks.ts';
import { isKnown } from '../template/unknown-value.ts';
import { viewChanges } from './change-set-view.ts';

/** The ARN of a new change set. */
export const newChangeSetId = (scope: Scope, name: string): string =>
  renderArn('cloudformation', scope, `changeSet/${name}/${randomUUID()}`);

/** A nested stack's change set that is not stored yet. */
export interface NestedChangeSet {
  record: ChangeSetRecord;
  prepared: Prepared;
}

/** The plan of a stack with those of its nested stacks. */
export interface DeepPlan {
  tree: ChangeTree;
  /** The ids of the direct children's change sets, by logical id. */
  ids: ReadonlyMap<string, string>;
  /** The change sets of all levels. */
  sets: NestedChangeSet[];
}

interface Root {
  changeSetName: string;
  changeSetId: string;
}

/** Plans the stack and its nested stacks. Rejects with faults and TemplateErrors, also of nested templates. */
export async function planDeep(
  cf: CloudFormation,
  root: Root,
  parentChangeSetId: string,
  { stack, prepared }: { stack: StackRecord; prepared: Prepared },
): Promise<DeepPlan> {
  const found = new Map<string, NestedChangeSet[]>();
  const unchanged = new Set<string>();
  for (;;) {
    const tree = await changeTreeFor(cf, stack, prepared, unchanged);
    const known = unchanged.size;
    for (const change of tree.changes) {
      if (found.has(change.logicalId) || unchanged.has(change.logicalId)) continue;
      const below = await nestedOf(cf, root, parentChangeSetId, change, prepared.definition.tags);
      if (below === 'unchanged') unchanged.add(change.logicalId);
      else if (below) found.set(change.logicalId, below);
    }
    // An unchanged nested stack has known outputs, which can make the parameters of others known.
    if (unchanged.size > known) continue;
    const ids = [...found].map(([logicalId, [own]]) => [logicalId, own!.record.changeSetId] as const);
    return { tree, ids: new Map(ids), sets: [...found.values()].flat() };
  }
}

/** The nested stack's own change set, then those inside it. `undefined`: its change is not known yet. */
async function nestedOf(
  cf: CloudFormation,
  root: Root,
  parentChangeSetId: string,
  { type, action, logicalId, physicalId, properties = {} }: ResourceChange,
  tags: Record<string, string>,
): Promise<NestedChangeSet[] | 'unchanged' | undefined> {
  if (type !== NESTED_STACK || action !== 'modify' || !physicalId || !isKnown(properties)) return undefined;
  const stack = getStack(cf, physicalId);
  if (!stack || isGone(stack) || stack.definitionId === undefined) return undefined;
  const definitionId = randomUUID();
  const { scope } = stack;
  const request = { properties: properties as Properties, scope, tags };
  const prepared = await prepareNested(cf, request, stack, definitionId);
  if (prepared.failedTransform) throw prepared.failedTransform;
  const name = `${root.changeSetName.slice(0, 60)}-${logicalId.slice(0, 54)}-${definitionId.slice(0, 8)}`;
  const changeSetId = newChangeSetId(scope, name);
  const below = await planDeep(cf, root, changeSetId, { stack, prepared });
  if (!hasChanges(below.tree)) return 'unchanged';
  const record: ChangeSetRecord = {
    changeSetId,
    changeSetName: name,
    stackId: stack.stackId,
    stackName: stack.stackName,
    type: 'UPDATE',
    createdAt: cf.clock.now(),
    status: 'CREATE_COMPLETE',
    executionStatus: 'AVAILABLE',
    definitionId,
    changes: viewChanges(below.tree, below.ids),
    includesNested: true,
    parentChangeSetId,
    rootChangeSetId: root.changeSetId,
  };
  return [{ record, prepared }, ...below.sets];
}

/** Stores the change sets. Call it in the transaction that stores the root's. */
export function keepNested(cf: CloudFormation, scope: Scope, sets: readonly NestedChangeSet[]): void {
  for (const { record, prepared } of sets) {
    keepDefinition(cf, scope, prepared);
    cf.records.changeSets.put(scope, record.stackId, record.changeSetName, record);
  }
}

/** Deletes the nested change sets of a root that is deleted or executed. The parents update the nested stacks. */
export function forgetNested(cf: CloudFormation, scope: Scope, { nested = [] }: ChangeSetRecord): void {
  for (const { stackId, changeSetName } of nested) {
    const found = cf.records.changeSets.get(scope, stackId, changeSetName);
    if (!found) continue;
    cf.records.changeSets.delete(scope, stackId, changeSetName);
    forgetDefinition(cf, scope, found.definitionId);
  }
}

/** The references that the root's record keeps. */
export const referencesTo = (sets: readonly NestedChangeSet[]): ChangeSetRecord['nested'] =>
  sets.map(({ record: { stackId, changeSetName } }) => ({ stackId, changeSetName }));

/** Whether it belongs to a nested stack. Such a change set is executed and deleted only through its root. */
export const isNested = (record: Pick<ChangeSetRecord, 'rootChangeSetId'>): boolean =>
  record.rootChangeSetId !== undefined;
