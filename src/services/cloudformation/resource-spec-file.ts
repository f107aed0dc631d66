// The format of generated/resource-spec.json, written by scripts/extract-resource-spec.ts.

/** By resource type. */
export type SpecFile = Record<string, ResourceSpec>;

export interface ResourceSpec {
  properties: Record<string, PropertySpec>;
  /** What Fn::GetAtt gives, with dots: `PrimaryEndPoint.Address`. */
  attributes: string[];
  /** The properties that name the resource; where one is given, no second resource can have it. */
  identifier: string[];
  /** The property that holds tags. */
  tags?: string;
  /** Types of nested properties, by the name after `#`. */
  definitions: Record<string, Record<string, PropertySpec>>;
}

export interface PropertySpec {
  /**
   * `string`, `integer`, `number`, `boolean`, `json`, `tag`, `null`; `#Name` is a definition, `[T]` a list, `{T}` a
   * map by string, `A|B` either.
   */
  type: string;
  required?: true;
  /** What a change does; absent, the resource is updated in place. */
  replaces?: 'always' | 'maybe';
}
