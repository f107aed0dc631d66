// Every operation that Millpond has is used by name in a test: one that nothing asks for could stop working unnoticed.
//
// Read from the sources of the tests, by the ways in which clients name an operation: `CreateTopic`, `createTopic`,
// `CreateTopicCommand`, `create-topic`, `create_topic`. Tests that only send noise (random and hostile input, the rules
// for who may call) do not count, since they look at no answer.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { allServices } from '../scripts/generate-compatibility.ts';
import { implementedOperations } from '../src/wire/coverage.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const OF_NOISE = /random-input|^test\/hostile\/|^src\/wire\/|^test\/operations-in-tests/;
/** The AWS CLI and the SDKs name this one otherwise than its protocol does. */
const OTHER_NAMES: Record<string, readonly string[]> = {
  monitoring: ['cloudwatch'],
  logs: ['cloudwatch-logs'],
  elasticloadbalancing: ['elastic-load-balancing-v2', 'elbv2'],
};

test('each operation is used in a test of its service', async () => {
  const sources = testSources();
  const unused = implementedOperations(await allServices()).flatMap(({ service, implemented }) => {
    const ofService = sources.filter(({ path, text }) => speaksOf(service, path, text));
    const used = new Set(ofService.flatMap(({ words }) => [...words]));
    return implemented
      .filter((operation) => !spellings(operation).some((name) => used.has(name)))
      .map((operation) => `${service} ${operation}`);
  });
  assert.deepEqual(unused, []);
});

interface Source {
  path: string;
  text: string;
  words: ReadonlySet<string>;
}

function testSources(): Source[] {
  const all = ['test', 'src'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && (folder === 'test' || /\.(test|fixture)\.ts$/.test(entry.name)))
      .map((entry) => relative(ROOT, join(entry.parentPath, entry.name))),
  );
  return all
    .filter((path) => !OF_NOISE.test(path))
    .map((path) => {
      const text = readFileSync(join(ROOT, path), 'utf8');
      return { path, text, words: new Set(text.match(/[\w-]+/g)) };
    });
}

/** Whether the test uses the service: it lies in its folder, imports its client, or names it as the AWS CLI does. */
const speaksOf = (service: string, path: string, text: string): boolean =>
  [service, ...(OTHER_NAMES[service] ?? [])].some(
    (name) => path.includes(`/${name}`) || new RegExp(`client-${name}\\b|['"\\s]${name}['"\\s]`).test(text),
  );

function spellings(operation: string): string[] {
  const kebab = operation
    .replace(/([a-z\d])([A-Z])/g, '$1-$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();
  const camel = operation[0]!.toLowerCase() + operation.slice(1);
  return [operation, `${operation}Command`, camel, kebab, kebab.replaceAll('-', '_')];
}
