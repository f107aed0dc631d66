// The walls of the house: who may import whom, as data, and the parser that reads a file's imports.
// test/walls.test.ts fails on any other import. Folders are named from src/ on.

import services from '../src/wire/generated/index.json' with { type: 'json' };

/** A rule for every file whose path begins with `inside`; of several, the longest `inside` counts. */
export interface Wall {
  inside: string;
  /** Path prefixes whose values and types may be imported; its own `inside` is always open. */
  may: string[];
  /** Path prefixes of which only types may be imported: interfaces that main.ts hands implementations of. */
  mayTypes?: string[];
  /** Packages other than Node's own. Absent: any. */
  packages?: string[];
  /** Text that must not occur, with the reason. */
  never?: { pattern: RegExp; because: string }[];
}

/** What AWS calls things: ARNs, regions, hosts. Rules without I/O, below everything that keeps or serves them. */
const AWS_NAMES = ['access-key', 'arn', 'hosts', 'machine-images', 'regions', 'scope'].map(
  (name) => `aws/${name}.ts`,
);

/** Without I/O, so that rules may use them. */
const PURE = ['kernel/assert.ts', 'kernel/ids.ts', ...AWS_NAMES];

const HANDED_IN = ['engine/', 'dns/', 'sandbox/', 'wire/client.ts', 'status.ts'];

/** What can be said to a node through the Admin that main.ts handed in: words, not means. */
const ENGINE_WORDS = ['engine/admin.ts', 'engine/commands.ts', 'engine/resharding/index.ts'];

/** The rules of ElastiCache, noun by noun; they may use each other. */
const ELASTICACHE_RULES = ['clusters', 'engines', 'events', 'metrics', 'names', 'parameters'].map(
  (noun) => `services/elasticache/${noun}/domain/`,
);

