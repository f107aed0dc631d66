// The format of generated/<service>.constraints.json: the constraints of a service's model on its inputs, and the
// errors that each operation declares. The SDK's packages omit these, so botocore-model.ts extracts them from
// botocore's models. The names of structures and members are those of the schema. Only types live here.

/** The constraints on a string, number, blob, list or map. */
export interface ConstraintFile {
  /**
   * The least length of a string (characters) or blob (bytes), size of a list or map (entries), or value of a number.
   */
  min?: number;
  max?: number;
  /** The number must be an integer. */
  whole?: 1;
  /** The model's pattern in Java's syntax. It must match the whole value. */
  pattern?: string;
  enum?: string[];
  /** The value must not be shown, not even in errors. */
  sensitive?: 1;
  /** Names in `shapes` for a list's items, a map's keys and a map's values. */
  item?: string;
  key?: string;
  value?: string;
}

/** The content of generated/<service>.constraints.json. */
export interface ConstraintsFile {
  /** The version of botocore. */
  botocore: string;
  /** Operation -> names of its declared error shapes. Empty when the model declares no errors for any operation. */
  errors: Record<string, string[]>;
  /** Structure -> member -> a name in `shapes`. Structures and members have the schema's names. */
  members: Record<string, Record<string, string>>;
  /** The constraints by the model's shape name. */
  shapes: Record<string, ConstraintFile>;
}
