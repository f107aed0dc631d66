// A SAM resource as it is declared, with the globals merged in, and what every translation needs: reading its
// properties, and saying what is wrong in SAM's words.

import { TemplateError } from '../issues.ts';
import {
  member,
  type NodeSource,
  nodeOf,
  type ObjectNode,
  objectOf,
  type Place,
  type TemplateNode,
} from '../node.ts';

/** Plain resources by logical id. */
export type Translation = Map<string, ObjectNode>;

/** A code's place, as SAM takes it. */
export interface SamSource {
  logicalId: string;
  type: string;
  properties: ObjectNode;
  /** The whole declaration; its other attributes go to what it becomes. */
  declaration: ObjectNode;
  place: Place;
}

export interface SamContext {
  /** The text of what `Ref` to a parameter gives: ids of versions and aliases are made of such. */
  textOfReference(node: TemplateNode): string | undefined;
  region: string;
  partition: string;
}

export const property = (source: SamSource, name: string): TemplateNode | undefined =>
  member(source.properties, name);

export function invalid(source: SamSource, message: string, place: Place = source.place): never {
  throw new TemplateError({
    message: `Transform AWS::Serverless-2016-10-31 failed with: Invalid Serverless Application Specification document. Number of errors found: 1. Resource with id [${source.logicalId}] is invalid. ${message}`,
    place,
    path: `/Resources/${source.logicalId}`,
  });
}

export function required(source: SamSource, name: string): TemplateNode {
  return property(source, name) ?? invalid(source, `Missing required property '${name}'.`);
}

export function refuseOthers(source: SamSource, known: readonly string[]): void {
  for (const [name, entry] of source.properties.entries) {
    if (!known.includes(name))
      invalid(source, `property ${name} not defined for resource of type ${source.type}`, entry.place);
  }
}

const ATTRIBUTES = ['Condition', 'DeletionPolicy', 'DependsOn', 'Metadata', 'UpdateReplacePolicy'];

/** What the declaration itself becomes; `attributes` override its own. */
export function translated(
  source: SamSource,
  type: string,
  properties: Record<string, NodeSource | undefined>,
  attributes: Record<string, NodeSource | undefined> = {},
): ObjectNode {
  const kept = Object.fromEntries(ATTRIBUTES.map((name) => [name, member(source.declaration, name)]));
  return objectOf(
    { Type: type, ...kept, ...attributes, Properties: nodeOf(properties, source.place) },
    source.place,
  );
}

/** What stands beside it, made when it is made. */
export function beside(
  source: SamSource,
  type: string,
  properties: Record<string, NodeSource | undefined>,
  attributes: Record<string, NodeSource | undefined> = {},
): ObjectNode {
  const condition = member(source.declaration, 'Condition');
  return objectOf(
    { Type: type, Condition: condition, ...attributes, Properties: nodeOf(properties, source.place) },
    source.place,
  );
}

/** SAM's tags are a map; CloudFormation's are a list. */
export function tagList(source: SamSource, withMark = true): NodeSource {
  const tags = property(source, 'Tags');
  if (tags && tags.kind !== 'object') invalid(source, "Property 'Tags' should be a map.", tags.place);
  const own = tags ? [...tags.entries].map(([Key, entry]) => ({ Key, Value: entry.value })) : [];
  return withMark ? [{ Key: 'lambda:createdBy', Value: 'SAM' }, ...own] : own;
}

export const attribute = (logicalId: string, name: string): NodeSource => ({
  'Fn::GetAtt': [logicalId, name],
});
export const ref = (logicalId: string): NodeSource => ({ Ref: logicalId });
