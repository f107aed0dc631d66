// Checks that a resource's properties fit its type: their names, the required ones, and the shape of literal values.
// The value of a call is not known here and passes.

import { type PropertySpec, propertyTypes, type ResourceSpec, type ResourceSpecs } from '../resource-spec.ts';
import { callOf } from './intrinsics.ts';
import type { TemplateIssue } from './issues.ts';
import type { ObjectNode, Place, TemplateNode } from './node.ts';
import type { Template } from './template.ts';

/** The texts are those of AWS's JSON schema validator. */
export function checkProperties(template: Template, specs: ResourceSpecs): TemplateIssue[] {
  return [...template.resources.values()].flatMap(({ logicalId, type, properties, place }) => {
    const spec = specs.get(type);
    if (!spec || callOf(properties)) return [];
    const found: Objection[] = [];
    checkMembers(properties, spec.properties, spec, '#', place, found);
    return found.map((objection) => ({
      message: `Properties validation failed for resource ${logicalId} with message: ${objection.message}`,
      place: objection.place,
      path: `/Resources/${logicalId}/Properties${objection.path.slice(1)}`,
    }));
  });
}

interface Objection {
  message: string;
  place: Place;
  path: string;
}

function checkMembers(
  node: ObjectNode,
  properties: Readonly<Record<string, PropertySpec>>,
  spec: ResourceSpec,
  path: string,
  place: Place,
  found: Objection[],
): void {
  for (const [name, property] of Object.entries(properties)) {
    if (property.required && !node.entries.has(name)) {
      found.push({ message: `${path}: required key [${name}] not found`, place, path });
    }
  }
  for (const [name, entry] of node.entries) {
    if (name.startsWith('Fn::')) continue;
    if (!Object.hasOwn(properties, name)) {
      found.push({ message: `${path}: extraneous key [${name}] is not permitted`, place: entry.place, path });
      continue;
    }
    checkValue(entry.value, properties[name]!.type, spec, `${path}/${name}`, found);
  }
}

function checkValue(
  node: TemplateNode,
  type: string,
  spec: ResourceSpec,
  path: string,
  found: Objection[],
): void {
  const call = callOf(node);
  if (call) {
    if (call.function === 'Fn::If' && call.argument.kind === 'list') {
      for (const branch of call.argument.items.slice(1)) checkValue(branch, type, spec, path, found);
    }
    return;
  }
  // Of several alternatives, the one with the fewest objections is reported.
  const attempts = propertyTypes(spec, type).map((one) => {
    const objections: Objection[] = [];
    const fail = (expected: string) =>
      objections.push({
        message: `${path}: expected type: ${expected}, found: ${kindOf(node)}`,
        place: node.place,
        path,
      });
    switch (one.kind) {
      case 'plain':
        if (!fitsPlain(node, one.name)) fail(SCHEMA_NAMES.get(one.name) ?? one.name);
        break;
      case 'list':
        // AWS: a single value is treated as a list of one item.
        if (node.kind === 'object' && isPlainText(one.item)) fail('JSONArray');
        else if (node.kind !== 'list') checkValue(node, one.item, spec, path, objections);
        else {
          for (const [index, item] of node.items.entries()) {
            checkValue(item, one.item, spec, `${path}/${index}`, objections);
          }
        }
        break;
      case 'map':
        if (node.kind !== 'object') fail('JSONObject');
        else {
          for (const [key, entry] of node.entries) {
            checkValue(entry.value, one.item, spec, `${path}/${key}`, objections);
          }
        }
        break;
      case 'definition':
        if (node.kind !== 'object') fail('JSONObject');
        else checkMembers(node, one.properties, spec, path, node.place, objections);
    }
    return objections;
  });
  const best = attempts.sort((a, b) => a.length - b.length)[0];
  found.push(...(best ?? []));
}

const SCHEMA_NAMES = new Map([
  ['string', 'String'],
  ['integer', 'Integer'],
  ['number', 'Number'],
  ['boolean', 'Boolean'],
]);

const isPlainText = (type: string) => SCHEMA_NAMES.has(type);

/** AWS: "6379" is accepted for 6379, and true for "true". */
function fitsPlain(node: TemplateNode, type: string): boolean {
  if (type === 'json') return true;
  if (node.kind !== 'scalar') return false;
  const text = node.text ?? String(node.value);
  // The value of a dynamic reference is not known yet.
  if (text.includes('{{resolve:')) return true;
  switch (type) {
    case 'integer':
      return /^-?\d+(\.0+)?$/.test(text);
    case 'number':
      return text.trim() !== '' && Number.isFinite(Number(text));
    case 'boolean':
      return /^(true|false)$/i.test(text);
    default:
      return true;
  }
}

function kindOf(node: TemplateNode): string {
  if (node.kind === 'list') return 'JSONArray';
  if (node.kind === 'object') return 'JSONObject';
  if (typeof node.value === 'number') return Number.isInteger(node.value) ? 'Integer' : 'Number';
  return typeof node.value === 'boolean' ? 'Boolean' : 'String';
}
