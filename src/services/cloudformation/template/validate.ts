// Finds all errors in a template that need no created resource, each with its place.

import { isCustomResource, type ResourceSpecs } from '../resource-spec.ts';
import { misplacedSecureReferences, misplacedSecureText } from './dynamic-references.ts';
import { circleIn, circularDependency, dependenciesOf } from './graph.ts';
import { formatError, type TemplateIssue } from './issues.ts';
import { plainOf } from './node.ts';
import type { ResourceDeclaration } from './resource-declaration.ts';
import { hasTransformCall } from './summary.ts';
import type { Template } from './template.ts';
import { checkProperties } from './validate-properties.ts';
import { checkReferences } from './validate-references.ts';

/** Which resource types are valid. */
export interface ValidationOptions {
  specs: ResourceSpecs;
  /** Whether a provider has the type. It is not called for custom resources. */
  isKnownType(type: string): boolean;
  /** Whether unknown types are valid, to be recorded only. */
  allowUnknownTypes?: boolean;
}

/** AWS's quotas. */
const LIMITS = [
  ['resources', 500],
  ['parameters', 200],
  ['mappings', 200],
  ['outputs', 200],
] as const;

/** The checks of CreateStack, UpdateStack and CreateChangeSet, after the transforms are expanded. */
export function validateTemplate(template: Template, options: ValidationOptions): TemplateIssue[] {
  return [
    ...checkLimits(template),
    ...checkTypes(template, options),
    ...checkReferences(template, options.specs),
    ...checkProperties(template, options.specs),
    ...checkSecureReferences(template),
    ...checkCircles(template),
  ];
}

/**
 * The checks of ValidateTemplate. AWS: it checks no property. A transform may add resources, so references of such a
 * template are not checked.
 */
export function validateShape(template: Template, specs: ResourceSpecs): TemplateIssue[] {
  const shape = [...checkLimits(template), ...checkTypeNames(template)];
  if (template.transforms.length > 0 || hasTransformCall(template.root)) return shape;
  return [...shape, ...checkReferences(template, specs), ...checkCircles(template)];
}

/** An issue for each quota that the template exceeds. */
export function checkLimits(template: Template): TemplateIssue[] {
  return LIMITS.flatMap(([section, most]) => {
    const count = template[section].size;
    if (count <= most) return [];
    return [formatError(`Number of ${section}, ${count}, is greater than maximum allowed, ${most}`)];
  });
}

const TYPE_NAME = /^(Custom::[\w@-]{1,60}|[A-Za-z0-9]+::[A-Za-z0-9]+::[A-Za-z0-9]+(::MODULE)?)$/;

const unrecognized = ({ logicalId, type, place }: ResourceDeclaration): TemplateIssue =>
  formatError(`Unrecognized resource types: [${type}]`, place, `/Resources/${logicalId}/Type`);

const checkTypeNames = (template: Template): TemplateIssue[] =>
  [...template.resources.values()].filter(({ type }) => !TYPE_NAME.test(type)).map(unrecognized);

function checkTypes(template: Template, options: ValidationOptions): TemplateIssue[] {
  const isFine = (type: string) =>
    TYPE_NAME.test(type) &&
    (isCustomResource(type) || options.isKnownType(type) || options.allowUnknownTypes === true);
  return [...template.resources.values()].filter(({ type }) => !isFine(type)).map(unrecognized);
}

function checkSecureReferences(template: Template): TemplateIssue[] {
  return [...template.resources.values()].flatMap(({ logicalId, type, properties, place }) => {
    const paths = misplacedSecureReferences(type, plainOf(properties));
    if (paths.length === 0) return [];
    return [{ message: misplacedSecureText(paths), place, path: `/Resources/${logicalId}/Properties` }];
  });
}

/** AWS: every branch of every condition counts. */
function checkCircles(template: Template): TemplateIssue[] {
  const circle = circleIn(dependenciesOf(template.resources));
  if (circle.length === 0) return [];
  const place = template.resources.get(circle[0]!)?.place;
  return [{ ...circularDependency(circle), place, path: `/Resources/${circle[0]}` }];
}
