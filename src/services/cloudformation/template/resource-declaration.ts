// Reads one member of Resources and checks the shape of its attributes. validate-properties.ts checks the properties.

import { formatError, type TemplateIssue } from './issues.ts';
import { type Entry, member, type ObjectNode, type Place, type TemplateNode, textOf } from './node.ts';

/** AWS's deletion policies. */
export type DeletionPolicy = 'Delete' | 'Retain' | 'RetainExceptOnCreate' | 'Snapshot';

/** A declared resource. */
export interface ResourceDeclaration {
  logicalId: string;
  type: string;
  properties: ObjectNode;
  dependsOn: readonly { logicalId: string; place: Place }[];
  condition?: string | undefined;
  deletionPolicy?: DeletionPolicy | undefined;
  updateReplacePolicy?: DeletionPolicy | undefined;
  /** The policies and metadata are not evaluated and may contain calls. */
  updatePolicy?: TemplateNode | undefined;
  creationPolicy?: TemplateNode | undefined;
  metadata?: TemplateNode | undefined;
  /** The place of the logical id. */
  place: Place;
}

const ATTRIBUTES = new Set([
  'Comment',
  'Condition',
  'CreationPolicy',
  'DeletionPolicy',
  'DependsOn',
  'Description',
  'Metadata',
  'Properties',
  'Type',
  'UpdatePolicy',
  'UpdateReplacePolicy',
  'Version',
]);

const UPDATE_POLICIES = new Set([
  'AutoScalingReplacingUpdate',
  'AutoScalingRollingUpdate',
  'AutoScalingScheduledAction',
  'CodeDeployLambdaAliasUpdate',
  'EnableVersionUpgrade',
  'UseOnlineResharding',
]);

/** Adds what is malformed to `issues`. `undefined`: the declaration cannot be used. */
export function readResource(
  logicalId: string,
  entry: Entry,
  issues: TemplateIssue[],
): ResourceDeclaration | undefined {
  const node = entry.value;
  const path = `/Resources/${logicalId}`;
  const report = (message: string, place: Place = entry.place) =>
    issues.push(formatError(message, place, path));

  if (logicalId.startsWith('Fn::ForEach::')) {
    report('Fn::ForEach is not supported.');
    return undefined;
  }
  if (!/^[A-Za-z0-9]{1,255}$/.test(logicalId)) {
    report(`Resource name ${logicalId} is non alphanumeric.`);
  }
  if (node.kind !== 'object') {
    report('Any Resources member must be an object.');
    return undefined;
  }
  for (const [name, attribute] of node.entries) {
    if (!ATTRIBUTES.has(name)) report(`Invalid template resource property '${name}'`, attribute.place);
  }
  const type = textOf(member(node, 'Type'));
  if (type === undefined) {
    report(`[${path}] Every Resources object must contain a Type member.`);
    return undefined;
  }
  const properties = member(node, 'Properties') ?? { kind: 'object', entries: new Map(), place: entry.place };
  if (properties.kind !== 'object') {
    report(`[${path}/Properties] 'Properties' must be an object.`, properties.place);
    return undefined;
  }
  const updatePolicy = member(node, 'UpdatePolicy');
  checkUpdatePolicy(updatePolicy, report);
  return {
    logicalId,
    type,
    properties,
    dependsOn: dependsOn(member(node, 'DependsOn'), report),
    condition: conditionOf(member(node, 'Condition'), report),
    deletionPolicy: policyOf('DeletionPolicy', member(node, 'DeletionPolicy'), report),
    updateReplacePolicy: policyOf('UpdateReplacePolicy', member(node, 'UpdateReplacePolicy'), report),
    updatePolicy,
    creationPolicy: objectMember(node, 'CreationPolicy', report),
    metadata: objectMember(node, 'Metadata', report),
    place: entry.place,
  };
}

type Report = (message: string, place?: Place) => void;

function objectMember(node: ObjectNode, name: string, report: Report): TemplateNode | undefined {
  const found = member(node, name);
  if (found && found.kind !== 'object') report(`'${name}' must be an object.`, found.place);
  return found;
}

function conditionOf(node: TemplateNode | undefined, report: Report): string | undefined {
  const name = textOf(node);
  if (node && name === undefined) report('Every Condition member must be a string.', node.place);
  return name;
}

function dependsOn(node: TemplateNode | undefined, report: Report): { logicalId: string; place: Place }[] {
  if (!node) return [];
  const items = node.kind === 'list' ? node.items : [node];
  return items.flatMap((item) => {
    if (item.kind === 'scalar' && typeof item.value === 'string') {
      return [{ logicalId: item.value, place: item.place }];
    }
    report('DependsOn must be a string or list of strings.', item.place);
    return [];
  });
}

function policyOf(name: string, node: TemplateNode | undefined, report: Report): DeletionPolicy | undefined {
  if (!node) return undefined;
  const allowed: string[] = ['Delete', 'Retain', 'Snapshot'];
  if (name === 'DeletionPolicy') allowed.push('RetainExceptOnCreate');
  const text = textOf(node);
  if (text !== undefined && allowed.includes(text)) return text as DeletionPolicy;
  report(`Unrecognized ${name} ${text ?? 'that is not a string'}`, node.place);
  return undefined;
}

function checkUpdatePolicy(node: TemplateNode | undefined, report: Report): void {
  if (!node) return;
  if (node.kind !== 'object') {
    report("'UpdatePolicy' must be an object.", node.place);
    return;
  }
  for (const [name, entry] of node.entries) {
    if (!UPDATE_POLICIES.has(name) && !name.startsWith('Fn::')) {
      report(`Unrecognized UpdatePolicy ${name}`, entry.place);
    }
  }
}
