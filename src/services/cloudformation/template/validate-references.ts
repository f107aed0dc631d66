// Checks that every reference in a template exists: resources, parameters, attributes, conditions, mappings, functions.

import { isCustomResource, type ResourceSpecs } from '../resource-spec.ts';
import { FUNCTIONS } from './functions.ts';
import { callOf } from './intrinsics.ts';
import { formatError, type TemplateIssue, validationError } from './issues.ts';
import type { TemplateNode } from './node.ts';
import { PSEUDO_PARAMETERS } from './pseudo-parameters.ts';
import { conditionReferencesIn, type Reference, referencesIn } from './references.ts';
import type { Template } from './template.ts';

type Block = 'Resources' | 'Outputs' | 'Conditions';

/** An issue for each reference that does not exist. */
export function checkReferences(template: Template, specs: ResourceSpecs): TemplateIssue[] {
  const issues: TemplateIssue[] = [];
  const check = (node: TemplateNode | undefined, block: Block, path: string) => {
    if (!node) return;
    issues.push(...unknownFunctions(node, path));
    for (const reference of block === 'Conditions' ? conditionReferencesIn(node) : referencesIn(node)) {
      const issue = objectionTo(reference, block, template, specs);
      if (issue) issues.push({ ...issue, path });
    }
  };
  for (const [name, node] of template.conditions) check(node, 'Conditions', `/Conditions/${name}`);
  for (const [logicalId, resource] of template.resources) {
    const path = `/Resources/${logicalId}`;
    checkCondition(resource.condition, 'Resources', template, resource.place, path, issues);
    for (const needed of resource.dependsOn) {
      if (template.resources.has(needed.logicalId)) continue;
      issues.push(unresolved(needed.logicalId, 'Resources', needed.place, path));
    }
    for (const part of [
      resource.properties,
      resource.metadata,
      resource.updatePolicy,
      resource.creationPolicy,
    ]) {
      check(part, 'Resources', path);
    }
  }
  for (const [name, output] of template.outputs) {
    const path = `/Outputs/${name}`;
    checkCondition(output.condition, 'Outputs', template, output.place, path, issues);
    check(output.value, 'Outputs', path);
    check(output.exportName, 'Outputs', path);
  }
  return issues;
}

function checkCondition(
  name: string | undefined,
  block: Block,
  template: Template,
  place: TemplateIssue['place'],
  path: string,
  issues: TemplateIssue[],
): void {
  if (name === undefined || template.conditions.has(name)) return;
  issues.push(unresolvedCondition(name, block, place, path));
}

function objectionTo(
  reference: Reference,
  block: Block,
  template: Template,
  specs: ResourceSpecs,
): TemplateIssue | undefined {
  const { place } = reference;
  switch (reference.kind) {
    case 'name': {
      const { name } = reference;
      if (template.parameters.has(name) || PSEUDO_PARAMETERS.has(name)) return undefined;
      if (block === 'Conditions') return resourceInCondition(name, place);
      return template.resources.has(name) ? undefined : unresolved(name, block, place);
    }
    case 'attribute': {
      const { logicalId, attribute } = reference;
      if (block === 'Conditions') return resourceInCondition(logicalId, place);
      const resource = template.resources.get(logicalId);
      if (!resource) {
        const message = `Template error: instance of Fn::GetAtt references undefined resource ${logicalId}`;
        return { message, place };
      }
      if (attribute === undefined || hasAttribute(resource.type, attribute, specs)) return undefined;
      const message = `Template error: resource ${logicalId} does not support attribute type ${attribute} in Fn::GetAtt`;
      return { message, place };
    }
    case 'condition':
      return template.conditions.has(reference.name)
        ? undefined
        : unresolvedCondition(reference.name, block, place);
    case 'mapping': {
      if (template.mappings.has(reference.name)) return undefined;
      const message = `Template error: Mapping named '${reference.name}' is not present in the 'Mappings' section of template.`;
      return { message, place };
    }
  }
}

/** AWS: a nested stack may have any output, and a custom resource any attribute. */
function hasAttribute(type: string, attribute: string, specs: ResourceSpecs): boolean {
  const spec = specs.get(type);
  if (!spec || isCustomResource(type)) return true;
  if (type === 'AWS::CloudFormation::Stack' && attribute.startsWith('Outputs.')) return true;
  return spec.attributes.includes(attribute);
}

const unresolved = (name: string, block: Block, place: TemplateIssue['place'], path?: string) =>
  formatError(
    `Unresolved resource dependencies [${name}] in the ${block} block of the template`,
    place,
    path,
  );

const unresolvedCondition = (name: string, block: Block, place: TemplateIssue['place'], path?: string) =>
  formatError(`Unresolved condition dependency ${name} in the ${block} block of the template`, place, path);

const resourceInCondition = (name: string, place: TemplateIssue['place']) =>
  formatError(
    `Unresolved dependencies [${name}]. Cannot reference resources in the Conditions block of the template`,
    place,
  );

/** Rules are not checked here: they have their own functions, and an unknown one fails at evaluation. */
function unknownFunctions(node: TemplateNode, path: string): TemplateIssue[] {
  if (node.kind === 'scalar') return [];
  const call = callOf(node);
  const parts = node.kind === 'list' ? node.items : [...node.entries.values()].map((entry) => entry.value);
  const issues = parts.flatMap((part) => unknownFunctions(part, path));
  if (call && call.function !== 'Ref' && !FUNCTIONS.has(call.function)) {
    issues.unshift(validationError(`Encountered unsupported function: ${call.function}`, call.place, path));
  }
  return issues;
}
