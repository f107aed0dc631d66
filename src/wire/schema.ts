// A service's schema at run time: shapes linked to each other, with the names that each protocol gives their
// members worked out once. Made from generated/<service>.json, an operation at a time, when first asked for.
// Never reads the SDK (sdk-schema.ts does, when the schemas are extracted).

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

export interface Scalar {
  kind: 'scalar';
  type: ScalarType;
}

export interface List {
  kind: 'list';
  item: Shape;
  /** The element (or query segment) around each item: its `xmlName`, else `member`. */
  itemName: string;
}

export interface MapShape {
  kind: 'map';
  value: Shape;
  keyName: string;
  valueName: string;
}

export interface Structure {
  kind: 'structure';
  name: string;
  isUnion: boolean;
  traits: Traits;
  members: Member[];
  /** Those that XML has as attributes. */
  attributes: Member[];
  /** By the name in awsQuery requests and in XML. */
  byXmlName: Map<string, Member>;
  /** By the name in ec2Query requests. */
  byEc2Name: Map<string, Member>;
}

export type Shape = Scalar | List | MapShape | Structure;

export interface Member {
  name: string;
  shape: Shape;
  required: boolean;
  traits: Traits;
  xmlName: string;
  ec2Name: string;
}

export interface Operation {
  name: string;
  input: Structure;
  output: Structure;
  /** AWS: an operation without an output shape has no `<…Result>` in its answer. */
  hasOutput: boolean;
  http: HttpBinding | undefined;
}

export interface ErrorSchema extends ErrorFile {
  shape: Structure;
}

export interface ServiceSchema extends Omit<ServiceFile, 'operations' | 'errors' | 'shapes'> {
  operationNames: readonly string[];
  /** `undefined` when the service has no such operation. */
  operation(name: string): Operation | undefined;
  /** By shape name, else by the code that query protocols show. */
  error(name: string): ErrorSchema | undefined;
}

const GENERATED = new URL('./generated/', import.meta.url);
const loaded = new Map<string, ServiceSchema>();
let summaries: ReadonlyMap<string, ServiceSummary> | undefined;

/** All services that have a schema, by name; small, and read once. */
export function knownServices(): ReadonlyMap<string, ServiceSummary> {
  summaries ??= new Map(
    (readGenerated('index') as ServiceSummary[]).map((summary) => [summary.name, summary] as const),
  );
  return summaries;
}

/** Read when first asked for, and once. */
export function loadSchema(name: string): ServiceSchema {
  let schema = loaded.get(name);
  if (!schema) {
    assert(
      knownServices().has(name),
      `no schema for ${name}; scripts/extract-schemas.ts lists those there are`,
    );
    loaded.set(name, (schema = linkSchema(readGenerated(name) as ServiceFile)));
  }
  return schema;
}

/** What the service's model says of values and errors. Read anew each time; those who apply it keep it. */
export function loadConstraints(name: string): ConstraintsFile {
  assert(knownServices().has(name), `no constraints for ${name}`);
  return readGenerated(`${name}.constraints`) as ConstraintsFile;
}

const readGenerated = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`${name}.json`, GENERATED), 'utf8'));

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
      // Remembered before its parts are linked, because shapes may contain themselves.
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
