// A service's schema at run time: its operations, with shapes that refer to each other and the member names of each
// protocol. Each operation is linked from generated/<service>.json on its first use. This file never reads the SDK:
// sdk-schema.ts does, when the schemas are extracted.

import { readFileSync } from 'node:fs';
import { assert } from '../kernel/assert.ts';
import type { ConstraintsFile } from './constraint-file.ts';
import type {
  ErrorFile,
  HttpBinding,
  ScalarType,
  ServiceFile,
  ServiceSummary,
  ShapeFile,
  Traits,
  TypedFile,
  TypeReference,
} from './schema-file.ts';

export type { Protocol, ServiceSummary, Traits } from './schema-file.ts';

/** A string, number, boolean, blob, timestamp or document. */
export interface Scalar {
  kind: 'scalar';
  type: ScalarType;
}

/** A list of items of one shape. */
export interface List {
  kind: 'list';
  item: Shape;
  /** The name of each item in XML and in query requests: its `xmlName`, or `member`. */
  itemName: string;
}

/** A map from strings to values of one shape. `keyName` and `valueName` are the names in XML and in query requests. */
export interface MapShape {
  kind: 'map';
  value: Shape;
  keyName: string;
  valueName: string;
}

/** A structure or a union, with its members by each name that a protocol gives them. */
export interface Structure {
  kind: 'structure';
  name: string;
  isUnion: boolean;
  traits: Traits;
  members: Member[];
  /** The members that are XML attributes. */
  attributes: Member[];
  byName: Map<string, Member>;
  /** By their name in awsQuery requests and in XML. */
  byXmlName: Map<string, Member>;
  /** By their name in ec2Query requests. */
  byEc2Name: Map<string, Member>;
}

/** The type of a value; may contain itself. */
export type Shape = Scalar | List | MapShape | Structure;

/** A member of a structure. */
export interface Member {
  name: string;
  shape: Shape;
  required: boolean;
  traits: Traits;
  xmlName: string;
  ec2Name: string;
}

/** An operation with its linked input and output. */
export interface Operation {
  name: string;
  input: Structure;
  output: Structure;
  /** AWS: the response of an operation without an output shape has no `<…Result>`. */
  hasOutput: boolean;
  http: HttpBinding | undefined;
}

/** An error that the model declares. */
export interface ErrorSchema extends ErrorFile {
  shape: Structure;
}

/** A service's schema. Operations and errors are linked on their first use. */
export interface ServiceSchema extends Omit<ServiceFile, 'operations' | 'errors' | 'shapes'> {
  operationNames: readonly string[];
  /** `undefined` when the service has no such operation. */
  operation(name: string): Operation | undefined;
  /** Looks up an error by its shape name, then by its code in query protocols. */
  error(name: string): ErrorSchema | undefined;
}

const GENERATED = new URL('./generated/', import.meta.url);
const loaded = new Map<string, ServiceSchema>();
let summaries: ReadonlyMap<string, ServiceSummary> | undefined;

/** All services that have a schema, by name. The list is small and is read once. */
export function knownServices(): ReadonlyMap<string, ServiceSummary> {
  summaries ??= new Map(
    (readGenerated('index') as ServiceSummary[]).map((summary) => [summary.name, summary] as const),
  );
  return summaries;
}

/** The schema of a service, read on first use and then cached. Throws a Bug for a service without one. */
export function loadSchema(name: string): ServiceSchema {
  let schema = loaded.get(name);
  if (!schema) {
    assert(
      knownServices().has(name),
      `no schema for ${name}; scripts/extract-schemas.ts lists the services that have one`,
    );
    loaded.set(name, (schema = linkSchema(readGenerated(name) as ServiceFile)));
  }
  return schema;
}

/** The model's constraints on values and its declared errors. It is not cached: the caller keeps it. */
export function loadConstraints(name: string): ConstraintsFile {
  assert(knownServices().has(name), `no constraints for ${name}`);
  return readGenerated(`${name}.constraints`) as ConstraintsFile;
}

const readGenerated = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`${name}.json`, GENERATED), 'utf8'));

