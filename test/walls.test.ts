// Who may import whom: reads the imports of every file under src/ and fails on one that scripts/walls.ts
// does not allow, and on files that import each other in a circle, as types or not.

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { importsOf, isForPages, objectionTo, wallOf, withoutComments } from '../scripts/walls.ts';

const SOURCE = fileURLToPath(new URL('../src', import.meta.url));

/** Tests may reach into the whole house; the walls are for what ships. */
const files = globSync('**/*.ts', { cwd: SOURCE })
  .map((path) => path.replaceAll('\\', '/'))
  // What tests are made of may build anything.
  .filter((path) => !/\.(test|fixture)\.ts$/.test(path));

function offences(path: string, source: string): string[] {
  const wall = wallOf(path);
  const imports = importsOf(source).map((found) => {
    const isPackage = !found.specifier.startsWith('.');
    const target = isPackage
      ? found.specifier.split('/', found.specifier.startsWith('@') ? 2 : 1).join('/')
      : posix.join(posix.dirname(path), found.specifier);
    return objectionTo(wall, target, found);
  });
  const code = withoutComments(source);
  const words = (wall.never ?? []).map(({ pattern, because }) =>
    pattern.test(code) ? `${pattern.source} must not occur: ${because}` : undefined,
  );
  return [...imports, ...words].filter((offence) => offence !== undefined);
}

test('every import follows the rules', () => {
  assert.ok(files.length > 0);
  const found = files.flatMap((path) =>
    offences(path, readFileSync(`${SOURCE}/${path}`, 'utf8')).map((offence) => `src/${path}: ${offence}`),
  );
  assert.deepEqual(found, []);
});

test('the pages of the console take only pure files and types of the program', () => {
  const found = globSync('console/**/*.{ts,tsx}').flatMap((path) =>
    importsOf(readFileSync(path, 'utf8'))
      .map((one) => ({ ...one, target: posix.join(posix.dirname(path), one.specifier) }))
      .filter(({ target, typeOnly }) => target.startsWith('src/') && !isForPages(target, typeOnly))
      .map(({ target }) => `${path}: ${target} is behind a wall`),
  );
  assert.deepEqual(found, []);
  assert.ok(!isForPages('src/console/answers.ts', true));
  assert.ok(!isForPages('src/console/contract.ts', false));
});