const NO_CLOCK = { pattern: /\bDate\.now\b|\bnew Date\(\)/, because: 'the time is an argument' };
const NO_RANDOMNESS = {
  pattern: /\bMath\.random\b|\brandomHex\b|\brandomUUID\b|\brandomBytes\b|\bnewRequestId\b/,
  because: 'new ids are arguments',
};
const NO_WAITING = { pattern: /\bawait\b/, because: 'the rules do no I/O' };
const NO_NODE = { pattern: /from 'node:/, because: 'the rules do no I/O' };

/** What a service has of its own, it declares: `wire/http-dialect.ts`, `constraints.ts`. */
const NO_SERVICE = {
  pattern: new RegExp(`\\b(${[...services.map(({ name }) => name), 'bucket'].join('|')})s?\\b`, 'i'),
  because: 'wire/ knows no service by name',
};

export const WALLS: Wall[] = [
  { inside: 'kernel/', may: [], packages: ['pino'] },
  ...AWS_NAMES.map((inside) => ({ inside, may: [...AWS_NAMES, 'kernel/'], packages: [] })),
  { inside: 'store/', may: ['aws/scope.ts', 'kernel/'], packages: [] },
  { inside: 'aws/', may: ['store/', 'kernel/'], packages: [] },
  { inside: 'control/', may: ['aws/', 'store/', 'kernel/'], packages: [] },
  { inside: 'engine/', may: ['kernel/'], packages: ['ioredis'] },
  { inside: 'drivers/local/', may: ['engine/', 'kernel/'], packages: [] },
  { inside: 'drivers/fake/', may: ['engine/', 'kernel/'], packages: [] },
  { inside: 'dns/', may: [...AWS_NAMES, 'kernel/'], packages: ['dns2'] },
  { inside: 'sandbox/', may: ['kernel/'], packages: [] },
  { inside: 'tls/', may: ['kernel/'], packages: ['asn1js'] },
  { inside: 'wire/', may: [...AWS_NAMES, 'kernel/'], never: [NO_SERVICE] },
  // It reads botocore's folders, which bear names of services that are not always the SDK's.
  { inside: 'wire/botocore-model.ts', may: ['wire/', 'kernel/'] },
  {
    inside: 'services/',
    may: [
      'wire/service.ts',
      'wire/fault.ts',
      'wire/violation.ts',
      'wire/http-dialect.ts',
      'services/manifest.ts',
      'aws/',
      'control/',
      'store/',
      'kernel/',
      ...ENGINE_WORDS,
    ],
    mayTypes: HANDED_IN,
  },
  // How a service is spoken to over HTTP, where that is not as its model and protocol say.
  {
    inside: 'services/*/http/',
    may: ['wire/', 'aws/', 'kernel/', 'services/*/faults/'],
    packages: [],
  },
  {
    inside: 'services/*/domain/',
    may: [...PURE, 'aws/tags.ts', 'wire/fault.ts', 'services/*/faults.ts', 'services/*/faults/'],
    packages: [],
    never: [NO_CLOCK, NO_RANDOMNESS, NO_WAITING, NO_NODE],
  },
  ...ELASTICACHE_RULES.map((inside) => ({
    inside,
    may: [
      ...[...PURE, 'aws/tags.ts', 'wire/fault.ts', 'services/elasticache/faults.ts'],
      ...['services/elasticache/domain/', ...ELASTICACHE_RULES],
    ],
    packages: [],
    never: [NO_CLOCK, NO_RANDOMNESS, NO_WAITING, NO_NODE],
  })),
  {
    // What a template means. What it looks up is asked of functions that are handed in, and may take a while.
    inside: 'services/cloudformation/template/',
    may: [...PURE, 'services/cloudformation/resource-spec.ts'],
    mayTypes: ['control/resource-type.ts'],
    packages: ['yaml'],
    never: [
      NO_CLOCK,
      NO_RANDOMNESS,
      {
        pattern: /'node:(?!crypto'|module'|net'|vm')|\bprocess\.env\b/,
        because: 'templates are read, and nothing else is',
      },
    ],
  },
  {
    inside: 'services/cloudformation/change/',
    may: [...PURE, 'services/cloudformation/resource-spec.ts', 'services/cloudformation/template/'],
    mayTypes: ['control/resource-type.ts'],
    packages: [],
    never: [NO_CLOCK, NO_RANDOMNESS, NO_WAITING, NO_NODE],
  },
  {
    inside: 'cli/',
    may: [
      'kernel/',
      ...AWS_NAMES,
      'config.ts',
      'status.ts',
      'version.ts',
      'main.ts',
      'sandbox/',
      'engine/lost-asking.ts',
      'drivers/local/',
      'dns/',
    ],
  },
  // The composition root, and the one list of services.
  {
    inside: '',
    may: [
      'kernel/',
      'store/',
      'aws/',
      'control/',
      'engine/',
      'drivers/',
      'dns/',
      'sandbox/',
      'tls/',
      'wire/',
      'services/',
    ],
  },
  { inside: 'config.ts', may: ['kernel/'], packages: [] },
  { inside: 'status.ts', may: ['kernel/'], packages: [] },
  // The list of services, what a manifest is, and how all of them are built and stopped.
  { inside: 'services/index.ts', may: ['services/'], packages: [] },
  {
    inside: 'services/manifest.ts',
    may: [],
    mayTypes: ['services/', 'wire/', 'control/', 'store/', 'aws/', 'kernel/', ...HANDED_IN],
    packages: [],
  },
  { inside: 'services/services.ts', may: ['services/', 'wire/', 'kernel/'], mayTypes: ['control/'] },
  { inside: 'services/order.ts', may: ['kernel/'], packages: [] },
];

export interface Import {
  /** As written: `../kernel/ids.ts`, `node:fs`, `ioredis`. */
  specifier: string;
  typeOnly: boolean;
}

const STATEMENT = /\b(import|export)\s+(type\s+)?(?:[\w$*{][^'";]*?\bfrom\s*)?'([^'\n]+)'/g;
const CALL = /(typeof\s+)?\bimport\(\s*'([^'\n]+)'/g;

/** Every import of a file, dynamic ones and `typeof import()` too. Quotes are single: the formatter sees to it. */
export function importsOf(source: string): Import[] {
  const code = withoutComments(source);
  const statements = [...code.matchAll(STATEMENT)].map((found) => ({
    specifier: found[3]!,
    typeOnly: found[2] !== undefined,
  }));
  const calls = [...code.matchAll(CALL)].map((found) => ({
    specifier: found[2]!,
    typeOnly: found[1] !== undefined,
  }));
  return [...statements, ...calls];
}

/** The rule for a file, `path` from src/ on; the service's own folder stands in for each `*`. */
export function wallOf(path: string): Wall {
  const service = /^services\/([^/]+)\//.exec(path)?.[1];
  const resolved = service ? WALLS.map((wall) => forService(wall, service)) : WALLS;
  const around = resolved.filter((wall) => path.startsWith(wall.inside));
  return around.sort((a, b) => b.inside.length - a.inside.length)[0]!;
}

function forService(wall: Wall, service: string): Wall {
  const put = (prefix: string) => prefix.replace('*', service);
  // A service is a house of its own: `services/` means just its folder.
  const inside = wall.inside === 'services/' ? `services/${service}/` : put(wall.inside);
  return { ...wall, inside, may: wall.may.map(put) };
}

/** Why this import is not allowed, or `undefined`. `target` is a path from src/ on, or a package's name. */
export function objectionTo(wall: Wall, target: string, found: Import): string | undefined {
  const isPackage = !found.specifier.startsWith('.');
  if (isPackage) {
    if (target.startsWith('node:') || found.typeOnly || !wall.packages || wall.packages.includes(target))
      return undefined;
    return `the package ${target} is not for ${wall.inside}`;
  }
  const open = [wall.inside, ...wall.may, ...(found.typeOnly ? (wall.mayTypes ?? []) : [])];
  const isOpen = open.some((prefix) => (prefix === '' ? !target.includes('/') : target.startsWith(prefix)));
  if (isOpen) return undefined;
  const asType = wall.mayTypes?.some((prefix) => target.startsWith(prefix));
  return asType ? `only types of ${target} may be imported` : `${target} is behind a wall`;
}

/** The source without comments; strings are kept, so an import's specifier is. */
export function withoutComments(source: string): string {
  return source.replace(
    /('(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g,
    (_, kept) => kept ?? ' ',
  );
}
