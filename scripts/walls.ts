// The import rules: which folder may import which, as data, and the parser that reads a file's imports.
// test/walls.test.ts fails on any other import. Paths are relative to src/.

import services from '../src/wire/generated/index.json' with { type: 'json' };

/** A rule for every file whose path begins with `inside`; the longest matching `inside` counts. */
export interface Wall {
  inside: string;
  /** Path prefixes that may be imported; its own `inside` is always allowed. */
  may: string[];
  /** Path prefixes from which only types may be imported: interfaces whose implementations main.ts passes in. */
  mayTypes?: string[];
  /** Packages other than Node's own. When absent, any. */
  packages?: string[];
  /** Text that must not occur, with the reason. */
  never?: { pattern: RegExp; because: string }[];
}

/** ARNs, regions, host names: rules without I/O, which every other folder may use. */
const AWS_NAMES = [
  ...['access-key', 'arn', 'console-address', 'filter-conditions', 'filter-rule', 'hosts'],
  ...['machine-images', 'regions', 'scope'],
].map((name) => `aws/${name}.ts`);

/** Files without I/O, which rules may use. */
const PURE = [
  'kernel/assert.ts',
  'kernel/ids.ts',
  'aws/policy-pattern.ts',
  'aws/resource-policy.ts',
  ...AWS_NAMES,
];

const PASSED_IN = [
  'engine/',
  'feed/',
  'load-balancer/',
  'network/',
  'dns/',
  'machines/',
  'wire/client.ts',
  'status.ts',
];

/** The commands for nodes, which run through the Admin that main.ts passes in. */
const ENGINE_COMMANDS = ['engine/admin.ts', 'engine/commands.ts', 'engine/resharding/index.ts'];

/** The rules of ElastiCache by noun; they may use each other. */
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

/** The rules of all folders. */
export const WALLS: Wall[] = [
  { inside: 'kernel/', may: [], packages: ['pino'] },
  ...AWS_NAMES.map((inside) => ({ inside, may: [...AWS_NAMES, 'kernel/'], packages: [] })),
  { inside: 'store/', may: ['aws/scope.ts', 'kernel/'], packages: [] },
  { inside: 'aws/', may: ['store/', 'kernel/'], packages: [] },
  { inside: 'control/', may: ['aws/', 'store/', 'kernel/'], packages: [] },
  { inside: 'engine/', may: ['kernel/'], packages: ['ioredis'] },
  {
    inside: 'network/',
    may: ['kernel/', ...AWS_NAMES],
    mayTypes: ['engine/driver.ts', 'store/store.ts'],
    packages: [],
  },
  { inside: 'drivers/local/', may: ['engine/', 'network/', 'kernel/'], packages: [] },
  { inside: 'drivers/fake/', may: ['engine/', 'kernel/'], packages: [] },
  { inside: 'dns/', may: [...AWS_NAMES, 'kernel/'], packages: ['dns2'] },
  { inside: 'machines/', may: ['kernel/'], mayTypes: ['network/network.ts'], packages: [] },
  {
    inside: 'machines/containers/',
    may: ['machines/', 'kernel/'],
    mayTypes: ['network/network.ts'],
    packages: ['tar'],
  },
  { inside: 'tls/', may: ['kernel/'], packages: ['asn1js'] },
  // The carriage of changes. Its program is a process of its own.
  {
    inside: 'feed/',
    may: ['kernel/', ...AWS_NAMES],
    packages: ['ioredis', 'mysql2', 'pg', 'yaml'],
  },
  {
    // Parsers of what an engine sends to its replicas, and of its dumps.
    inside: 'feed/engine-format/',
    may: ['feed/change.ts', 'kernel/assert.ts'],
    packages: [],
    never: [NO_CLOCK, NO_RANDOMNESS, NO_WAITING],
  },
  {
    inside: 'feed/configuration/',
    may: ['feed/change.ts', 'feed/sink.ts', 'kernel/', ...AWS_NAMES],
    packages: ['yaml'],
    never: [NO_CLOCK, NO_RANDOMNESS],
  },
  { inside: 'load-balancer/', may: ['kernel/'], mayTypes: ['network/network.ts'], packages: [] },
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
      'wire/written-json.ts',
      // For JSON that a service parses itself.
      'wire/json-bounds.ts',
      'services/manifest.ts',
      'aws/',
      'control/',
      'store/',
      'kernel/',
      ...ENGINE_COMMANDS,
      // How feeds are written down.
      'feed/configuration/',
    ],
    mayTypes: PASSED_IN,
  },
  // A service's HTTP dialect, where it differs from its model and protocol.
  {
    inside: 'services/*/http/',
    may: ['wire/', 'aws/', 'kernel/', 'services/*/faults/'],
    packages: [],
  },
  {
    inside: 'services/*/domain/',
    may: [
      ...PURE,
      'aws/tags.ts',
      'wire/fault.ts',
      'services/*/faults.ts',
      'services/*/faults/',
      'services/*/faults/',
    ],
    packages: [],
    never: [NO_CLOCK, NO_RANDOMNESS, NO_WAITING, NO_NODE],
  },
  ...ELASTICACHE_RULES.map((inside) => ({
    inside,
    may: [
      ...[...PURE, 'aws/tags.ts', 'wire/fault.ts', 'services/elasticache/faults/'],
      ...['services/elasticache/domain/', ...ELASTICACHE_RULES],
    ],
    packages: [],
    never: [NO_CLOCK, NO_RANDOMNESS, NO_WAITING, NO_NODE],
  })),
  {
    // The language of queries. The file that copies texts is the only one of the service that it needs.
    inside: 'services/logs/insights/language/',
    may: ['services/logs/segments/own-text.ts'],
    packages: [],
    never: [NO_CLOCK, NO_RANDOMNESS, NO_WAITING],
  },
  {
    // The semantics of templates. Lookups are asynchronous functions that are passed in.
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
      'machines/',
      'engine/lost-asking.ts',
      'drivers/local/',
      'network/',
      'dns/',
    ],
  },
  // It reads by the clients that main.ts passes in; how a dashboard is drawn is pure.
  {
    inside: 'console/',
    may: [
      'kernel/',
      ...AWS_NAMES,
      'wire/fault.ts',
      'services/cloudwatch/dashboards/',
      'services/cloudwatch/domain/period.ts',
    ],
    mayTypes: ['wire/client.ts'],
    packages: ['esbuild'],
  },
  // The composition root, and the list of services.
  {
    inside: '',
    may: [
      'console/',
      'kernel/',
      'feed/',
      'load-balancer/',
      'store/',
      'aws/',
      'control/',
      'engine/',
      'network/',
      'drivers/',
      'dns/',
      'machines/',
      'tls/',
      'wire/',
      'services/',
    ],
  },
  {
    inside: 'config.ts',
    may: ['kernel/', 'network/network.ts', 'network/host/choose-block.ts'],
    packages: [],
  },
  // Of a cut, only its type.
  { inside: 'status.ts', may: ['kernel/'], mayTypes: ['network/cuts/cut.ts'], packages: [] },
  // The list of services, the type of a manifest, and how services are built and stopped.
  { inside: 'services/index.ts', may: ['services/'], packages: [] },
  {
    inside: 'services/manifest.ts',
    may: [],
    mayTypes: ['services/', 'wire/', 'control/', 'store/', 'aws/', 'kernel/', ...PASSED_IN],
    packages: [],
  },
  {
    inside: 'services/services.ts',
    may: ['services/', 'wire/', 'kernel/'],
    mayTypes: ['aws/', 'control/', 'network/'],
  },
  { inside: 'services/order.ts', may: ['kernel/'], packages: [] },
];

