// Change sets of nested stacks, made along with their root's: what each of them would change, and nothing of those in
// which nothing does. A nested stack that is new, or whose parameters are known only later, has none.

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

export const newChangeSetId = (scope: Scope, name: string): string =>
  renderArn('cloudformation', scope, `changeSet/${name}/${randomUUID()}`);

export interface NestedChangeSet {
  record: ChangeSetRecord;
  prepared: Prepared;
}

export interface Descent {
  tree: ChangeTree;
  /** Of the nested stacks right below, by logical id. */
  ids: ReadonlyMap<string, string>;
  /** On all levels. */
  sets: NestedChangeSet[];
}

interface Root {
  changeSetName: string;
  changeSetId: string;
}

/** Throws faults and TemplateErrors, of the nested templates too. */
export async function descend(
  cf: CloudFormation,
  root: Root,
  parentChangeSetId: string,
  { stack, prepared }: { stack: StackRecord; prepared: Prepared },
): Promise<Descent> {
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
    // What is known not to change makes known what others are handed of it.
    if (unchanged.size > known) continue;
    const ids = [...found].map(([logicalId, [own]]) => [logicalId, own!.record.changeSetId] as const);
    return { tree, ids: new Map(ids), sets: [...found.values()].flat() };
  }
}

/** Its own first, then those of what is nested in it. `undefined`: nothing can be said yet. */
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
  const name = `${root.changeSetName.slice(0, 60)}-${logicalId.slice(0, 54)}-${definitionId.slice(0, 8)}`;
  const changeSetId = newChangeSetId(scope, name);
  const below = await descend(cf, root, changeSetId, { stack, prepared });
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

/** In the transaction that keeps the root. */
export function keepNested(cf: CloudFormation, scope: Scope, sets: readonly NestedChangeSet[]): void {
  for (const { record, prepared } of sets) {
    keepDefinition(cf, scope, prepared);
    cf.records.changeSets.put(scope, record.stackId, record.changeSetName, record);
  }
}

/** They go with their root, or when it is carried out: their stacks are changed by their parents. */
export function forgetNested(cf: CloudFormation, scope: Scope, { nested = [] }: ChangeSetRecord): void {
  for (const { stackId, changeSetName } of nested) {
    const found = cf.records.changeSets.get(scope, stackId, changeSetName);
    if (!found) continue;
    cf.records.changeSets.delete(scope, stackId, changeSetName);
    forgetDefinition(cf, scope, found.definitionId);
  }
}

export const placesOf = (sets: readonly NestedChangeSet[]): ChangeSetRecord['nested'] =>
  sets.map(({ record: { stackId, changeSetName } }) => ({ stackId, changeSetName }));

/** The stack that has the change set as a nested one is changed by its parent alone. */
export const isNested = (record: Pick<ChangeSetRecord, 'rootChangeSetId'>): boolean =>
  record.rootChangeSetId !== undefined;
