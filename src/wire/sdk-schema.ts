// Reads the runtime schemas in an SDK client package. Only this file knows their format. Scripts and tests use it; a
// running Millpond never does.

import { isDeepStrictEqual } from 'node:util';
import { assert } from '../kernel/assert.ts';
import type {
  ErrorFile,
  HttpBinding,
  Protocol,
  ScalarType,
  ServiceFile,
  ShapeFile,
  Traits,
  TypedFile,
  TypeReference,
} from './schema-file.ts';

// The SDK's schemas are tuples. The first element is the kind.
const SIMPLE = 0;
const LIST = 1;
const MAP = 2;
const STRUCTURE = 3;
const UNION = 4;
const OPERATION = 9;
const ERROR = -3;

const LIST_FLAG = 64;
const MAP_FLAG = 128;

const SCALARS: Record<number, ScalarType> = {
  0: 'string',
  1: 'number',
  2: 'boolean',
  4: 'timestamp',
  5: 'timestamp:dateTime',
  6: 'timestamp:httpDate',
  7: 'timestamp:epochSeconds',
  15: 'document',
  21: 'blob',
  42: 'streamingBlob',
};

/** Traits in the form of a number are a bit set of these, lowest bit first. */
const TRAIT_BITS = [
  'httpLabel',
  'idempotent',
  'idempotencyToken',
  'sensitive',
  'httpPayload',
  'httpResponseCode',
  'httpQueryParams',
] as const;

const KEPT_TRAITS = new Set([
  'xmlName',
  'xmlFlattened',
  'xmlAttribute',
  'xmlNamespace',
  'ec2QueryName',
  'httpLabel',
  'httpQuery',
  'httpQueryParams',
  'httpHeader',
  'httpPrefixHeaders',
  'httpPayload',
  'httpResponseCode',
  'streaming',
  'idempotencyToken',
]);

// biome-ignore lint/suspicious/noExplicitAny: the SDK does not export the types of its tuples
type Raw = any;

/** The schema of an SDK client package, e.g. `@aws-sdk/client-sts`. `name` defaults to the SigV4 signing name. */
export async function readSdkSchema(packageName: string, name?: string): Promise<ServiceFile> {
  const module = (await import(packageName)) as Record<string, Raw>;
  const config = constructClient(module).config;
  const settings = config.protocolSettings;
  const file: ServiceFile = {
    name: name ?? config.defaultSigningName,
    serviceId: config.serviceId,
    package: packageName,
    protocol: config.protocol.getShapeId().split('#')[1] as Protocol,
    version: settings.version,
    targetPrefix: settings.serviceTarget,
    namespace: settings.defaultNamespace,
    ...(settings.xmlNamespace ? { xmlNamespace: settings.xmlNamespace } : {}),
    ...(settings.awsQueryCompatible ? { queryCompatible: true as const } : {}),
    operations: {},
    errors: {},
    shapes: {},
  };
  const reader = new ShapeReader();
  for (const exported of Object.values(module)) {
    if (!Array.isArray(exported)) continue;
    const [kind, , name, traits] = exported;
    if (kind === OPERATION) file.operations[name] = readOperation(reader, exported);
    if (kind === ERROR) {
      file.errors[name] = readError(name, traits);
      reader.reference(exported);
    }
  }
  file.operations = sorted(file.operations);
  file.errors = sorted(file.errors);
  file.shapes = sorted(Object.fromEntries(reader.shapes));
  return file;
}

