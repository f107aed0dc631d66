// What AWS's own specification says of resource types: their properties, attributes, and which change replaces.
// It is no list of what Millpond can make; the providers are.

import { readFileSync } from 'node:fs';
import type { PropertySpec, ResourceSpec, SpecFile } from './resource-spec-file.ts';

export type { PropertySpec, ResourceSpec } from './resource-spec-file.ts';

/** By resource type; nothing for what the extract leaves out, and for `Custom::…`. */
export type ResourceSpecs = ReadonlyMap<string, ResourceSpec>;

let loaded: ResourceSpecs | undefined;

/** Read when first asked for, and once. */
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

/** A property's type, taken apart; several where either will do. */
export type PropertyType =
  | { kind: 'plain'; name: string }
  | { kind: 'list'; item: string }
  | { kind: 'map'; item: string }
  | { kind: 'definition'; properties: Readonly<Record<string, PropertySpec>> };

const TAG: Record<string, PropertySpec> = {
  Key: { type: 'string', required: true },
  Value: { type: 'string', required: true },
};

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

/** Cuts at every `|` that stands in no bracket. */
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

/** Of a type that users make themselves: any property and any attribute will do. */
export const isCustomResource = (type: string): boolean =>
  type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
