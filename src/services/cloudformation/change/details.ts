// Why a resource changes, in the terms of DescribeChangeSet: which attribute, by what cause, and whether the change is
// certain before the execution.

import type { Value } from '../../../control/resource-type.ts';
import { type ObjectNode, sameNode, type TemplateNode } from '../template/node.ts';
import { referencesIn } from '../template/references.ts';
import type { ResourceDeclaration } from '../template/resource-declaration.ts';
import { type Cause, causesIn, causeText, type Evaluated, Unknown } from '../template/unknown-value.ts';
import { type PropertyChange, type RequiresRecreation, sameValue } from './compare.ts';

/** AWS's names of what can change in a resource. */
export type ChangedAttribute =
  | 'Properties'
  | 'Metadata'
  | 'CreationPolicy'
  | 'UpdatePolicy'
  | 'DeletionPolicy'
  | 'UpdateReplacePolicy'
  | 'Tags';

/** One cause of one change. */
export interface ChangeDetail {
  target: {
    attribute: ChangedAttribute;
    /** The property's name. */
    name?: string;
    /** `/Properties/Port`. */
    path: string;
    requiresRecreation: RequiresRecreation;
    attributeChangeType: 'Add' | 'Remove' | 'Modify';
    before?: Value;
    /** May contain Unknowns, which AWS shows as {{changeSet:KNOWN_AFTER_APPLY}}. */
    after?: Evaluated;
  };
  evaluation: 'Static' | 'Dynamic';
  changeSource:
    | 'ResourceReference'
    | 'ParameterReference'
    | 'ResourceAttribute'
    | 'DirectModification'
    | 'Automatic';
  causingEntity?: string;
}

/** What the causes of a change are found in. */
export interface DetailContext {
  /** The declared properties. */
  before: ObjectNode | undefined;
  after: ObjectNode;
  parametersBefore: ReadonlyMap<string, Evaluated>;
  parametersAfter: ReadonlyMap<string, Evaluated>;
  conditions: ReadonlyMap<string, boolean>;
}

/** Every cause of one property's change. */
export function propertyDetails(change: PropertyChange, context: DetailContext): ChangeDetail[] {
  const target: ChangeDetail['target'] = {
    attribute: 'Properties',
    name: change.name,
    path: `/Properties/${change.name}`,
    requiresRecreation: change.requiresRecreation,
    attributeChangeType:
      change.before === undefined ? 'Add' : change.after === undefined ? 'Remove' : 'Modify',
    ...(change.before !== undefined && { before: change.before }),
    ...(change.after !== undefined && { after: change.after }),
  };
  const node = context.after.entries.get(change.name)?.value;
  const rewritten = !sameNode(context.before?.entries.get(change.name)?.value, node);
  const fromResources = causesIn(change.after ?? null).flatMap((cause): ChangeDetail[] => {
    const source = RESOURCE_SOURCES[cause.kind];
    if (!source) return [];
    return [{ target, evaluation: 'Dynamic', changeSource: source, causingEntity: causeText(cause) }];
  });
  const fromParameters = changedParameters(node, context).map(
    (name): ChangeDetail => ({
      target,
      evaluation: 'Static',
      changeSource: 'ParameterReference',
      causingEntity: name,
    }),
  );
  const details = [...fromResources, ...fromParameters];
  if (rewritten || details.length === 0) {
    details.push({
      target,
      evaluation: causesIn(change.after ?? null).length > 0 ? 'Dynamic' : 'Static',
      changeSource: 'DirectModification',
    });
  } else if (fromParameters.length > 0) {
    // AWS: next to a changed parameter it also lists a possible direct modification.
    details.push({ target, evaluation: 'Dynamic', changeSource: 'DirectModification' });
  }
  return details;
}

const RESOURCE_SOURCES: Partial<Record<Cause['kind'], ChangeDetail['changeSource']>> = {
  reference: 'ResourceReference',
  attribute: 'ResourceAttribute',
  parameter: 'ParameterReference',
};

function changedParameters(node: TemplateNode | undefined, context: DetailContext): string[] {
  if (!node) return [];
  const names = referencesIn(node, context.conditions).flatMap((reference) =>
    reference.kind === 'name' && context.parametersAfter.has(reference.name) ? [reference.name] : [],
  );
  return [...new Set(names)].filter(
    (name) => !sameValue(context.parametersBefore.get(name), context.parametersAfter.get(name)),
  );
}

const ATTRIBUTES = [
  ['Metadata', 'metadata'],
  ['CreationPolicy', 'creationPolicy'],
  ['UpdatePolicy', 'updatePolicy'],
] as const;

const POLICIES = [
  ['DeletionPolicy', 'deletionPolicy'],
  ['UpdateReplacePolicy', 'updateReplacePolicy'],
] as const;

/** The changes of attributes other than properties. None of them replaces the resource. */
export function attributeDetails(before: ResourceDeclaration, after: ResourceDeclaration): ChangeDetail[] {
  const nodes = ATTRIBUTES.filter(([, field]) => !sameNode(before[field], after[field])).map(
    ([attribute, field]) => attributeDetail(attribute, before[field], after[field]),
  );
  const policies = POLICIES.filter(([, field]) => before[field] !== after[field]).map(([attribute, field]) =>
    attributeDetail(attribute, before[field], after[field]),
  );
  return [...nodes, ...policies];
}

function attributeDetail(attribute: ChangedAttribute, before: unknown, after: unknown): ChangeDetail {
  return {
    target: {
      attribute,
      path: `/${attribute}`,
      requiresRecreation: 'Never',
      attributeChangeType: before === undefined ? 'Add' : after === undefined ? 'Remove' : 'Modify',
    },
    evaluation: 'Static',
    changeSource: 'DirectModification',
  };
}

/** The stack's tags changed, and the resource has them. */
export const tagDetail: ChangeDetail = {
  target: { attribute: 'Tags', path: '/Tags', requiresRecreation: 'Never', attributeChangeType: 'Modify' },
  evaluation: 'Static',
  changeSource: 'DirectModification',
};

/** AWS: the changes of a nested stack are not known before the execution. */
export const automaticDetail: ChangeDetail = {
  target: {
    attribute: 'Properties',
    path: '/Properties',
    requiresRecreation: 'Never',
    attributeChangeType: 'Modify',
  },
  evaluation: 'Dynamic',
  changeSource: 'Automatic',
};

/** AWS's placeholder for a value that is not known before the execution. */
export const KNOWN_AFTER_APPLY = '{{changeSet:KNOWN_AFTER_APPLY}}';

/** The value as BeforeValue and AfterValue show it: a string as it is, everything else as JSON. */
export function shownValue(value: Evaluated | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (value instanceof Unknown) return KNOWN_AFTER_APPLY;
  if (typeof value === 'string') return value;
  return JSON.stringify(value, (_, part: unknown) => (part instanceof Unknown ? KNOWN_AFTER_APPLY : part));
}
