// Every request that the server sends to an address which somebody named is marked: nothing sends HTTP but
// kernel/outgoing.ts and, to targets of load balancers, two files.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { importsOf, withoutComments } from '../scripts/walls.ts';

const SOURCES = fileURLToPath(new URL('../src', import.meta.url));
/** The command line is a client of the API; `bootstrap/` runs inside of functions. */
const CLIENTS = /^cli\/|^machines\/functions\/bootstrap\//;
const PLACES = [
  'kernel/outgoing.ts',
  // Marks its requests, too.
  'load-balancer/check-address.ts',
  // Forwards what a client sends, in the client's name.
  'load-balancer/to-address.ts',
];
const CALL =
  /(?<![\w.#]|async )fetch\(|\bhttps?\.(?:request|get)\(|\{[^{}()]*\b(?:request|get)\b[^{}()]*\}\s*=[^\n;]*http/;

function sends(file: string): boolean {
  const source = readFileSync(join(SOURCES, file), 'utf8');
  const imports = importsOf(source).filter(({ typeOnly }) => !typeOnly);
  return (
    CALL.test(withoutComments(source)) ||
    imports.some(({ specifier }) => /^node:https?2?$|^undici$/.test(specifier))
  );
}

test('the server sends HTTP from few places', () => {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.(?:m?js|ts)$/.test(file) && !/\.(?:test|fixture)\.ts$/.test(file) && !CLIENTS.test(file),
  );
  assert.deepEqual(files.filter(sends), PLACES);
});
