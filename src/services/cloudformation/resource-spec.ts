// AWS's specification of resource types: properties, attributes, and which change replaces a resource. It covers more
// types than Millpond can create.

import { readFileSync } from 'node:fs';
import type { PropertySpec, ResourceSpec, SpecFile } from './resource-spec-file.ts';

export type { PropertySpec, ResourceSpec } from './resource-spec-file.ts';

/** By resource type. Types that the extract omits and `Custom::…` have no entry. */
export type ResourceSpecs = ReadonlyMap<string, ResourceSpec>;

let loaded: ResourceSpecs | undefined;

/** The specification. The file is read once, at the first call. */
export function resourceSpecs(): ResourceSpecs {
  loaded ??= new Map(
    Object.entries(
      JSON.parse(
        readFileSync(new URL('./generated/resource-spec.json', import.meta.url), 'utf8'),
      ) as SpecFile,
    ),
  );
  return loaded;
}

/** One alternative of a property's type, parsed. */
export type PropertyType =
  | { kind: 'plain'; name: string }
  | { kind: 'list'; item: string }
  | { kind: 'map'; item: string }
  | { kind: 'definition'; properties: Readonly<Record<string, PropertySpec>> };

const TAG: Record<string, PropertySpec> = {
  Key: { type: 'string', required: true },
  Value: { type: 'string', required: true },
};

/** Parses a property's type (see PropertySpec.type) into its alternatives. */
export function propertyTypes(spec: ResourceSpec, text: string): PropertyType[] {
  return alternativesOf(text).map((type) => {
    if (type.startsWith('[')) return { kind: 'list', item: type.slice(1, -1) };
    if (type.startsWith('{')) return { kind: 'map', item: type.slice(1, -1) };
    if (type === 'tag') return { kind: 'definition', properties: TAG };
    if (type.startsWith('#')) {
      return { kind: 'definition', properties: spec.definitions[type.slice(1)] ?? {} };
    }
    return { kind: 'plain', name: type };
  });
}

/** Splits at every `|` outside of brackets. */
function alternativesOf(text: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    const sign = text[at];
    if (sign === '[' || sign === '{') depth++;
    else if (sign === ']' || sign === '}') depth--;
    else if ((sign === '|' && depth === 0) || sign === undefined) {
      found.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return found;
}

/** Whether a function of the user creates the resource. Such types accept any property and any attribute. */
export const isCustomResource = (type: string): boolean =>
  type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
