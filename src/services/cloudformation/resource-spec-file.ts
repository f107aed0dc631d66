// The format of generated/resource-spec.json, written by scripts/extract-resource-spec.ts.

/** By resource type. */
export type SpecFile = Record<string, ResourceSpec>;

/** What AWS's specification says about one resource type. */
export interface ResourceSpec {
  properties: Record<string, PropertySpec>;
  /** The attributes of Fn::GetAtt, nested ones with dots: `PrimaryEndPoint.Address`. */
  attributes: string[];
  /** The properties of which `Ref` returns the value, or a part of it. */
  identifier: string[];
  /** The properties that identify the resource: no two resources have the same values. Absent: those of `identifier`. */
  unique?: string[];
  /** The property that holds tags. */
  tags?: string;
  /** The types of nested properties by name. A property's type refers to one as `#Name`. */
  definitions: Record<string, Record<string, PropertySpec>>;
}

/** One property of a resource type or of a nested type. */
export interface PropertySpec {
  /**
   * `string`, `integer`, `number`, `boolean`, `json`, `tag` or `null`; `#Name` for a definition, `[T]` for a list,
   * `{T}` for a map with string keys, `A|B` for either type.
   */
  type: string;
  required?: true;
  /** Whether a change of the property replaces the resource. Absent: the resource is updated in place. */
  replaces?: 'always' | 'maybe';
}
