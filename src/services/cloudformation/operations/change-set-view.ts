// Converts a change tree into DescribeChangeSet's changes. The store keeps them with all property values; a request
// without IncludePropertyValues gets them without.

import type { Change } from '@aws-sdk/client-cloudformation';
import type { Value } from '../../../control/resource-type.ts';
import { type ChangeTree, type ResourceChange, shownValue } from '../change/index.ts';
import { plainOf } from '../template/node.ts';
import type { EvaluatedObject } from '../template/unknown-value.ts';

/** `nested`: the ids of the change sets of nested stacks, by logical id. */
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
      BeforeContext: contextOf(change.existing?.properties, change.existing?.metadata),
      AfterContext: contextOf(
        change.properties,
        change.declaration?.metadata && plainOf(change.declaration.metadata),
      ),
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

/** AWS: JSON of the properties and, if there is any, the metadata. */
function contextOf(properties: EvaluatedObject | undefined, metadata: Value | undefined): string | undefined {
  if (!properties) return undefined;
  return shownValue({ Properties: properties, ...(metadata !== undefined && { Metadata: metadata }) });
}

/** The changes without property values. AWS: only IncludePropertyValues shows them. */
export function withoutValues(changes: readonly Change[]): Change[] {
  return changes.map(({ ResourceChange: change, ...rest }) => {
    if (!change) return rest;
    const { BeforeContext: _before, AfterContext: _after, ...shown } = change;
    const Details = change.Details?.map(({ Target, ...detail }) => ({
      ...detail,
      Target: {
        Attribute: Target?.Attribute,
        Name: Target?.Name,
        RequiresRecreation: Target?.RequiresRecreation,
      },
    }));
    return { ...rest, ResourceChange: { ...shown, Details } };
  });
}
