// Evaluates a resource's declaration with the resources that exist now.

import type { Properties, Value } from '../../../control/resource-type.ts';
import type { CloudFormation } from '../context.ts';
import { resourceSpecs } from '../resource-spec.ts';
import type { CompiledStack, Known } from '../stack/compile.ts';
import { findExport } from '../stack/lookup.ts';
import type { MadeResource, ResourceRecord, StackRecord } from '../stack/model.ts';
import { coerceProperties } from '../template/coerce.ts';
import { evaluate, evaluateOptional } from '../template/evaluate.ts';
import type { KnownResource } from '../template/evaluation-context.ts';
import { TemplateError } from '../template/issues.ts';
import type { ResourceDeclaration } from '../template/resource-declaration.ts';
import { causesIn, causeText, type Evaluated } from '../template/unknown-value.ts';
import { recordedAttribute } from '../types/recorded-attributes.ts';

/** A declaration, evaluated. */
export interface WantedResource {
  properties: Properties;
  updatePolicy?: Value | undefined;
  creationPolicy?: Value | undefined;
  metadata?: Value | undefined;
}

/** Throws a TemplateError when the declaration cannot be evaluated. */
export function wantedResource(
  cf: CloudFormation,
  stack: StackRecord,
  compiled: CompiledStack,
  declaration: ResourceDeclaration,
  resources: ReadonlyMap<string, ResourceRecord>,
): WantedResource {
  const context = compiled.context(knownFrom(cf, stack, resources));
  const properties = known(evaluate(declaration.properties, context));
  const optional = (node: ResourceDeclaration['metadata']) => {
    const value = evaluateOptional(node, context);
    return value === undefined ? undefined : known(value);
  };
  return {
    properties: coerceProperties(resourceSpecs().get(declaration.type), properties as Properties),
    updatePolicy: optional(declaration.updatePolicy),
    creationPolicy: optional(declaration.creationPolicy),
    metadata: optional(declaration.metadata),
  };
}

/** The context of created resources and exports, for declarations and outputs. */
export function knownFrom(
  cf: CloudFormation,
  stack: StackRecord,
  resources: ReadonlyMap<string, ResourceRecord>,
): Known {
  return {
    resource: (logicalId) => {
      const resource = resources.get(logicalId);
      return resource?.made && knownResource(cf, stack, resource.type, resource.made);
    },
    exported: (name) => findExport(cf.records, stack.scope, name)?.value,
  };
}

function knownResource(
  cf: CloudFormation,
  { scope }: StackRecord,
  type: string,
  made: MadeResource,
): KnownResource {
  const recorded = cf.typeNamed(type)?.recordedOnly === true;
  return {
    ref: made.ref,
    attribute(name) {
      if (Object.hasOwn(made.attributes, name)) return made.attributes[name];
      return recorded ? recordedAttribute(scope, type, made, name) : undefined;
    },
  };
}

/** The value without Unknowns. Throws a TemplateError if there are any: at this point they can never become known. */
export function known(value: Evaluated | symbol): Value {
  if (typeof value === 'symbol') return {};
  const causes = causesIn(value);
  if (causes.length === 0) return value as Value;
  const missing = causes.find((cause) => cause.kind === 'export');
  throw new TemplateError({
    message: missing
      ? `No export named ${causeText(missing)} found.`
      : `Unresolved resource dependencies [${causes.map(causeText).join(', ')}]`,
  });
}
