// A SAM resource with the globals merged in, and what every translation needs: reading properties, errors with SAM's
// texts, and building the resulting resources.

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

/** The resulting resources by logical id. */
export type Translation = Map<string, ObjectNode>;

/** A declared SAM resource. */
export interface SamSource {
  logicalId: string;
  type: string;
  properties: ObjectNode;
  /** The whole declaration; its attributes besides the properties go to the translated resource. */
  declaration: ObjectNode;
  place: Place;
}

/** What translations need to know about the stack. */
export interface SamContext {
  /** A literal text, or the value of a `Ref` to a parameter; ids of aliases contain it. */
  textOfReference(node: TemplateNode): string | undefined;
  region: string;
  partition: string;
}

/** A property of the resource. */
export const property = (source: SamSource, name: string): TemplateNode | undefined =>
  member(source.properties, name);

/** Throws a TemplateError with SAM's text. */
export function invalid(source: SamSource, message: string, place: Place = source.place): never {
  throw new TemplateError({
    message: `Transform AWS::Serverless-2016-10-31 failed with: Invalid Serverless Application Specification document. Number of errors found: 1. Resource with id [${source.logicalId}] is invalid. ${message}`,
    place,
    path: `/Resources/${source.logicalId}`,
  });
}

/** Like `property`; throws a TemplateError when it is missing. */
export function required(source: SamSource, name: string): TemplateNode {
  return property(source, name) ?? invalid(source, `Missing required property '${name}'.`);
}

/** Throws a TemplateError for a property that is not in `known`. */
export function refuseOthers(source: SamSource, known: readonly string[]): void {
  for (const [name, entry] of source.properties.entries) {
    if (!known.includes(name))
      invalid(source, `property ${name} not defined for resource of type ${source.type}`, entry.place);
  }
}

const ATTRIBUTES = ['Condition', 'DeletionPolicy', 'DependsOn', 'Metadata', 'UpdateReplacePolicy'];

/** The resource that the declaration itself becomes. `attributes` override those of the declaration. */
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

/** An additional resource, with the condition of the declaration. */
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

/** The tags as a list, as CloudFormation expects; SAM's are a map. `withMark` adds `lambda:createdBy`. */
export function tagList(source: SamSource, withMark = true): NodeSource {
  const tags = property(source, 'Tags');
  if (tags && tags.kind !== 'object') invalid(source, "Property 'Tags' should be a map.", tags.place);
  const own = tags ? [...tags.entries].map(([Key, entry]) => ({ Key, Value: entry.value })) : [];
  return withMark ? [{ Key: 'lambda:createdBy', Value: 'SAM' }, ...own] : own;
}

/** `Fn::GetAtt`. */
export const attribute = (logicalId: string, name: string): NodeSource => ({
  'Fn::GetAtt': [logicalId, name],
});
/** `Ref`. */
export const ref = (logicalId: string): NodeSource => ({ Ref: logicalId });