/** Makes a schema from the content of a generated file. Throws a Bug when a shape is missing, on first use. */
export function linkSchema(file: ServiceFile): ServiceSchema {
  const { operations, errors, shapes, ...facts } = file;
  const linker = new Linker(shapes);
  const linked = new Map<string, Operation>();
  const shapeOfCode = new Map(Object.entries(errors).map(([name, error]) => [error.code ?? name, name]));

  return {
    ...facts,
    operationNames: Object.keys(operations),
    operation(name) {
      const known = linked.get(name);
      if (known) return known;
      if (!Object.hasOwn(operations, name)) return undefined;
      const [input, output, http] = operations[name]!;
      const operation: Operation = {
        name,
        input: input ? linker.structure(input) : NOTHING,
        output: output ? linker.structure(output) : NOTHING,
        hasOutput: output !== null,
        http,
      };
      linked.set(name, operation);
      return operation;
    },
    error(name) {
      const shapeName = Object.hasOwn(errors, name) ? name : shapeOfCode.get(name);
      if (shapeName === undefined) return undefined;
      return { ...errors[shapeName]!, shape: linker.structure(`#${shapeName}`) };
    },
  };
}

const NOTHING: Structure = {
  kind: 'structure',
  name: 'Unit',
  isUnion: false,
  traits: {},
  members: [],
  attributes: [],
  byName: new Map(),
  byXmlName: new Map(),
  byEc2Name: new Map(),
};

class Linker {
  readonly #files: Record<string, ShapeFile>;
  readonly #shapes = new Map<TypeReference, Shape>();

  constructor(files: Record<string, ShapeFile>) {
    this.#files = files;
  }

  structure(reference: TypeReference): Structure {
    const shape = this.#shape(reference);
    assert(shape.kind === 'structure', `${reference} is a structure`);
    return shape;
  }

  #shape(reference: TypeReference): Shape {
    let shape = this.#shapes.get(reference);
    if (!shape) {
      // Stored before its parts are linked, because shapes may contain themselves.
      this.#shapes.set(reference, (shape = {} as Shape));
      Object.assign(shape, this.#link(reference));
    }
    return shape;
  }

  #link(reference: TypeReference): Shape {
    const inner = reference.slice(1, -1);
    if (reference.startsWith('[')) return this.#list(inner);
    if (reference.startsWith('{')) return this.#map('string', inner);
    if (!reference.startsWith('#')) return { kind: 'scalar', type: reference as ScalarType };
    const name = reference.slice(1);
    const file = this.#files[name];
    assert(file, `the schema has a shape ${name}`);
    if ('list' in file) return this.#list(file.list);
    if ('map' in file) return this.#map(...file.map);
    const isUnion = 'union' in file;
    const members = Object.entries(isUnion ? file.union : file.struct);
    const requiredCount = isUnion ? 0 : (file.required ?? 0);
    return this.#structure(
      { name, isUnion, traits: file.traits ?? {} },
      members.map(([member, typed], index) => this.#member(member, typed, index < requiredCount)),
    );
  }

  #list(typed: TypedFile): List {
    const [item, traits] = split(typed);
    return { kind: 'list', item: this.#shape(item), itemName: traits.xmlName ?? 'member' };
  }

  #map(typedKey: TypedFile, typedValue: TypedFile): MapShape {
    const [, keyTraits] = split(typedKey);
    const [value, valueTraits] = split(typedValue);
    return {
      kind: 'map',
      value: this.#shape(value),
      keyName: keyTraits.xmlName ?? 'key',
      valueName: valueTraits.xmlName ?? 'value',
    };
  }

  #structure(facts: Pick<Structure, 'name' | 'isUnion' | 'traits'>, members: Member[]): Structure {
    return {
      kind: 'structure',
      ...facts,
      members,
      attributes: members.filter(({ traits }) => traits.xmlAttribute),
      byName: new Map(members.map((member) => [member.name, member])),
      byXmlName: new Map(members.map((member) => [member.xmlName, member])),
      byEc2Name: new Map(members.map((member) => [member.ec2Name, member])),
    };
  }

  #member(name: string, typed: TypedFile, required: boolean): Member {
    const [type, traits] = split(typed);
    const xmlName = traits.xmlName ?? name;
    return {
      name,
      shape: this.#shape(type),
      required,
      traits,
      xmlName,
      ec2Name: traits.ec2QueryName ?? xmlName[0]!.toUpperCase() + xmlName.slice(1),
    };
  }
}

const split = (typed: TypedFile): [TypeReference, Traits] =>
  typeof typed === 'string' ? [typed, {}] : typed;
