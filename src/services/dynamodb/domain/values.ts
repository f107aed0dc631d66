// Attribute values: their types, in the form of the wire, which is also the form in which items are kept. Pure.

/** An attribute's value: exactly one member is present. Numbers are in normal form (numbers.ts) once they were checked. */
export type Value =
  | { S: string }
  | { N: string }
  | { B: Uint8Array }
  | { SS: string[] }
  | { NS: string[] }
  | { BS: Uint8Array[] }
  | { M: Attributes }
  | { L: Value[] }
  | { NULL: boolean }
  | { BOOL: boolean };

/** The name of a type, as on the wire. */
export type TypeName = 'S' | 'N' | 'B' | 'SS' | 'NS' | 'BS' | 'M' | 'L' | 'NULL' | 'BOOL';

/** Attributes by name: an item, a key or a map. May have an own member named `__proto__`. */
export type Attributes = Record<string, Value>;

/** A whole item. */
export type Item = Attributes;
