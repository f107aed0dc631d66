// Every request that the server sends to an address which somebody named goes through kernel/outgoing.ts, which marks
// it: nothing else in the server sends HTTP.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { importsOf, withoutComments } from '../scripts/walls.ts';

const SOURCES = fileURLToPath(new URL('../src', import.meta.url));
/** The command line is a client of the API; `bootstrap/` runs inside of functions. */
const CLIENTS = /^cli\/|^machines\/functions\/bootstrap\//;
const THE_PLACE = 'kernel/outgoing.ts';
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

test('the server sends HTTP from one place', () => {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.(?:m?js|ts)$/.test(file) && !/\.(?:test|fixture)\.ts$/.test(file) && !CLIENTS.test(file),
  );
  assert.deepEqual(files.filter(sends), [THE_PLACE]);
});
