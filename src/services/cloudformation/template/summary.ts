// Summarizes a template for GetTemplateSummary and ValidateTemplate, and determines the capabilities that it needs.

import { isNode, member, type TemplateNode, textOf } from './node.ts';
import type { ParameterDeclaration } from './parameter-declaration.ts';
import type { Template } from './template.ts';

/** AWS's capabilities. */
export type Capability = 'CAPABILITY_IAM' | 'CAPABILITY_NAMED_IAM' | 'CAPABILITY_AUTO_EXPAND';

/** What a template declares and needs. */
export interface TemplateSummary {
  description?: string | undefined;
  parameters: ParameterDeclaration[];
  resourceTypes: string[];
  declaredTransforms: string[];
  capabilities: Capability[];
  /** AWS's text; absent when no capability is needed. */
  capabilitiesReason?: string | undefined;
  /** The version as declared. */
  version?: string | undefined;
  /** As JSON. */
  metadata?: TemplateNode | undefined;
}

/** IAM types, and the property that names the resource. */
const IAM_TYPES = new Map<string, string | undefined>([
  ['AWS::IAM::AccessKey', undefined],
  ['AWS::IAM::Group', 'GroupName'],
  ['AWS::IAM::InstanceProfile', 'InstanceProfileName'],
  ['AWS::IAM::ManagedPolicy', 'ManagedPolicyName'],
  ['AWS::IAM::Policy', undefined],
  ['AWS::IAM::Role', 'RoleName'],
  ['AWS::IAM::User', 'UserName'],
  ['AWS::IAM::UserToGroupAddition', undefined],
]);

const NESTED_APPLICATION = 'AWS::Serverless::Application';

/** The summary of a template before its transforms. */
export function summarize(template: Template): TemplateSummary {
  const { capabilities, reason } = capabilitiesOf(template);
  const types = [...template.resources.values()].map(({ type }) => type);
  return {
    description: template.description,
    parameters: [...template.parameters.values()],
    resourceTypes: [...new Set(types)],
    declaredTransforms: [...template.transforms],
    capabilities,
    capabilitiesReason: reason,
    version: textOf(member(template.root, 'AWSTemplateFormatVersion')),
    metadata: template.metadata,
  };
}

/**
 * The capabilities that a template needs before its transforms are expanded. AWS: a nested stack needs none itself. A
 * transform needs CAPABILITY_AUTO_EXPAND, and a SAM function without a role needs CAPABILITY_IAM. A change set
 * (`isReviewed`) shows the result of a transform, so it needs CAPABILITY_AUTO_EXPAND only for nested applications.
 */
export function capabilitiesOf(
  template: Template,
  { isReviewed = false }: { isReviewed?: boolean | undefined } = {},
): { capabilities: Capability[]; reason?: string } {
  const resources = [...template.resources.values()];
  const iam = resources.filter(({ type }) => IAM_TYPES.has(type));
  const named = iam.filter(({ type, properties }) => {
    const name = IAM_TYPES.get(type);
    return name !== undefined && properties.entries.has(name);
  });
  const makesRoles = resources.filter(
    ({ type, properties }) => type === 'AWS::Serverless::Function' && !properties.entries.has('Role'),
  );
  const expands = isReviewed
    ? resources.some(({ type }) => type === NESTED_APPLICATION)
    : template.transforms.length > 0 || hasTransformCall(template.root);
  const capabilities: Capability[] = [];
  if (named.length > 0) capabilities.push('CAPABILITY_NAMED_IAM');
  else if (iam.length + makesRoles.length > 0) capabilities.push('CAPABILITY_IAM');
  if (expands) capabilities.push('CAPABILITY_AUTO_EXPAND');
  if (capabilities.length === 0) return { capabilities };

  const reasons: string[] = [];
  const shown = named.length > 0 ? named : [...iam, ...makesRoles];
  if (shown.length > 0) {
    const types = [...new Set(shown.map(({ type }) => (IAM_TYPES.has(type) ? type : 'AWS::IAM::Role')))];
    reasons.push(`The following resource(s) require capabilities: [${types.join(', ')}]`);
  }
  if (expands)
    reasons.push(`The following transform(s) require capabilities: [${template.transforms.join(', ')}]`);
  return { capabilities, reason: reasons.join('; ') };
}

/** The needed capabilities that are not acknowledged. CAPABILITY_NAMED_IAM includes CAPABILITY_IAM. */
export function missingCapabilities(needed: readonly Capability[], given: readonly string[]): Capability[] {
  return needed.filter((capability) => {
    if (given.includes(capability)) return false;
    return !(capability === 'CAPABILITY_IAM' && given.includes('CAPABILITY_NAMED_IAM'));
  });
}

/** Whether Fn::Transform occurs anywhere in the node. */
export function hasTransformCall(node: TemplateNode): boolean {
  if (!isNode(node) || node.kind === 'scalar') return false;
  if (node.kind === 'list') return node.items.some(hasTransformCall);
  return [...node.entries].some(([key, entry]) => key === 'Fn::Transform' || hasTransformCall(entry.value));
}