/** Whether a file of `console/`, which runs in browsers, may import this file of `src/`. `path` begins with `src/`. */
export const isForPages = (path: string, typeOnly: boolean): boolean =>
  ['src/aws/console-address.ts', 'src/aws/regions.ts'].includes(path) ||
  (typeOnly && path === 'src/console/contract.ts');

/** One import statement or expression. */
export interface Import {
  /** As written: `../kernel/ids.ts`, `node:fs`, `ioredis`. */
  specifier: string;
  typeOnly: boolean;
}

const STATEMENT = /\b(import|export)\s+(type\s+)?(?:[\w$*{][^'";]*?\bfrom\s*)?'([^'\n]+)'/g;
const CALL = /(typeof\s+)?\bimport\(\s*'([^'\n]+)'/g;

/**
 * Every import of a file, including dynamic ones and `typeof import()`. Quotes are single: the formatter ensures that.
 */
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

/** The rule for a file; `path` is relative to src/. The service's own folder replaces each `*`. */
export function wallOf(path: string): Wall {
  const service = /^services\/([^/]+)\//.exec(path)?.[1];
  const resolved = service ? WALLS.map((wall) => forService(wall, service)) : WALLS;
  const around = resolved.filter((wall) => path.startsWith(wall.inside));
  return around.sort((a, b) => b.inside.length - a.inside.length)[0]!;
}

function forService(wall: Wall, service: string): Wall {
  const put = (prefix: string) => prefix.replace('*', service);
  // A service is closed to others: `services/` means only its own folder.
  const inside = wall.inside === 'services/' ? `services/${service}/` : put(wall.inside);
  return { ...wall, inside, may: wall.may.map(put) };
}

/** Why this import is not allowed, or `undefined`. `target` is a path relative to src/, or a package's name. */
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

/** The source without comments. Strings are kept, and with them the specifiers of imports. */
export function withoutComments(source: string): string {
  return source.replace(
    /('(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g,
    (_, kept) => kept ?? ' ',
  );
}
