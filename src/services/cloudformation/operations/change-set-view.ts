// The change tree as DescribeChangeSet shows it.

import type { Change } from '@aws-sdk/client-cloudformation';
import { type ChangeTree, type ResourceChange, shownValue } from '../change/index.ts';

/** `nested`: change sets of nested stacks, by logical id. */
export const viewChanges = (tree: ChangeTree, nested: ReadonlyMap<string, string> = new Map()): Change[] =>
  tree.changes
    .filter(({ action }) => action !== 'none')
    .map((change) => viewChange(change, nested.get(change.logicalId)));

const ACTIONS = {
  add: 'Add',
  modify: 'Modify',
  replace: 'Modify',
  remove: 'Remove',
  none: 'Modify',
} as const;

function viewChange(change: ResourceChange, changeSetId: string | undefined): Change {
  const isModified = change.action === 'modify' || change.action === 'replace';
  return {
    Type: 'Resource',
    ResourceChange: {
      PolicyAction: change.policyAction,
      Action: ACTIONS[change.action],
      LogicalResourceId: change.logicalId,
      PhysicalResourceId: change.physicalId,
      ResourceType: change.type,
      Replacement: isModified ? change.replacement : undefined,
      Scope: change.scope,
      ChangeSetId: changeSetId,
      Details: change.details.map(({ target, evaluation, changeSource, causingEntity }) => ({
        Target: {
          Attribute: target.attribute,
          Name: target.name,
          RequiresRecreation: target.requiresRecreation,
          Path: target.path,
          BeforeValue: shownValue(target.before),
          AfterValue: shownValue(target.after),
          AttributeChangeType: target.attributeChangeType,
        },
        Evaluation: evaluation,
        ChangeSource: changeSource,
        CausingEntity: causingEntity,
      })),
    },
  };
}