test('the rules refuse what they should refuse', () => {
  const cases: [path: string, source: string, offence: RegExp | undefined][] = [
    ['services/ec2/service.ts', `import { a } from '../elasticache/store.ts';`, /behind a wall/],
    ['services/ec2/service.ts', `import type { A } from '../elasticache/store.ts';`, /behind a wall/],
    ['services/ec2/service.ts', `import { a } from './records.ts';`, undefined],
    ['services/ec2/service.ts', `import { a } from '../../wire/service.ts';`, undefined],
    ['services/ec2/service.ts', `import { a } from '../../wire/server.ts';`, /behind a wall/],
    ['services/ec2/service.ts', `import type { Fleet } from '../../engine/fleet.ts';`, undefined],
    ['services/ec2/service.ts', `import { Fleet } from '../../engine/admin-connection.ts';`, /only types/],
    ['services/ec2/service.ts', `const a = await import('../../engine/admin-connection.ts');`, /only types/],
    ['services/ec2/domain/plan.ts', `import { a } from '../../../kernel/log.ts';`, /behind a wall/],
    ['services/ec2/domain/plan.ts', `import { a } from '../faults.ts';`, undefined],
    [
      'services/elasticache/clusters/domain/plan.ts',
      `import { a } from '../../names/domain/a.ts';`,
      undefined,
    ],
    [
      'services/elasticache/clusters/domain/plan.ts',
      `import { a } from '../../names/a.ts';`,
      /behind a wall/,
    ],
    ['services/ec2/domain/plan.ts', 'export const now = () => Date.now();', /Date/],
    ['services/ec2/domain/plan.ts', '// Date.now() is an argument here; nobody may await\n', undefined],
    ['services/cloudformation/change/tree.ts', `import { a } from '../template/node.ts';`, undefined],
    ['services/cloudformation/change/tree.ts', `import { a } from '../store.ts';`, /behind a wall/],
    ['services/cloudformation/change/tree.ts', 'export const a = await b();', /await/],
    ['services/cloudformation/template/parse.ts', `import { a } from '../change/tree.ts';`, /behind a wall/],
    ['services/cloudformation/template/parse.ts', `import { readFile } from 'node:fs';`, /nothing else/],
    ['services/cloudformation/template/parse.ts', `import { createHash } from 'node:crypto';`, undefined],
    ['services/cloudformation/template/rules.ts', 'const a = async () => await b();', undefined],
    ['services/index.ts', `import { ec2 } from './ec2/index.ts';`, undefined],
    ['services/manifest.ts', `import { ec2 } from './ec2/index.ts';`, /only types/],
    ['services/ec2/index.ts', `import { manifest } from '../manifest.ts';`, undefined],
    ['services/ec2/index.ts', `import { MANIFESTS } from '../index.ts';`, /behind a wall/],
    ['wire/front.ts', `if (name === 's3') refuseExpired(head);`, /knows no service by name/],
    ['wire/front.ts', `// S3 and its buckets may be told of\nconst a = 'ec2Query';`, undefined],
    ['services/s3/http/codec.ts', `import { restXmlBy } from '../../../wire/rest-xml.ts';`, undefined],
    ['services/s3/service.ts', `import { restXmlBy } from '../../wire/rest-xml.ts';`, /behind a wall/],
    ['engine/fleet.ts', `import { a } from '../store/store.ts';`, /behind a wall/],
    ['engine/fleet.ts', `import { a } from '../drivers/local/local-fleet.ts';`, /behind a wall/],
    ['drivers/local/local-fleet.ts', `import { a } from '../../engine/health.ts';`, undefined],
    ['drivers/local/local-fleet.ts', `import { a } from '../fake/fake-fleet.ts';`, /behind a wall/],
    ['engine/fleet.ts', `export * from '../services/ec2/view.ts';`, /behind a wall/],
    ['kernel/log.ts', `import pino from 'pino';`, undefined],
    ['store/store.ts', `import pino from 'pino';`, /package pino/],
    ['store/store.ts', `import {\n  DatabaseSync,\n  type X,\n} from 'node:sqlite';`, undefined],
    ['main.ts', `import { parseConfig } from './config.ts';`, undefined],
    ['main.ts', `import { up } from './cli/up.ts';`, /behind a wall/],
  ];
  for (const [path, source, offence] of cases) {
    const found = offences(path, source).join('; ');
    if (offence) assert.match(found, offence, `${path}: ${source}`);
    else assert.equal(found, '', `${path}: ${source}`);
  }
});

/** The files that can be reached from each other, a circle a line; types count. */
function circlesOf(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const reachable = (from: string): Set<string> => {
    const seen = new Set<string>();
    const left = [...(imports.get(from) ?? [])];
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      left.push(...(imports.get(next) ?? []));
    }
    return seen;
  };
  const reach = new Map([...imports.keys()].map((path) => [path, reachable(path)]));
  const inCircles = [...reach].filter(([path, seen]) => seen.has(path));
  const circles = inCircles.map(([path, seen]) =>
    [path, ...[...seen].filter((other) => other !== path && reach.get(other)?.has(path))].sort().join(' '),
  );
  return [...new Set(circles)].sort();
}

test('no files import each other in a circle', () => {
  const imports = new Map(
    files.map((path) => {
      const found = importsOf(readFileSync(`${SOURCE}/${path}`, 'utf8'));
      const own = found.filter(({ specifier }) => specifier.startsWith('.'));
      return [path, own.map(({ specifier }) => posix.join(posix.dirname(path), specifier))];
    }),
  );
  assert.deepEqual(circlesOf(imports), []);
  const circle = new Map([
    ['a.ts', ['b.ts']],
    ['b.ts', ['c.ts']],
    ['c.ts', ['a.ts']],
    ['d.ts', ['a.ts']],
  ]);
  assert.deepEqual(circlesOf(circle), ['a.ts b.ts c.ts']);
});