/** One line per operation, error and shape, so that a change of the model is easy to read as a diff. */
export function renderServiceFile(file: ServiceFile): string {
  const lines = Object.entries(file).map(([key, value]) => {
    if (typeof value !== 'object') return `${JSON.stringify(key)}: ${JSON.stringify(value)}`;
    const entries = Object.entries(value).map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`);
    return `${JSON.stringify(key)}: {\n${entries.join(',\n')}\n}`;
  });
  return `{\n${lines.join(',\n')}\n}\n`;
}

// Only a constructed client has the protocol, the namespaces and the version.
function constructClient(module: Record<string, Raw>): Raw {
  const name = Object.keys(module).find((key) => key.endsWith('Client') && key !== '__Client');
  assert(name, 'an SDK package exports its client');
  return new module[name]({
    region: 'us-east-1',
    credentials: { accessKeyId: 'unused', secretAccessKey: 'unused' },
  });
}

function readOperation(reader: ShapeReader, raw: Raw): ServiceFile['operations'][string] {
  const [, , , traits, input, output] = raw;
  const ends = [input, output].map((end) => (dereference(end) === 'unit' ? null : reader.reference(end))) as [
    TypeReference | null,
    TypeReference | null,
  ];
  const http = expandTraits(traits).http as HttpBinding | undefined;
  return http ? [...ends, http] : ends;
}

function readError(name: string, rawTraits: Raw): ErrorFile {
  const traits = expandTraits(rawTraits);
  const [code, queryStatus] = (traits.awsQueryError ?? []) as [string?, number?];
  return {
    ...(code && code !== name ? { code } : {}),
    ...(queryStatus ? { queryStatus } : {}),
    ...(traits.httpError ? { status: traits.httpError as number } : {}),
    fault: traits.error as 'client' | 'server',
  };
}

class ShapeReader {
  readonly shapes = new Map<string, ShapeFile>();
  readonly #sources = new Map<string, Raw>();

  /** A reference to the shape in `raw`. Reads the shape on its first occurrence. */
  reference(raw: Raw): TypeReference {
    const schema = dereference(raw);
    if (typeof schema === 'number') return scalarReference(schema);
    // A structure without members, whose name the SDK omits.
    if (schema === 'unit') return this.#named('Unit', schema, () => ({ struct: {} }));
    if (schema[0] === SIMPLE) return this.reference(schema[4]);
    return this.#named(schema[2], schema, () => this.#readShape(schema));
  }

  /** Like `reference`, with the traits of the member and of its simple shape. */
  typed(raw: Raw): TypedFile {
    const schema = dereference(raw);
    const isMember = Array.isArray(schema) && schema.length === 2;
    const target = dereference(isMember ? schema[0] : schema);
    const traits = {
      ...(Array.isArray(target) && target[0] === SIMPLE ? keptTraits(target[3]) : {}),
      ...(isMember ? keptTraits(schema[1]) : {}),
    };
    const type = this.reference(target);
    return Object.keys(traits).length > 0 ? [type, traits] : type;
  }

  #named(name: string, schema: Raw, read: () => ShapeFile): TypeReference {
    const known = this.#sources.get(name);
    if (known === undefined) {
      this.#sources.set(name, schema);
      this.shapes.set(name, read());
    } else if (known !== schema) {
      // The SDK repeats small shapes at each place that uses them.
      assert(isDeepStrictEqual(this.shapes.get(name), read()), `two shapes are named ${name}`);
    }
    return `#${name}`;
  }

  #readShape(schema: Raw): ShapeFile {
    const [kind, , name, rawTraits, fourth, fifth, required] = schema;
    if (kind === LIST) return { list: this.typed(fourth) };
    if (kind === MAP) return { map: [this.typed(fourth), this.typed(fifth)] };
    assert(kind === STRUCTURE || kind === ERROR || kind === UNION, `${name} has an unknown kind: ${kind}`);
    const members: Record<string, TypedFile> = {};
    for (const [index, member] of (fourth as string[]).entries()) {
      members[member] = withoutDerivableName(member, this.typed(fifth[index]));
    }
    const traits = keptTraits(rawTraits);
    const hasTraits = Object.keys(traits).length > 0;
    if (kind === UNION) return { union: members, ...(hasTraits ? { traits } : {}) };
    return { struct: members, ...(required ? { required } : {}), ...(hasTraits ? { traits } : {}) };
  }
}

function withoutDerivableName(member: string, typed: TypedFile): TypedFile {
  if (typeof typed === 'string') return typed;
  const [type, traits] = typed;
  const xmlName = traits.xmlName ?? member;
  if (traits.ec2QueryName !== xmlName[0]!.toUpperCase() + xmlName.slice(1)) return typed;
  const { ec2QueryName: _, ...rest } = traits;
  return Object.keys(rest).length > 0 ? [type, rest] : type;
}

function scalarReference(schema: number): TypeReference {
  if (schema & MAP_FLAG) return `{${scalarReference(schema & ~MAP_FLAG)}}`;
  if (schema & LIST_FLAG) return `[${scalarReference(schema & ~LIST_FLAG)}]`;
  const scalar = SCALARS[schema];
  assert(scalar, `unknown scalar: ${schema}`);
  return scalar;
}

// Schemas refer to each other through functions, since they may be recursive.
const dereference = (raw: Raw): Raw => (typeof raw === 'function' ? dereference(raw()) : raw);

function expandTraits(raw: Raw): Record<string, unknown> {
  if (typeof raw === 'object') return raw;
  return Object.fromEntries(TRAIT_BITS.filter((_, bit) => (raw >> bit) & 1).map((name) => [name, 1]));
}

const keptTraits = (raw: Raw): Traits =>
  Object.fromEntries(Object.entries(expandTraits(raw)).filter(([name]) => KEPT_TRAITS.has(name)));

const sorted = <T>(record: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
