// The format of generated/<service>.constraints.json: what a service's model says of the values in its inputs, and which
// errors an operation declares. Extracted from botocore's models by botocore-model.ts, since the SDK's packages leave it
// out; joined to the schema by the names of structures and members, and applied by constraints.ts. Only types live here.

/** What the model says of a string, number, blob, list or map; what is absent is not restricted. */
export interface ConstraintFile {
  /** Of a string its length in characters, of a blob in bytes, of a list or map its entries; of a number its value. */
  min?: number;
  max?: number;
  /** Of a number: it has no fraction. */
  whole?: 1;
  /** As the model writes it, in Java's syntax; the whole value has to match. */
  pattern?: string;
  enum?: string[];
  /** The value is never shown, in errors neither. */
  sensitive?: 1;
  /** Names in `shapes`: of a list's items, a map's keys and its values. */
  item?: string;
  key?: string;
  value?: string;
}

export interface ConstraintsFile {
  /** The version of botocore that they are from. */
  botocore: string;
  /** Operation -> names of the error shapes that it declares. Empty where the model declares none at all. */
  errors: Record<string, string[]>;
  /** Structure -> member -> a name in `shapes`; structures and members are named as in the schema. */
  members: Record<string, Record<string, string>>;
  /** By the model's name. */
  shapes: Record<string, ConstraintFile>;
}
