// Reads constraints and declared errors from botocore's service models, and joins them to the schemas from the SDK.
// Only this file knows the format of botocore's models. Scripts and tests use it; a running Millpond never does.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { assert } from '../kernel/assert.ts';
import type { ConstraintFile, ConstraintsFile } from './constraint-file.ts';
import type { ServiceFile, ShapeFile, TypedFile, TypeReference } from './schema-file.ts';

interface BotocoreShape {
  type: string;
  min?: number;
  max?: number;
  pattern?: string;
  enum?: string[];
  sensitive?: boolean;
  members?: Record<string, { shape: string }>;
  member?: { shape: string };
  key?: { shape: string };
  value?: { shape: string };
}

interface BotocoreModel {
  metadata: { serviceId: string };
  operations: Record<string, { input?: { shape: string }; errors?: { shape: string }[] }>;
  shapes: Record<string, BotocoreShape>;
}

/** The latest model of the service with this SDK service id, e.g. `CloudWatch Logs`, in botocore's data directory. */
export function readBotocoreModel(dataDirectory: string, serviceId: string): BotocoreModel {
  const name = BOTOCORE_NAMES[serviceId] ?? serviceId.toLowerCase().replaceAll(' ', '');
  const versions = readdirSync(join(dataDirectory, name)).sort();
  const file = join(dataDirectory, name, versions.at(-1)!, 'service-2.json.gz');
  const model = JSON.parse(gunzipSync(readFileSync(file)).toString()) as BotocoreModel;
  assert(model.metadata.serviceId === serviceId, `${name} is the model of ${serviceId}`);
  return model;
}

/** For other types the minimum is a length, so a minimum of 0 is no constraint. */
const NUMBERS = new Set(['integer', 'long', 'float', 'double']);
const WHOLE = new Set(['integer', 'long']);

const BOTOCORE_NAMES: Record<string, string> = {
  'CloudWatch Logs': 'logs',
  'Elastic Load Balancing v2': 'elbv2',
};

/** The result of `extractConstraints`. */
export interface Extracted {
  file: ConstraintsFile;
  /** Operations and members that only the schema has (`CreateRole`, `CreateRoleRequest.Path`): the versions differ. */
  unknown: string[];
}

/** The constraints of all shapes in the operations' inputs. `version` is botocore's. */
export function extractConstraints(schema: ServiceFile, model: BotocoreModel, version: string): Extracted {
  const joiner = new Joiner(schema, model);
  const errors: Record<string, string[]> = {};
  for (const [name, [input]] of Object.entries(schema.operations)) {
    const operation = model.operations[name];
    if (!operation) {
      joiner.unknown.push(name);
      continue;
    }
    if (operation.errors?.length) errors[name] = operation.errors.map(({ shape }) => shape).sort();
    if (input && operation.input) joiner.join(input, operation.input.shape);
  }
  const { members, shapes, unknown } = joiner;
  const file = {
    botocore: version,
    errors: sorted(errors),
    members: sorted(members),
    shapes: sorted(shapes),
  };
  return { file, unknown: unknown.sort() };
}

/** One line per operation, structure and shape, so that a change of the model is easy to read as a diff. */
export function renderConstraintsFile(file: ConstraintsFile): string {
  const sections = Object.entries(file).map(([key, value]) => {
    if (typeof value === 'string') return `${JSON.stringify(key)}: ${JSON.stringify(value)}`;
    const entries = Object.entries(value).map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`);
    return `${JSON.stringify(key)}: {${entries.length > 0 ? `\n${entries.join(',\n')}\n` : ''}}`;
  });
  return `{\n${sections.join(',\n')}\n}\n`;
}

/** Visits the shapes of a schema and of a model in parallel. */
class Joiner {
  readonly members: Record<string, Record<string, string>> = {};
  readonly shapes: Record<string, ConstraintFile> = {};
  readonly unknown: string[] = [];
  readonly #schema: ServiceFile;
  readonly #model: BotocoreModel;
  /** Structure of the schema -> that of the model. */
  readonly #joined = new Map<string, string>();
  readonly #constraints = new Map<string, ConstraintFile | undefined>();

  constructor(schema: ServiceFile, model: BotocoreModel) {
    this.#schema = schema;
    this.#model = model;
  }

  /** Joins a shape of the schema to one of the model, and all structures below. */
  join(reference: TypeReference, modelName: string): void {
    const shape = this.#modelShape(modelName);
    const file = reference.startsWith('#') ? this.#schema.shapes[reference.slice(1)] : undefined;
    if (!file) return;
    if ('list' in file) {
      if (shape.member) this.join(typeOf(file.list), shape.member.shape);
    } else if ('map' in file) {
      if (shape.value) this.join(typeOf(file.map[1]), shape.value.shape);
    } else this.#joinStructure(reference.slice(1), file, modelName, shape);
  }

  #joinStructure(name: string, file: ShapeFile, modelName: string, shape: BotocoreShape): void {
    const known = this.#joined.get(name);
    assert(known === undefined || known === modelName, `${name} is ${known} and ${modelName}`);
    if (known !== undefined) return;
    this.#joined.set(name, modelName);
    const found: Record<string, string> = {};
    const own = 'union' in file ? file.union : 'struct' in file ? file.struct : {};
    for (const [member, typed] of Object.entries(own)) {
      const target = shape.members?.[member]?.shape;
      if (target === undefined) {
        this.unknown.push(`${name}.${member}`);
        continue;
      }
      if (this.#constraintOf(target)) found[member] = target;
      this.join(typeOf(typed), target);
    }
    if (Object.keys(found).length > 0) this.members[name] = found;
  }

  /** The constraint of a shape of the model, which it also adds to `shapes`; `undefined` if there is none. */
  #constraintOf(name: string): ConstraintFile | undefined {
    if (this.#constraints.has(name)) return this.#constraints.get(name);
    // Lists and maps may contain themselves.
    this.#constraints.set(name, undefined);
    const shape = this.#modelShape(name);
    const { min, max, pattern, enum: values, sensitive, type } = shape;
    if (type === 'structure') return undefined;
    const parts = [shape.member, shape.key, shape.value].map(
      (part) => part && this.#constraintOf(part.shape) && part.shape,
    );
    const [item, key, value] = parts;
    const constraint: ConstraintFile = {
      ...(min !== undefined && (min > 0 || NUMBERS.has(type)) && { min }),
      ...(max !== undefined && { max }),
      ...(WHOLE.has(type) && { whole: 1 }),
      ...(pattern !== undefined && { pattern }),
      ...(values && { enum: values }),
      ...(sensitive && { sensitive: 1 }),
      ...(item && { item }),
      ...(key && { key }),
      ...(value && { value }),
    };
    if (Object.keys(constraint).length === 0) return undefined;
    this.#constraints.set(name, constraint);
    this.shapes[name] = constraint;
    return constraint;
  }

  #modelShape(name: string): BotocoreShape {
    const shape = this.#model.shapes[name];
    assert(shape, `the model has a shape ${name}`);
    return shape;
  }
}

const typeOf = (typed: TypedFile): TypeReference => (typeof typed === 'string' ? typed : typed[0]);

const sorted = <T>(record: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
